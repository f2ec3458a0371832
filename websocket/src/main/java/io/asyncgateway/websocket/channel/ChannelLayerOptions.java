package io.asyncgateway.websocket.channel;

import java.time.Duration;
import java.util.Objects;

/**
 * The bounds of a {@link ChannelLayer}; all of them hold for one node.
 *
 * @param capacity messages that may wait in a channel. Default 100
 * @param channelBytes bytes that may wait in a channel; one message is always taken by an empty one. Default 4 MiB
 * @param maxMessageSize bytes of a message; a larger one is refused to its sender with {@link IllegalArgumentException}. Default 1 MiB
 * @param expiry how long a message waits for a reader. Default 60 s
 * @param groupExpiry how long a channel of a node stays open, and in its groups, without a sign of life. Default 86,400 s
 * @param maxChannels channels of a node, and shared channels in use there. Default 100,000
 * @param maxGroups groups with a member on the node. Default 100,000
 * @param maxMemberships channels in groups on the node, counted once for each group. Default 1,000,000
 * @param dropListener is told of each message that is dropped. Default {@link DropListener#NONE}
 */
public record ChannelLayerOptions(
        int capacity,
        int channelBytes,
        int maxMessageSize,
        Duration expiry,
        Duration groupExpiry,
        int maxChannels,
        int maxGroups,
        int maxMemberships,
        DropListener dropListener) {
    private static final ChannelLayerOptions DEFAULTS = new ChannelLayerOptions(
            100,
            4 << 20,
            1 << 20,
            Duration.ofSeconds(60),
            Duration.ofSeconds(86_400),
            100_000,
            100_000,
            1_000_000,
            DropListener.NONE);

    /** Validates each value. */
    public ChannelLayerOptions {
        Check.range("capacity", capacity, 1, 1_000_000);
        Check.range("channelBytes", channelBytes, 1, Integer.MAX_VALUE);
        Check.range("maxMessageSize", maxMessageSize, 1, 256 << 20);
        Check.duration("expiry", expiry);
        Check.duration("groupExpiry", groupExpiry);
        Check.range("maxChannels", maxChannels, 1, Integer.MAX_VALUE);
        Check.range("maxGroups", maxGroups, 1, Integer.MAX_VALUE);
        Check.range("maxMemberships", maxMemberships, 1, Integer.MAX_VALUE);
        Objects.requireNonNull(dropListener, "dropListener");
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static ChannelLayerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #capacity()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ChannelLayerOptions withCapacity(int value) {
        return new ChannelLayerOptions(
                value,
                channelBytes,
                maxMessageSize,
                expiry,
                groupExpiry,
                maxChannels,
                maxGroups,
                maxMemberships,
                dropListener);
    }

    /**
     * The same with another {@link #channelBytes()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ChannelLayerOptions withChannelBytes(int value) {
        return new ChannelLayerOptions(
                capacity,
                value,
                maxMessageSize,
                expiry,
                groupExpiry,
                maxChannels,
                maxGroups,
                maxMemberships,
                dropListener);
    }

    /**
     * The same with another {@link #maxMessageSize()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ChannelLayerOptions withMaxMessageSize(int value) {
        return new ChannelLayerOptions(
                capacity,
                channelBytes,
                value,
                expiry,
                groupExpiry,
                maxChannels,
                maxGroups,
                maxMemberships,
                dropListener);
    }

    /**
     * The same with another {@link #expiry()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ChannelLayerOptions withExpiry(Duration value) {
        return new ChannelLayerOptions(
                capacity,
                channelBytes,
                maxMessageSize,
                value,
                groupExpiry,
                maxChannels,
                maxGroups,
                maxMemberships,
                dropListener);
    }

    /**
     * The same with another {@link #groupExpiry()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ChannelLayerOptions withGroupExpiry(Duration value) {
        return new ChannelLayerOptions(
                capacity,
                channelBytes,
                maxMessageSize,
                expiry,
                value,
                maxChannels,
                maxGroups,
                maxMemberships,
                dropListener);
    }

    /**
     * The same with another {@link #maxChannels()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ChannelLayerOptions withMaxChannels(int value) {
        return new ChannelLayerOptions(
                capacity,
                channelBytes,
                maxMessageSize,
                expiry,
                groupExpiry,
                value,
                maxGroups,
                maxMemberships,
                dropListener);
    }

    /**
     * The same with another {@link #maxGroups()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ChannelLayerOptions withMaxGroups(int value) {
        return new ChannelLayerOptions(
                capacity,
                channelBytes,
                maxMessageSize,
                expiry,
                groupExpiry,
                maxChannels,
                value,
                maxMemberships,
                dropListener);
    }

    /**
     * The same with another {@link #maxMemberships()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ChannelLayerOptions withMaxMemberships(int value) {
        return new ChannelLayerOptions(
                capacity,
                channelBytes,
                maxMessageSize,
                expiry,
                groupExpiry,
                maxChannels,
                maxGroups,
                value,
                dropListener);
    }

    /**
     * The same with another {@link #dropListener()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ChannelLayerOptions withDropListener(DropListener value) {
        return new ChannelLayerOptions(
                capacity,
                channelBytes,
                maxMessageSize,
                expiry,
                groupExpiry,
                maxChannels,
                maxGroups,
                maxMemberships,
                value);
    }
}

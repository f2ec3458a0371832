package io.asyncgateway.websocket.channel;

import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A {@link ChannelLayer} with messages of a type, made by {@link ChannelLayer#typed}. Everything else (names, life of channels, stats) is
 * done at the layer itself.
 *
 * <p>A value that can't be written fails its send with {@link CodecException}. Bytes that can't be read fail the receiver with it; that one message is
 * taken out of the channel.
 *
 * @param <T> type of the messages
 */
public final class TypedChannelLayer<T> {
    private final ChannelLayer layer;
    private final Codec<T> codec;

    TypedChannelLayer(ChannelLayer layer, Codec<T> codec) {
        this.layer = layer;
        this.codec = Objects.requireNonNull(codec, "codec");
    }

    /**
     * The layer itself.
     *
     * @return what this is a view of
     */
    public ChannelLayer layer() {
        return layer;
    }

    /**
     * Puts a message into a channel.
     *
     * @param channel the channel
     * @param message the message, which is written when the send is subscribed
     * @return as {@link ChannelLayer#send}
     */
    public Mono<Void> send(String channel, T message) {
        return Mono.defer(() -> layer.send(channel, codec.encode(message)));
    }

    /**
     * Puts a message into all channels of a group.
     *
     * @param group the group
     * @param message the message, which is written once, when the send is subscribed
     * @return as {@link ChannelLayer#groupSend}
     */
    public Mono<Void> groupSend(String group, T message) {
        return Mono.defer(() -> layer.groupSend(group, codec.encode(message)));
    }

    /**
     * Takes the next message of a channel.
     *
     * @param channel the channel
     * @return as {@link ChannelLayer#receive}
     */
    public Mono<T> receive(String channel) {
        return layer.receive(channel).map(codec::decode);
    }

    /**
     * Takes the messages of a channel as they come.
     *
     * @param channel the channel
     * @return as {@link ChannelLayer#messages}
     */
    public Flux<T> messages(String channel) {
        return layer.messages(channel).map(codec::decode);
    }
}

package io.asyncgateway.websocket.channel;

/** The channel of a node is closed, or its node is gone: nobody will ever receive from it again. Has no stack trace. */
public final class ChannelClosedException extends ChannelLayerException {
    private static final long serialVersionUID = 1L;

    /** The channel. */
    private final String channel;

    /**
     * A closed channel.
     *
     * @param channel its name
     */
    public ChannelClosedException(String channel) {
        super("channel " + channel + " is closed", null, false);
        this.channel = channel;
    }

    /**
     * Which channel it is.
     *
     * @return its name
     */
    public String channel() {
        return channel;
    }
}

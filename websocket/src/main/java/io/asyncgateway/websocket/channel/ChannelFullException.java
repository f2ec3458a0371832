package io.asyncgateway.websocket.channel;

/** The channel has as many messages, or bytes, waiting as it may. The message was not sent; it may be tried again later. Has no stack trace. */
public final class ChannelFullException extends ChannelLayerException {
    private static final long serialVersionUID = 1L;

    /** The channel. */
    private final String channel;

    /**
     * A full channel.
     *
     * @param channel its name
     */
    public ChannelFullException(String channel) {
        super("channel " + channel + " is full", null, false);
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

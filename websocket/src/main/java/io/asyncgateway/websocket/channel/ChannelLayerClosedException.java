package io.asyncgateway.websocket.channel;

/** The layer was closed. Has no stack trace. */
public final class ChannelLayerClosedException extends ChannelLayerException {
    private static final long serialVersionUID = 1L;

    /** The one kind there is. */
    public ChannelLayerClosedException() {
        super("the channel layer is closed", null, false);
    }
}

package io.asyncgateway.websocket.channel;

/**
 * The broker could not be reached or did not answer in time. The message counts as lost, but may have been delivered all the same: a sender that tries
 * again accepts that it may arrive twice. Has no stack trace of its own.
 */
public final class ChannelLayerUnavailableException extends ChannelLayerException {
    private static final long serialVersionUID = 1L;

    /**
     * An outage.
     *
     * @param message what was tried
     * @param cause what the client of the broker said
     */
    public ChannelLayerUnavailableException(String message, Throwable cause) {
        super(
                message + ": "
                        + (cause.getMessage() != null
                                ? cause.getMessage()
                                : cause.getClass().getSimpleName()),
                cause,
                false);
    }
}

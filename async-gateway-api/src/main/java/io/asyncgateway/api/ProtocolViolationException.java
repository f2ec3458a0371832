package io.asyncgateway.api;

/** The application broke the contract: an event out of order, a second pull or send at the same time, more bytes than announced. */
public final class ProtocolViolationException extends GatewayException {
    private static final long serialVersionUID = 1L;

    /**
     * A violation.
     *
     * @param message what was done and what was expected
     */
    public ProtocolViolationException(String message) {
        super(message, null, true);
    }
}

package io.asyncgateway.api;

/**
 * The peer's request can't be served as it is: malformed, too large, too slow. {@link Receive} fails with it where the server
 * finds out while the body is read; helpers and applications may make their own. Let through by the application before its response has
 * begun, it is answered with its status and a small plain body that has nothing of the message in it; it is never logged as an error.
 */
public final class RequestException extends GatewayException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * A failure with a status.
     *
     * @param status 400 to 499
     * @param message for the log: what was wrong and what was expected; never sent to the peer
     */
    public RequestException(int status, String message) {
        super(message, null, false);
        if (status < 400 || status > 499) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400-499)");
        }
        this.status = status;
    }

    /**
     * The status that answers the request.
     *
     * @return 400 to 499
     */
    public int status() {
        return status;
    }
}

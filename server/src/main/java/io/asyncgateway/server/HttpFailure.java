package io.asyncgateway.server;

/**
 * The request can't be served as it is, found out by the codec: malformed, too large, too slow, not implemented. Its status is answered and the
 * connection closed, since where the next request would begin is not known. Has no stack trace.
 */
final class HttpFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    HttpFailure(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}

package io.asyncgateway.server;

/** The peer broke a rule of HTTP/3: its stream is reset, or its connection ends (RFC 9114 section 8). Has no stack trace. */
final class Http3Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Http3Error error;
    private final boolean ofConnection;

    private Http3Failure(Http3Error error, boolean ofConnection, String message) {
        super(message, null, false, false);
        this.error = error;
        this.ofConnection = ofConnection;
    }

    static Http3Failure ofConnection(Http3Error error, String message) {
        return new Http3Failure(error, true, message);
    }

    static Http3Failure ofStream(Http3Error error, String message) {
        return new Http3Failure(error, false, message);
    }

    Http3Error error() {
        return error;
    }

    boolean isOfConnection() {
        return ofConnection;
    }
}

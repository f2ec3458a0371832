package io.asyncgateway.server;

/** The peer broke a rule or a limit of HTTP/2, which ends the stream or the connection (RFC 9113 section 5.4). Has no stack trace. */
final class Http2Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Http2Error error;
    private final int streamId;

    private Http2Failure(Http2Error error, int streamId, String message) {
        super(message, null, false, false);
        this.error = error;
        this.streamId = streamId;
    }

    static Http2Failure ofConnection(Http2Error error, String message) {
        return new Http2Failure(error, 0, message);
    }

    static Http2Failure ofStream(int streamId, Http2Error error, String message) {
        return new Http2Failure(error, streamId, message);
    }

    Http2Error error() {
        return error;
    }

    boolean isOfConnection() {
        return streamId == 0;
    }

    int streamId() {
        return streamId;
    }
}

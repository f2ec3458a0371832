package io.asyncgateway.server;

/** The error codes of RFC 9113 section 7. */
enum Http2Error {
    NO_ERROR(0),
    PROTOCOL_ERROR(1),
    INTERNAL_ERROR(2),
    FLOW_CONTROL_ERROR(3),
    STREAM_CLOSED(5),
    FRAME_SIZE_ERROR(6),
    REFUSED_STREAM(7),
    CANCEL(8),
    COMPRESSION_ERROR(9),
    ENHANCE_YOUR_CALM(11);

    private final int code;

    Http2Error(int code) {
        this.code = code;
    }

    /** As on the wire. */
    int code() {
        return code;
    }
}

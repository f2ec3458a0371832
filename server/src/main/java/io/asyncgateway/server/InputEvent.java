package io.asyncgateway.server;

/** What the codec tells {@link Http1Connection} of its input beside messages, as a Netty user event. */
enum InputEvent {
    /** The client speaks HTTP/2; in the place of a message. */
    HTTP_2,
    /** The peer closed its direction; what it sent before is still to be handled. */
    HALF_CLOSED,
    /** A next request was asked for, and there will be none: the peer closed its direction between two requests. */
    END,
    /** The peer closed its direction within a request. */
    TRUNCATED,
    /** A next request was asked for, and did not begin in time. */
    IDLE
}

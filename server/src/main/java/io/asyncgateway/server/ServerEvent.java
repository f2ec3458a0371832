package io.asyncgateway.server;

/** What the server tells each of its connections, as a Netty user event from the head of the pipeline. */
enum ServerEvent {
    /** Finish: no further request, and a WebSocket is closed. */
    DRAIN,
    /** Stop now: what is in flight is aborted. */
    FORCE
}

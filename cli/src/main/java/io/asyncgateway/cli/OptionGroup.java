package io.asyncgateway.cli;

/** The headings of the help and of the documentation, in their order. */
enum OptionGroup {
    APPLICATION("Application"),
    ADDRESSES("Addresses and sockets"),
    TLS("TLS"),
    PROXIES("Behind a proxy"),
    HTTP("HTTP"),
    HTTP2("HTTP/2"),
    HTTP3("HTTP/3"),
    WEBSOCKET("WebSocket"),
    WORKERS("Worker threads, for blocking applications and servlets"),
    LIMITS("Limits"),
    TIMEOUTS("Timeouts"),
    LOGGING("Logging"),
    GENERAL("General");

    private final String heading;

    OptionGroup(String heading) {
        this.heading = heading;
    }

    String heading() {
        return heading;
    }
}

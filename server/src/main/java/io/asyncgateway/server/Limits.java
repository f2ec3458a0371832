package io.asyncgateway.server;

/**
 * What a peer may make the server hold or do. Everything that could grow has its bound here.
 *
 * @param requestLine bytes of a request line; past it 414. Default 8 KiB
 * @param headerSection bytes of one header (or trailer) section; past it 431. Default 32 KiB
 * @param headerFields fields of one header (or trailer) section; past it 431. Default 100
 * @param bodySize bytes of a request body; past it 413. Default: no limit ({@link Long#MAX_VALUE})
 * @param bodyRate bytes per second, the least that must come of a body that the application waits for, on average over {@link Timeouts#bodyGap()}; past it 408. 0 for no limit. Default 240
 * @param responseRate bytes per second, the least that the peer must take while any wait for it, on average over {@link Timeouts#responseGap()}; past it the connection is closed. 0 for no limit. Default 240
 * @param unreadBody bytes of a body that the application left unread which are read and thrown away to keep the connection; past it the connection closes after the response (the stream is reset, or its sending side stopped, where there are streams). Default 256 KiB
 * @param inboundWindow bytes that are read ahead of the application on one connection, pipelined requests among them; past it reading from the socket stops. One read of the socket may come on top. Default 64 KiB
 * @param outboundWindow bytes that wait for a slow peer before {@code send} stops completing at once. One event of the application may come on top. Default 64 KiB
 * @param concurrentExchanges exchanges (requests and WebSockets) at the same time; past it 503 with Retry-After. Default 10,000
 * @param connections open connections; past it the server stops accepting until one closes. Default 65,536
 */
public record Limits(
        int requestLine,
        int headerSection,
        int headerFields,
        long bodySize,
        int bodyRate,
        int responseRate,
        int unreadBody,
        int inboundWindow,
        int outboundWindow,
        int concurrentExchanges,
        int connections) {
    private static final Limits DEFAULTS = new Limits(
            8 * 1024, 32 * 1024, 100, Long.MAX_VALUE, 240, 240, 256 * 1024, 64 * 1024, 64 * 1024, 10_000, 65_536);

    /** Validates each value. */
    public Limits {
        Check.range("requestLine", requestLine, 64, 1 << 20);
        Check.range("headerSection", headerSection, 64, 1 << 24);
        Check.range("headerFields", headerFields, 1, 100000);
        Check.range("bodySize", bodySize, 0, Long.MAX_VALUE);
        Check.range("bodyRate", bodyRate, 0, 1 << 20);
        Check.range("responseRate", responseRate, 0, 1 << 20);
        Check.range("unreadBody", unreadBody, 0, 1 << 30);
        Check.range("inboundWindow", inboundWindow, 1024, 1 << 30);
        Check.range("outboundWindow", outboundWindow, 1024, 1 << 30);
        Check.range("concurrentExchanges", concurrentExchanges, 1, Integer.MAX_VALUE);
        Check.range("connections", connections, 1, Integer.MAX_VALUE);
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #requestLine()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withRequestLine(int value) {
        return new Limits(
                value,
                headerSection,
                headerFields,
                bodySize,
                bodyRate,
                responseRate,
                unreadBody,
                inboundWindow,
                outboundWindow,
                concurrentExchanges,
                connections);
    }

    /**
     * The same with another {@link #headerSection()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withHeaderSection(int value) {
        return new Limits(
                requestLine,
                value,
                headerFields,
                bodySize,
                bodyRate,
                responseRate,
                unreadBody,
                inboundWindow,
                outboundWindow,
                concurrentExchanges,
                connections);
    }

    /**
     * The same with another {@link #headerFields()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withHeaderFields(int value) {
        return new Limits(
                requestLine,
                headerSection,
                value,
                bodySize,
                bodyRate,
                responseRate,
                unreadBody,
                inboundWindow,
                outboundWindow,
                concurrentExchanges,
                connections);
    }

    /**
     * The same with another {@link #bodySize()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withBodySize(long value) {
        return new Limits(
                requestLine,
                headerSection,
                headerFields,
                value,
                bodyRate,
                responseRate,
                unreadBody,
                inboundWindow,
                outboundWindow,
                concurrentExchanges,
                connections);
    }

    /**
     * The same with another {@link #bodyRate()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withBodyRate(int value) {
        return new Limits(
                requestLine,
                headerSection,
                headerFields,
                bodySize,
                value,
                responseRate,
                unreadBody,
                inboundWindow,
                outboundWindow,
                concurrentExchanges,
                connections);
    }

    /**
     * The same with another {@link #responseRate()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withResponseRate(int value) {
        return new Limits(
                requestLine,
                headerSection,
                headerFields,
                bodySize,
                bodyRate,
                value,
                unreadBody,
                inboundWindow,
                outboundWindow,
                concurrentExchanges,
                connections);
    }

    /**
     * The same with another {@link #unreadBody()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withUnreadBody(int value) {
        return new Limits(
                requestLine,
                headerSection,
                headerFields,
                bodySize,
                bodyRate,
                responseRate,
                value,
                inboundWindow,
                outboundWindow,
                concurrentExchanges,
                connections);
    }

    /**
     * The same with another {@link #inboundWindow()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withInboundWindow(int value) {
        return new Limits(
                requestLine,
                headerSection,
                headerFields,
                bodySize,
                bodyRate,
                responseRate,
                unreadBody,
                value,
                outboundWindow,
                concurrentExchanges,
                connections);
    }

    /**
     * The same with another {@link #outboundWindow()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withOutboundWindow(int value) {
        return new Limits(
                requestLine,
                headerSection,
                headerFields,
                bodySize,
                bodyRate,
                responseRate,
                unreadBody,
                inboundWindow,
                value,
                concurrentExchanges,
                connections);
    }

    /**
     * The same with another {@link #concurrentExchanges()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withConcurrentExchanges(int value) {
        return new Limits(
                requestLine,
                headerSection,
                headerFields,
                bodySize,
                bodyRate,
                responseRate,
                unreadBody,
                inboundWindow,
                outboundWindow,
                value,
                connections);
    }

    /**
     * The same with another {@link #connections()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Limits withConnections(int value) {
        return new Limits(
                requestLine,
                headerSection,
                headerFields,
                bodySize,
                bodyRate,
                responseRate,
                unreadBody,
                inboundWindow,
                outboundWindow,
                concurrentExchanges,
                value);
    }
}

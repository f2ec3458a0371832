package io.asyncgateway.server;

import java.time.Duration;

/**
 * How long the server waits, for what. {@link Duration#ZERO} means no limit where it is allowed.
 *
 * @param requestHead for the whole head of a request, from the opening of the connection or the first byte; past it 408. Default 10 s
 * @param bodyGap for the next bytes of a body that the application waits for; past it 408. A body that comes too slowly uses it up ({@link Limits#bodyRate()}). Default 30 s
 * @param responseGap for the peer to take any of the bytes that wait for it, or enough of them ({@link Limits#responseRate()}); past it the connection is closed. Default 60 s
 * @param request from the head of a request to the end of its response, the deadline of the scope; past it 504 or an abort. WebSockets have none. Default: no limit
 * @param keepAlive between two requests of a connection; past it the connection closes. Default 5 s
 * @param halfClosed a peer that closed its own direction after a whole request is still answered; it counts as gone when it has taken no bytes for this long. Default 5 s
 * @param linger for the peer to read a last response and close, when the server closes with bytes unread; on HTTP/2 and HTTP/3 for the rest of a request that was answered before its end; on HTTP/3 also for a reset to arrive. Default 2 s
 * @param disconnectGrace for an application to end by itself after its peer is gone; then its subscription is cancelled. Default 3 s
 * @param gracefulShutdown for the exchanges in flight at a shutdown; then they are aborted. Default 30 s
 */
public record Timeouts(
        Duration requestHead,
        Duration bodyGap,
        Duration responseGap,
        Duration request,
        Duration keepAlive,
        Duration halfClosed,
        Duration linger,
        Duration disconnectGrace,
        Duration gracefulShutdown) {
    private static final Timeouts DEFAULTS = new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(30));

    /** Validates each value. */
    public Timeouts {
        Check.positive("requestHead", requestHead);
        Check.positive("bodyGap", bodyGap);
        Check.positive("responseGap", responseGap);
        Check.notNegative("request", request);
        Check.positive("keepAlive", keepAlive);
        Check.positive("halfClosed", halfClosed);
        Check.positive("linger", linger);
        Check.notNegative("disconnectGrace", disconnectGrace);
        Check.notNegative("gracefulShutdown", gracefulShutdown);
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static Timeouts defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #requestHead()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Timeouts withRequestHead(Duration value) {
        return new Timeouts(
                value, bodyGap, responseGap, request, keepAlive, halfClosed, linger, disconnectGrace, gracefulShutdown);
    }

    /**
     * The same with another {@link #bodyGap()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Timeouts withBodyGap(Duration value) {
        return new Timeouts(
                requestHead,
                value,
                responseGap,
                request,
                keepAlive,
                halfClosed,
                linger,
                disconnectGrace,
                gracefulShutdown);
    }

    /**
     * The same with another {@link #responseGap()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Timeouts withResponseGap(Duration value) {
        return new Timeouts(
                requestHead, bodyGap, value, request, keepAlive, halfClosed, linger, disconnectGrace, gracefulShutdown);
    }

    /**
     * The same with another {@link #request()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Timeouts withRequest(Duration value) {
        return new Timeouts(
                requestHead,
                bodyGap,
                responseGap,
                value,
                keepAlive,
                halfClosed,
                linger,
                disconnectGrace,
                gracefulShutdown);
    }

    /**
     * The same with another {@link #keepAlive()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Timeouts withKeepAlive(Duration value) {
        return new Timeouts(
                requestHead,
                bodyGap,
                responseGap,
                request,
                value,
                halfClosed,
                linger,
                disconnectGrace,
                gracefulShutdown);
    }

    /**
     * The same with another {@link #halfClosed()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Timeouts withHalfClosed(Duration value) {
        return new Timeouts(
                requestHead,
                bodyGap,
                responseGap,
                request,
                keepAlive,
                value,
                linger,
                disconnectGrace,
                gracefulShutdown);
    }

    /**
     * The same with another {@link #linger()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Timeouts withLinger(Duration value) {
        return new Timeouts(
                requestHead,
                bodyGap,
                responseGap,
                request,
                keepAlive,
                halfClosed,
                value,
                disconnectGrace,
                gracefulShutdown);
    }

    /**
     * The same with another {@link #disconnectGrace()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Timeouts withDisconnectGrace(Duration value) {
        return new Timeouts(
                requestHead, bodyGap, responseGap, request, keepAlive, halfClosed, linger, value, gracefulShutdown);
    }

    /**
     * The same with another {@link #gracefulShutdown()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Timeouts withGracefulShutdown(Duration value) {
        return new Timeouts(
                requestHead, bodyGap, responseGap, request, keepAlive, halfClosed, linger, disconnectGrace, value);
    }
}

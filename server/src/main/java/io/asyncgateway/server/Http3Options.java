package io.asyncgateway.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How HTTP/3 is served (RFC 9114), and what a peer may make the server do on one connection of it.
 *
 * @param enabled whether HTTP/3 is served. Needs TLS, and {@code io.netty:netty-codec-native-quic} for the platform on the class path. Default false
 * @param addresses the UDP addresses to listen on; empty for the same hosts and ports as those of TCP. Port 0 for any free one. Default empty
 * @param maxConcurrentStreams exchanges of one connection at the same time; past it the peer has to wait. Default 100
 * @param streamWindow bytes of the body of one request that the peer may send ahead of the application, at the beginning; for one that reads fast the transport lets it become larger. Default 64 KiB
 * @param connectionWindow the same of all bodies of one connection, and at least as much as all its streams may have, so that bodies that nobody reads do not hold up others. Default 1 MiB, which is less
 * @param floodWindow in which the next three are counted. Default 10 s
 * @param resets streams that the peer resets, or that it makes the server reset or refuse, in a {@link #floodWindow}; past it the connection ends with H3_EXCESSIVE_LOAD. Default 200
 * @param emptyFrames frames that bring nothing in a {@link #floodWindow}: DATA without octets, unknown ones, those of the control stream; past it the same. Default 1,000
 * @param unidirectionalStreams unidirectional streams that the peer opens in a {@link #floodWindow}; past it the same. Default 50
 * @param idleTimeout without a packet from the peer (RFC 9000 section 10.1), and without a request; past it the connection closes. Default 75 s
 * @param goAwayGrace between the announcement that the connection will close and the last stream that is taken. Default 500 ms
 * @param handshakesWithoutRetry handshakes at the same time whose clients are believed to be where they say they are; past it each further one has to prove it with a Retry (RFC 9000 section 8.1.2), which costs it a round trip. 0 for always. Default 100
 * @param altSvcMaxAge for how long a client that came over TCP may remember from {@code alt-svc} that HTTP/3 is served (RFC 7838); zero for no such field. Default 24 h
 */
public record Http3Options(
        boolean enabled,
        List<InetSocketAddress> addresses,
        int maxConcurrentStreams,
        int streamWindow,
        int connectionWindow,
        Duration floodWindow,
        int resets,
        int emptyFrames,
        int unidirectionalStreams,
        Duration idleTimeout,
        Duration goAwayGrace,
        int handshakesWithoutRetry,
        Duration altSvcMaxAge) {
    private static final Http3Options DEFAULTS = new Http3Options(
            false,
            List.of(),
            100,
            64 * 1024,
            1024 * 1024,
            Duration.ofSeconds(10),
            200,
            1_000,
            50,
            Duration.ofSeconds(75),
            Duration.ofMillis(500),
            100,
            Duration.ofHours(24));

    /** Validates each value and copies the list. */
    public Http3Options {
        addresses = List.copyOf(addresses);
        Check.range("maxConcurrentStreams", maxConcurrentStreams, 1, Integer.MAX_VALUE);
        Check.range("streamWindow", streamWindow, 1024, Integer.MAX_VALUE);
        Check.range("connectionWindow", connectionWindow, 16384, Integer.MAX_VALUE);
        Check.positive("floodWindow", floodWindow);
        Check.range("resets", resets, 1, Integer.MAX_VALUE);
        Check.range("emptyFrames", emptyFrames, 1, Integer.MAX_VALUE);
        Check.range("unidirectionalStreams", unidirectionalStreams, 3, Integer.MAX_VALUE);
        Check.positive("idleTimeout", idleTimeout);
        Check.positive("goAwayGrace", goAwayGrace);
        Check.range("handshakesWithoutRetry", handshakesWithoutRetry, 0, Integer.MAX_VALUE);
        Check.notNegative("altSvcMaxAge", altSvcMaxAge);
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static Http3Options defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #enabled()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public Http3Options withEnabled(boolean value) {
        return new Http3Options(
                value,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                floodWindow,
                resets,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with other {@link #addresses()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public Http3Options withAddresses(List<InetSocketAddress> value) {
        return new Http3Options(
                enabled,
                value,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                floodWindow,
                resets,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #maxConcurrentStreams()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withMaxConcurrentStreams(int value) {
        return new Http3Options(
                enabled,
                addresses,
                value,
                streamWindow,
                connectionWindow,
                floodWindow,
                resets,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #streamWindow()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withStreamWindow(int value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                value,
                connectionWindow,
                floodWindow,
                resets,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #connectionWindow()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withConnectionWindow(int value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                value,
                floodWindow,
                resets,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #floodWindow()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withFloodWindow(Duration value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                value,
                resets,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #resets()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withResets(int value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                floodWindow,
                value,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #emptyFrames()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withEmptyFrames(int value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                floodWindow,
                resets,
                value,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #unidirectionalStreams()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withUnidirectionalStreams(int value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                floodWindow,
                resets,
                emptyFrames,
                value,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #idleTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withIdleTimeout(Duration value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                floodWindow,
                resets,
                emptyFrames,
                unidirectionalStreams,
                value,
                goAwayGrace,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #goAwayGrace()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withGoAwayGrace(Duration value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                floodWindow,
                resets,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                value,
                handshakesWithoutRetry,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #handshakesWithoutRetry()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withHandshakesWithoutRetry(int value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                floodWindow,
                resets,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                value,
                altSvcMaxAge);
    }

    /**
     * The same with another {@link #altSvcMaxAge()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http3Options withAltSvcMaxAge(Duration value) {
        return new Http3Options(
                enabled,
                addresses,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                floodWindow,
                resets,
                emptyFrames,
                unidirectionalStreams,
                idleTimeout,
                goAwayGrace,
                handshakesWithoutRetry,
                value);
    }
}

package io.asyncgateway.server;

import java.time.Duration;

/**
 * How HTTP/2 is served (RFC 9113), and what a peer may make the server do on one connection of it.
 *
 * @param enabled whether HTTP/2 is served: by ALPN, by prior knowledge and by Upgrade (RFC 7540 section 3.2). Default true
 * @param maxConcurrentStreams exchanges of one connection at the same time; past it a stream is refused. Default 100
 * @param streamWindow bytes of the body of one request that the peer may send ahead of the application. Default 64 KiB
 * @param connectionWindow bytes of all bodies of one connection that may be on their way; what has arrived counts against {@link #streamWindow} alone, so that a slow stream does not hold back the others. Default 1 MiB
 * @param maxFrameSize bytes of the payload of one received frame; past it the connection ends with FRAME_SIZE_ERROR. Default 16 KiB
 * @param headerTableSize bytes of the table of fields that the peer may refer to (RFC 7541 section 4). Default 4 KiB
 * @param continuationFrames CONTINUATION frames of one field block; past it the connection ends with ENHANCE_YOUR_CALM, as it does past four times {@link Limits#headerSection()}. Default 32
 * @param floodWindow in which the next four are counted. Default 10 s
 * @param resets streams that the peer resets, or that it makes the server reset, refuse or (behind the last GOAWAY) ignore, in a {@link #floodWindow}; past it the connection ends with ENHANCE_YOUR_CALM. Default 200
 * @param pings PING frames in a {@link #floodWindow}; past it the same. Default 1,000
 * @param settings SETTINGS frames in a {@link #floodWindow}; past it the same. Default 100
 * @param emptyFrames frames that bring nothing in a {@link #floodWindow}: DATA without octets, HEADERS on a stream that was reset, WINDOW_UPDATE out of proportion to what was sent, PRIORITY, unknown ones; past it the same. Default 1,000
 * @param keepAlive without a stream; past it the connection closes. Default 75 s
 * @param goAwayGrace between the announcement that the connection will close and the last stream that is taken, unless the peer is heard before. Default 1 s
 */
public record Http2Options(
        boolean enabled,
        int maxConcurrentStreams,
        int streamWindow,
        int connectionWindow,
        int maxFrameSize,
        int headerTableSize,
        int continuationFrames,
        Duration floodWindow,
        int resets,
        int pings,
        int settings,
        int emptyFrames,
        Duration keepAlive,
        Duration goAwayGrace) {
    private static final Http2Options DEFAULTS = new Http2Options(
            true,
            100,
            64 * 1024,
            1024 * 1024,
            16 * 1024,
            4096,
            32,
            Duration.ofSeconds(10),
            200,
            1_000,
            100,
            1_000,
            Duration.ofSeconds(75),
            Duration.ofSeconds(1));

    /** Validates each value. */
    public Http2Options {
        Check.range("maxConcurrentStreams", maxConcurrentStreams, 1, Integer.MAX_VALUE);
        Check.range("streamWindow", streamWindow, 1024, Integer.MAX_VALUE);
        Check.range("connectionWindow", connectionWindow, 65535, Integer.MAX_VALUE);
        Check.range("maxFrameSize", maxFrameSize, 16384, 16777215);
        Check.range("headerTableSize", headerTableSize, 0, 65536);
        Check.range("continuationFrames", continuationFrames, 0, 100000);
        Check.positive("floodWindow", floodWindow);
        Check.range("resets", resets, 1, Integer.MAX_VALUE);
        Check.range("pings", pings, 1, Integer.MAX_VALUE);
        Check.range("settings", settings, 1, Integer.MAX_VALUE);
        Check.range("emptyFrames", emptyFrames, 1, Integer.MAX_VALUE);
        Check.positive("keepAlive", keepAlive);
        Check.positive("goAwayGrace", goAwayGrace);
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static Http2Options defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #enabled()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public Http2Options withEnabled(boolean value) {
        return new Http2Options(
                value,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #maxConcurrentStreams()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withMaxConcurrentStreams(int value) {
        return new Http2Options(
                enabled,
                value,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #streamWindow()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withStreamWindow(int value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                value,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #connectionWindow()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withConnectionWindow(int value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                value,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #maxFrameSize()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withMaxFrameSize(int value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                value,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #headerTableSize()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withHeaderTableSize(int value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                value,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #continuationFrames()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withContinuationFrames(int value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                value,
                floodWindow,
                resets,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #floodWindow()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withFloodWindow(Duration value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                value,
                resets,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #resets()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withResets(int value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                value,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #pings()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withPings(int value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                value,
                settings,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #settings()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withSettings(int value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                value,
                emptyFrames,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #emptyFrames()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withEmptyFrames(int value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                settings,
                value,
                keepAlive,
                goAwayGrace);
    }

    /**
     * The same with another {@link #keepAlive()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withKeepAlive(Duration value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                settings,
                emptyFrames,
                value,
                goAwayGrace);
    }

    /**
     * The same with another {@link #goAwayGrace()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Http2Options withGoAwayGrace(Duration value) {
        return new Http2Options(
                enabled,
                maxConcurrentStreams,
                streamWindow,
                connectionWindow,
                maxFrameSize,
                headerTableSize,
                continuationFrames,
                floodWindow,
                resets,
                pings,
                settings,
                emptyFrames,
                keepAlive,
                value);
    }
}

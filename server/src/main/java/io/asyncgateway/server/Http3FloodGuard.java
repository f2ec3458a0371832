package io.asyncgateway.server;

import io.netty.util.concurrent.Ticker;

/** Counts what a peer may do, but not without end: past a limit in a window of time its connection ends. Confined to its event loop. */
final class Http3FloodGuard {
    /** What is counted. */
    enum Kind {
        /** A stream that the peer reset, or that it made the server reset or refuse. */
        RESET,
        /** A frame that brings nothing. */
        EMPTY,
        /** A unidirectional stream. */
        STREAM
    }

    /** Octets of an unknown frame that count like another frame. */
    private static final int SKIPPED = 16 * 1024;

    private final Http3Options options;
    private final Ticker clock;
    private final long window;
    private long windowEnd;
    private int resets;
    private int empty;
    private int streams;
    private int skipped;

    Http3FloodGuard(Http3Options options, Ticker clock) {
        this.options = options;
        this.clock = clock;
        this.window = options.floodWindow().toNanos();
        this.windowEnd = clock.nanoTime() + window;
    }

    /** Counts octets that bring nothing, for one frame may have any number of them. */
    void skipped(int octets) throws Http3Failure {
        skipped += octets;
        for (; skipped >= SKIPPED; skipped -= SKIPPED) {
            count(Kind.EMPTY);
        }
    }

    void count(Kind kind) throws Http3Failure {
        long now = clock.nanoTime();
        if (now - windowEnd >= 0) {
            windowEnd = now + window;
            resets = empty = streams = 0;
        }
        boolean within =
                switch (kind) {
                    case RESET -> ++resets <= options.resets();
                    case EMPTY -> ++empty <= options.emptyFrames();
                    case STREAM -> ++streams <= options.unidirectionalStreams();
                };
        if (!within) {
            throw Http3Failure.ofConnection(Http3Error.H3_EXCESSIVE_LOAD, "flood: " + kind);
        }
    }
}

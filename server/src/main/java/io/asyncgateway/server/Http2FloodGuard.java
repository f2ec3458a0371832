package io.asyncgateway.server;

import io.netty.util.concurrent.Ticker;

/** Counts what a peer may do, but not without end: past a limit in a window of time it is made to go. Confined to its event loop. */
final class Http2FloodGuard {
    /** What is counted. */
    enum Kind {
        RESET,
        PING,
        SETTINGS,
        EMPTY
    }

    /** WINDOW_UPDATE frames that each DATA frame of the server may be answered with. */
    private static final int UPDATES_FOR_DATA = 10;

    /** The same for each request, since some clients open the window of each stream by itself. */
    private static final int UPDATES_FOR_REQUEST = 2;

    private static final int MOST_UPDATES = 1_000;

    /** No window is opened by less for the sake of anything but harm. */
    private static final int DRIBBLE = 1024;

    private final Http2Options options;
    private final Ticker clock;
    private final long window;
    private long windowEnd;
    private int resets;
    private int pings;
    private int settings;
    private int empty;
    private int updates = UPDATES_FOR_DATA;

    Http2FloodGuard(Http2Options options, Ticker clock) {
        this.options = options;
        this.clock = clock;
        this.window = options.floodWindow().toNanos();
        this.windowEnd = clock.nanoTime() + window;
    }

    void count(Kind kind) throws Http2Failure {
        long now = clock.nanoTime();
        if (now - windowEnd >= 0) {
            windowEnd = now + window;
            resets = pings = settings = empty = 0;
        }
        boolean within =
                switch (kind) {
                    case RESET -> ++resets <= options.resets();
                    case PING -> ++pings <= options.pings();
                    case SETTINGS -> ++settings <= options.settings();
                    case EMPTY -> ++empty <= options.emptyFrames();
                };
        if (!within) {
            throw Http2Failure.ofConnection(Http2Error.ENHANCE_YOUR_CALM, "flood: " + kind);
        }
    }

    /**
     * A DATA frame was sent, which the peer may answer.
     *
     * @param length its octets
     * @param cut whether a window left no room for more: a peer that dribbles earns nothing by it
     */
    void dataSent(int length, boolean cut) {
        if (!cut || length >= DRIBBLE) {
            updates = Math.min(updates + UPDATES_FOR_DATA, MOST_UPDATES);
        }
    }

    /** A request was taken. */
    void requested() {
        updates = Math.min(updates + UPDATES_FOR_REQUEST, MOST_UPDATES);
    }

    /** The peer opens a window. */
    void windowUpdate() throws Http2Failure {
        if (updates > 0) {
            updates--;
        } else {
            count(Kind.EMPTY);
        }
    }
}

package io.asyncgateway.server;

import java.time.Duration;

/**
 * Whether octets come, or are taken, fast enough. A limit on pauses alone is not enough: a peer that sends or takes an octet now and then never pauses for long, and holds
 * its exchange open for ever. So there is a stock of time, as long as a pause may be: waiting for the peer uses it up, and each octet brings a share of it
 * back. Only the time counts in which the peer is waited for, never that in which it waits for the application. Confined to its event loop.
 */
final class Pace {
    private static final long SECOND = 1_000_000_000L;

    private final long most;
    private final long share;
    private long left;
    private long since;
    private boolean waiting;

    /**
     * With its stock full.
     *
     * @param pause the longest
     * @param rate octets per second that are wanted on average; 0 for none, so that each octet brings everything back
     */
    Pace(Duration pause, int rate) {
        most = pause.toNanos();
        share = rate == 0 ? most : SECOND / rate;
        left = most;
    }

    /** Something new begins, of which nothing was waited for yet. */
    void begin() {
        left = most;
        waiting = false;
    }

    /** The peer is waited for; how long that may go on, in nanoseconds, 0 or more. */
    long waits(long now) {
        if (waiting) {
            left -= now - since;
        }
        waiting = true;
        since = now;
        return Math.max(0, left);
    }

    /** Octets came or were taken, whether they were waited for or not. */
    void came(long now, int octets) {
        if (waiting) {
            left -= now - since;
            waiting = false;
        }
        long missing = most - left;
        left = octets > missing / share ? most : left + octets * share;
    }
}

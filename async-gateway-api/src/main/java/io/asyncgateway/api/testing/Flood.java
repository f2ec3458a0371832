package io.asyncgateway.api.testing;

import java.io.IOException;

/** A peer that sends as fast as it may, from a thread of its own. */
final class Flood {
    private final long bound;
    private volatile long pushed;

    private Flood(long bound) {
        this.bound = bound;
    }

    static Flood of(Bench bench, Pusher pusher) {
        Flood flood = new Flood(bench.boundOnBytesUnderway() + 2 * Torrent.PART);
        Thread thread = new Thread(() -> flood.run(pusher), "conformance-flood");
        thread.setDaemon(true);
        thread.start();
        return flood;
    }

    long pushed() {
        return pushed;
    }

    /** The bytes that went before the server took no more; fails where there is no bound. */
    long awaitHeldBack() {
        Bench.eventually("the peer begins to send", () -> pushed > 0);
        long settled = Bench.settled(() -> pushed);
        if (settled > bound) {
            throw new AssertionError(
                    "the server took " + settled + " bytes that nobody received (expected: at most " + bound + ")");
        }
        return settled;
    }

    private void run(Pusher pusher) {
        try {
            // Twice the bound shows that there is none; the rest is for going on later.
            for (long offset = 0; offset < 3 * bound; offset += Torrent.PART) {
                pusher.push(offset);
                pushed = offset + Torrent.PART;
            }
        } catch (IOException end) {
            // The rule has ended and closed the connection.
        }
    }

    /** Sends a part of the pattern. */
    interface Pusher {
        void push(long offset) throws IOException;
    }
}

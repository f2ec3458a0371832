package io.asyncgateway.server;

import java.time.Duration;

/** The time that a peer has to send, or to take, what is waited for: a {@link Pace}, and the timer that goes by it. Confined to its event loop. */
final class PaceTimer {
    private final LazyTimer timer;
    private final Pace pace;

    /**
     * Nothing is waited for yet.
     *
     * @param timer which may be used for other limits too, while nothing is waited for here
     * @param pause the longest
     * @param rate octets per second that are wanted on average; 0 for none
     */
    PaceTimer(LazyTimer timer, Duration pause, int rate) {
        this.timer = timer;
        this.pace = new Pace(pause, rate);
    }

    /** The peer is waited for from now on, if it is not already. */
    void waits() {
        if (!timer.isSet()) {
            timer.set(pace.waits(timer.now()));
        }
    }

    /** Octets came or were taken, whether they were waited for or not; it is still waited for more. */
    void came(int octets) {
        pace.came(timer.now(), octets);
    }

    /** The peer was waited for and has done enough, though no octets were counted; what it took for that stays counted. */
    void enough() {
        if (timer.isSet()) {
            timer.clear();
            came(0);
        }
    }

    /** The peer is not waited for any more. */
    void clear() {
        timer.clear();
    }

    /** The same, and gives back what is scheduled. */
    void close() {
        timer.close();
    }
}

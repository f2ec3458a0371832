package io.asyncgateway.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets something be said that could be said of every connection, but not that often. Safe for use from any thread. */
final class Seldom {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());

    /** Whether it is time to say it again; true for one caller in each interval. */
    boolean isTime() {
        long now = System.nanoTime();
        long until = silentUntil.get();
        return now - until >= 0 && silentUntil.compareAndSet(until, now + INTERVAL.toNanos());
    }
}

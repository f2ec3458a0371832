package io.asyncgateway.perf;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How long deliveries took, in steps of 50 µs up to 10 s. Confined to one thread until it is read. */
final class Latencies {
    private static final long STEP_NANOS = 50_000;
    private static final int STEPS = (int) (TimeUnit.SECONDS.toNanos(10) / STEP_NANOS);

    private final long[] counts = new long[STEPS + 1];
    private long count;

    void add(long nanos) {
        counts[(int) Math.min(STEPS, Math.max(0, nanos) / STEP_NANOS)]++;
        count++;
    }

    long count() {
        return count;
    }

    /** So many milliseconds were not exceeded by the given part of them. */
    double milliseconds(double part) {
        long beyond = count - (long) (count * part);
        for (int step = STEPS; step >= 0; step--) {
            beyond -= counts[step];
            if (beyond <= 0) {
                return (step + 1) * STEP_NANOS / 1e6;
            }
        }
        return 0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms",
                milliseconds(.5),
                milliseconds(.99),
                milliseconds(.999));
    }
}

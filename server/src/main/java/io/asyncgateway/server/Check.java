package io.asyncgateway.server;

import java.time.Duration;

/** The messages of configuration: the name, the offending value, what was expected. */
final class Check {
    /** Beyond it nanoseconds overflow, and nobody means it. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private Check() {}

    static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + "-" + max + ")");
        }
    }

    static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: more than 0, at most " + LONGEST + ")");
        }
    }

    static void notNegative(String name, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to " + LONGEST + ")");
        }
    }
}

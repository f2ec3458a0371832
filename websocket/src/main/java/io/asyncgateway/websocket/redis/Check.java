package io.asyncgateway.websocket.redis;

import java.time.Duration;

/** The messages of options: the name, the offending value, what was expected. */
final class Check {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** Beyond it nobody means it. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private Check() {}

    static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + "-" + max + ")");
        }
    }

    static void duration(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + SHORTEST + " to " + LONGEST + ")");
        }
    }
}

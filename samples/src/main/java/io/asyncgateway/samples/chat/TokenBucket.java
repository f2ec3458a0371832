package io.asyncgateway.samples.chat;

/**
 * How much may be done: a burst at once, and then so many things a second. Not thread-safe.
 *
 * <p>Times are nanoseconds of any clock that does not go back.
 */
final class TokenBucket {
    private static final double NANOS = 1e9;

    private final double burst;
    private final double perNano;
    private double tokens;
    private long filledAt;

    TokenBucket(int burst, double perSecond, long now) {
        this.burst = burst;
        this.perNano = perSecond / NANOS;
        this.tokens = burst;
        this.filledAt = now;
    }

    /** Takes a token: 0 if there was one, else how many nanoseconds from now there will be. */
    long take(long now) {
        long wait = due(now);
        if (wait == 0) {
            tokens--;
        }
        return wait;
    }

    /** The same, but takes nothing. */
    long due(long now) {
        fill(now);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perNano);
    }

    private void fill(long now) {
        tokens = Math.min(burst, tokens + (now - filledAt) * perNano);
        filledAt = now;
    }
}

package io.asyncgateway.samples.chat;

/**
 * How much one user may do: a burst at once, and then so many things a second. Not thread-safe.
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
        fill(now);
        if (tokens >= 1) {
            tokens--;
            return 0;
        }
        return (long) Math.ceil((1 - tokens) / perNano);
    }

    private void fill(long now) {
        tokens = Math.min(burst, tokens + (now - filledAt) * perNano);
        filledAt = now;
    }
}

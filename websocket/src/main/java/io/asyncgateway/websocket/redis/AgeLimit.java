package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.history.EntryId;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are too old. What it says are positions: everything up to them is; {@link EntryId#ZERO}, before all entries, where none can be. Safe for use from
 * any thread.
 */
final class AgeLimit {
    /** Below zero: none. */
    private final long maxAgeMillis;

    private final LongSupplier now;

    /**
     * A limit.
     *
     * @param maxAge the age from which on entries are too old; {@code null} for never
     * @param now the time of who gave the ids, in milliseconds
     */
    AgeLimit(@Nullable Duration maxAge, LongSupplier now) {
        this.maxAgeMillis = maxAge == null ? -1 : maxAge.toMillis();
        this.now = now;
    }

    /** No entry up to here is given out any more: none whose age is the limit, to the millisecond, or more. */
    EntryId expired() {
        return older(maxAgeMillis);
    }

    /** Entries up to here ought to be deleted. A tenth older, so that it need not be done one by one. */
    EntryId overdue() {
        return older(maxAgeMillis + maxAgeMillis / 10);
    }

    boolean isExpired(EntryId id) {
        return maxAgeMillis >= 0 && !id.isAfter(expired());
    }

    private EntryId older(long age) {
        long time = maxAgeMillis < 0 ? -1 : now.getAsLong() - age;
        return time < 0 ? EntryId.ZERO : new EntryId(time, Long.MAX_VALUE);
    }
}

package io.asyncgateway.websocket.redis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of a history on Redis Streams. Whichever is reached first drops entries. All nodes of a service need the same.
 *
 * <p>There is no bound for the bytes of a room together, as the history in memory has one: Redis does not tell how large the payloads of a stream are, and a count
 * beside it could only be kept in step by a script. A room has at most {@code maxEntries} × {@code maxEntryBytes} of payload, and more for a while as said there.
 *
 * @param maxEntries entries that are kept of a room; the oldest go in portions, so that it may be a tenth more for a while. In a burst it may be twice as many and
 *     those that are being appended: then who appends waits until the oldest are gone. Default 100
 * @param maxEntryBytes bytes of an entry; a larger one is refused. Default 1 MiB
 * @param maxAge how long an entry is kept, by the clock of Redis, which gives the ids; an older one is never given out. It is deleted when it is a tenth
 *     older and the room has a new entry, a reader or a member; or else with the room. {@code null} for entries of any age (default)
 * @param roomExpiry after how long without a new entry and without a tail a room is forgotten. Default one day
 */
public record RedisHistoryOptions(
        int maxEntries, int maxEntryBytes, @Nullable Duration maxAge, Duration roomExpiry) {
    private static final RedisHistoryOptions DEFAULTS = new RedisHistoryOptions(100, 1 << 20, null, Duration.ofDays(1));

    /** Validates each value. */
    public RedisHistoryOptions {
        Check.range("maxEntries", maxEntries, 1, 1_000_000);
        Check.range("maxEntryBytes", maxEntryBytes, 1, 256 << 20);
        if (maxAge != null) {
            Check.duration("maxAge", maxAge);
        }
        Check.duration("roomExpiry", roomExpiry);
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static RedisHistoryOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #maxEntries()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisHistoryOptions withMaxEntries(int value) {
        return new RedisHistoryOptions(value, maxEntryBytes, maxAge, roomExpiry);
    }

    /**
     * The same with another {@link #maxEntryBytes()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisHistoryOptions withMaxEntryBytes(int value) {
        return new RedisHistoryOptions(maxEntries, value, maxAge, roomExpiry);
    }

    /**
     * The same with another {@link #maxAge()}.
     *
     * @param value the new value; {@code null} for entries of any age
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisHistoryOptions withMaxAge(@Nullable Duration value) {
        return new RedisHistoryOptions(maxEntries, maxEntryBytes, value, roomExpiry);
    }

    /**
     * The same with another {@link #roomExpiry()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisHistoryOptions withRoomExpiry(Duration value) {
        return new RedisHistoryOptions(maxEntries, maxEntryBytes, maxAge, value);
    }
}

package io.asyncgateway.websocket.redis;

import java.time.Duration;

/**
 * The bounds of a history on Redis Streams. All nodes of a service need the same.
 *
 * @param maxEntries entries that are kept of a room; the oldest go in portions, so that it may be a tenth more for a while. Default 100
 * @param maxEntryBytes bytes of an entry; a larger one is refused. Default 1 MiB
 * @param roomExpiry after how long without a new entry and without a tail a room is forgotten. Default one day
 */
public record RedisHistoryOptions(int maxEntries, int maxEntryBytes, Duration roomExpiry) {
    private static final RedisHistoryOptions DEFAULTS = new RedisHistoryOptions(100, 1 << 20, Duration.ofDays(1));

    /** Validates each value. */
    public RedisHistoryOptions {
        Check.range("maxEntries", maxEntries, 1, 1_000_000);
        Check.range("maxEntryBytes", maxEntryBytes, 1, 256 << 20);
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
        return new RedisHistoryOptions(value, maxEntryBytes, roomExpiry);
    }

    /**
     * The same with another {@link #maxEntryBytes()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisHistoryOptions withMaxEntryBytes(int value) {
        return new RedisHistoryOptions(maxEntries, value, roomExpiry);
    }

    /**
     * The same with another {@link #roomExpiry()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public RedisHistoryOptions withRoomExpiry(Duration value) {
        return new RedisHistoryOptions(maxEntries, maxEntryBytes, value);
    }
}

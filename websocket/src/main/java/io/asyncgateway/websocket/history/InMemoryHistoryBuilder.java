package io.asyncgateway.websocket.history;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bounds of an {@link InMemoryHistory}. Whichever is reached first drops entries. */
public final class InMemoryHistoryBuilder {
    int maxEntries = 100;
    int maxBytes = 1024 * 1024;

    @Nullable
    Duration maxAge;

    int maxRooms = 10_000;
    long maxTotalBytes = 64L * 1024 * 1024;
    Duration roomExpiry = Duration.ofDays(1);
    Clock clock = Clock.systemUTC();

    InMemoryHistoryBuilder() {}

    InMemoryHistoryBuilder copy() {
        InMemoryHistoryBuilder copy = new InMemoryHistoryBuilder();
        copy.maxEntries = maxEntries;
        copy.maxBytes = maxBytes;
        copy.maxAge = maxAge;
        copy.maxRooms = maxRooms;
        copy.maxTotalBytes = maxTotalBytes;
        copy.roomExpiry = roomExpiry;
        copy.clock = clock;
        return copy;
    }

    /**
     * The most entries of one room.
     *
     * @param entries 1 or more; 100 by default
     * @return this
     */
    public InMemoryHistoryBuilder maxEntries(int entries) {
        maxEntries = (int) atLeastOne("maxEntries", entries);
        return this;
    }

    /**
     * The most bytes of payload of one room; also the largest payload that can be appended.
     *
     * @param bytes 1 or more; 1 MiB by default
     * @return this
     */
    public InMemoryHistoryBuilder maxBytes(int bytes) {
        maxBytes = (int) atLeastOne("maxBytes", bytes);
        return this;
    }

    /**
     * How long an entry is kept.
     *
     * @param age more than zero, to the millisecond; by default entries of any age are kept
     * @return this
     */
    public InMemoryHistoryBuilder maxAge(Duration age) {
        maxAge = positive("maxAge", age);
        return this;
    }

    /**
     * The most rooms that have entries. Past it the room that has had no new one for longest is dropped.
     *
     * @param rooms 1 or more; 10,000 by default
     * @return this
     */
    public InMemoryHistoryBuilder maxRooms(int rooms) {
        maxRooms = (int) atLeastOne("maxRooms", rooms);
        return this;
    }

    /**
     * The most bytes of payload of all rooms together. Past it the room that has had no new entry for longest is dropped.
     *
     * @param bytes 1 or more; 64 MiB by default
     * @return this
     */
    public InMemoryHistoryBuilder maxTotalBytes(long bytes) {
        maxTotalBytes = atLeastOne("maxTotalBytes", bytes);
        return this;
    }

    /**
     * After how long without a new entry a room is dropped.
     *
     * @param expiry more than zero, to the millisecond; one day by default
     * @return this
     */
    public InMemoryHistoryBuilder roomExpiry(Duration expiry) {
        roomExpiry = positive("roomExpiry", expiry);
        return this;
    }

    /**
     * The clock that ids and ages come from.
     *
     * @param source the clock; the system's by default
     * @return this
     */
    public InMemoryHistoryBuilder clock(Clock source) {
        clock = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * Makes the history.
     *
     * @return the history; later calls of this builder don't change it
     * @throws IllegalArgumentException if one room may be larger than all together
     */
    public InMemoryHistory build() {
        if (maxTotalBytes < maxBytes) {
            throw new IllegalArgumentException(
                    "maxTotalBytes: " + maxTotalBytes + " (expected: >= maxBytes, which is " + maxBytes + ")");
        }
        return new InMemoryHistory(this);
    }

    /** After this time a room has nothing that is worth keeping. */
    Duration idleTime() {
        Duration age = maxAge;
        return age != null && age.compareTo(roomExpiry) < 0 ? age : roomExpiry;
    }

    private static long atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
        return value;
    }

    private static Duration positive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1 ms)");
        }
        return value;
    }
}

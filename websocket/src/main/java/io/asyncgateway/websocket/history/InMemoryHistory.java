package io.asyncgateway.websocket.history;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * A {@link History} in the memory of this process, for one node and for tests.
 *
 * <pre>{@code
 * History history = InMemoryHistory.builder().maxEntries(500).maxAge(Duration.ofMinutes(10)).build();
 * }</pre>
 *
 * <p>It never grows past its bounds: those of a room drop the room's oldest entries; those of all rooms together drop the rooms that have had no new
 * entry for longest. Of what was before, in a room that was dropped or in a process that ended, a history says that it may be incomplete; ids go on
 * ascending. Time is looked at when something is appended or read, so there is no timer; an entry that is too old is never given out.
 *
 * <p>Safe for use from any thread: one lock guards the logs, and is held for as long as it takes to put one entry into an array or to copy the references of
 * a range. Tails are served on the thread that appends, outside the lock.
 */
public final class InMemoryHistory implements History {
    /** Rooms with tails can't be dropped. So that many of them don't make each append look at all, it looks at no more than this. */
    private static final int MAX_TAILED_STEPS = 8;

    private final InMemoryHistoryBuilder limits;
    private final Clock clock;
    /** By the time of their last entry, the oldest first. Guards itself, the logs and the numbers below. */
    private final Map<String, RoomLog> logs = new LinkedHashMap<>();

    private long totalBytes;
    /** Nothing is known of what was appended up to here: by a process before this one, or in rooms that were dropped. */
    private EntryId floor;

    InMemoryHistory(InMemoryHistoryBuilder limits) {
        this.limits = limits.copy();
        this.clock = limits.clock;
        this.floor = new EntryId(Math.max(0, clock.millis() - 1), 0);
    }

    /** A history with the default bounds: 100 entries and 1 MiB for each room, 10,000 rooms and 64 MiB for all, entries of any age. */
    public InMemoryHistory() {
        this(builder());
    }

    /**
     * Begins a history with other bounds.
     *
     * @return the builder
     */
    public static InMemoryHistoryBuilder builder() {
        return new InMemoryHistoryBuilder();
    }

    @Override
    public Mono<EntryId> append(String room, ByteBuffer payload) {
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(payload, "payload");
        return Mono.fromCallable(() -> appendNow(room, payload));
    }

    private EntryId appendNow(String room, ByteBuffer payload) {
        int bytes = payload.remaining();
        if (bytes > limits.maxBytes) {
            throw new IllegalArgumentException(
                    "payload: " + bytes + " bytes (expected: at most " + limits.maxBytes + ", the bound of a room)");
        }
        // A copy, so that neither the sender's buffer nor a larger one behind it is held.
        ByteBuffer copy = ByteBuffer.allocate(bytes).put(payload.duplicate()).flip();
        EntryId id;
        InMemoryTail[] tails;
        synchronized (logs) {
            long now = clock.millis();
            RoomLog log = lastUsed(room);
            id = log.nextId(now);
            log.add(new Entry(id, copy), bytes);
            totalBytes += bytes;
            trim(log, now);
            evict(log, now);
            tails = log.tails;
        }
        for (InMemoryTail tail : tails) {
            tail.drain();
        }
        return id;
    }

    /** The log of a room, at the end of the order. */
    private RoomLog lastUsed(String room) {
        RoomLog log = logs.remove(room);
        if (log == null) {
            log = new RoomLog(room, floor);
        }
        logs.put(room, log);
        return log;
    }

    private void trim(RoomLog log, long now) {
        while (log.size() > limits.maxEntries || log.bytes() > limits.maxBytes) {
            totalBytes -= log.dropOldest();
        }
        trimByAge(log, now);
    }

    private void trimByAge(RoomLog log, long now) {
        while (log.size() > 0 && isOlderThan(limits.maxAge, log.get(0).id(), now)) {
            totalBytes -= log.dropOldest();
        }
    }

    private static boolean isOlderThan(@Nullable Duration age, EntryId id, long now) {
        return age != null && now - id.time() >= age.toMillis();
    }

    /** Drops rooms, the longest unused first, until all together are within bounds. Of a room with tails only the entries are dropped. */
    private void evict(RoomLog current, long now) {
        List<RoomLog> tailed = new ArrayList<>(0);
        Iterator<RoomLog> oldestFirst = logs.values().iterator();
        while (tailed.size() < MAX_TAILED_STEPS) {
            RoomLog oldest = oldestFirst.next();
            boolean tooMuch = logs.size() > limits.maxRooms || totalBytes > limits.maxTotalBytes;
            boolean idle = isOlderThan(limits.idleTime(), oldest.last(), now);
            if (oldest == current || !(tooMuch || idle)) {
                break;
            }
            forget(oldest, oldest.last());
            oldestFirst.remove();
            if (oldest.tails.length == 0) {
                raiseFloor(oldest);
            } else {
                tailed.add(oldest);
            }
        }
        tailed.forEach(log -> logs.put(log.room, log));
    }

    private void raiseFloor(RoomLog dropped) {
        floor = dropped.last().isAfter(floor) ? dropped.last() : floor;
    }

    private void forget(RoomLog log, EntryId through) {
        while (log.size() > 0 && !log.get(0).id().isAfter(through)) {
            totalBytes -= log.dropOldest();
        }
    }

    @Override
    public Mono<Range> range(String room, @Nullable EntryId after, EntryId through, int limit) {
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(through, "through");
        if (limit < 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: >= 0)");
        }
        return Mono.fromCallable(() -> {
            synchronized (logs) {
                RoomLog log = logs.get(room);
                if (log == null) {
                    log = new RoomLog(room, floor);
                } else {
                    trimByAge(log, clock.millis());
                }
                return log.range(after, through, limit);
            }
        });
    }

    @Override
    public Mono<EntryId> latest(String room) {
        Objects.requireNonNull(room, "room");
        return Mono.fromCallable(() -> {
            synchronized (logs) {
                RoomLog log = logs.get(room);
                return log == null ? floor : log.last();
            }
        });
    }

    @Override
    public Flux<Entry> tail(String room, EntryId after) {
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(after, "after");
        return Flux.from(subscriber -> {
            InMemoryTail tail;
            synchronized (logs) {
                RoomLog log = logs.get(room);
                if (log == null) {
                    log = new RoomLog(room, floor);
                    logs.put(room, log);
                }
                tail = new InMemoryTail(this, log, after, Operators.toCoreSubscriber(subscriber));
                log.addTail(tail);
            }
            subscriber.onSubscribe(tail);
        });
    }

    /** The first entry behind a position, or null if there is none yet. */
    @Nullable
    Entry next(RoomLog log, EntryId position) {
        synchronized (logs) {
            trimByAge(log, clock.millis());
            if (log.droppedThrough().isAfter(position)) {
                throw new HistoryGapException(log.room, position, log.droppedThrough());
            }
            int index = log.indexAfter(position);
            return index < log.size() ? log.get(index) : null;
        }
    }

    void remove(InMemoryTail tail) {
        synchronized (logs) {
            RoomLog log = tail.log;
            log.removeTail(tail);
            if (log.size() == 0 && log.tails.length == 0 && logs.remove(log.room, log)) {
                raiseFloor(log);
            }
        }
    }

    /** Drops the entries of a room up to an id, as its bounds would. */
    void forget(String room, EntryId through) {
        synchronized (logs) {
            RoomLog log = logs.get(room);
            if (log != null) {
                forget(log, through);
            }
        }
    }

    /** How many rooms there are entries of. */
    int rooms() {
        synchronized (logs) {
            return logs.size();
        }
    }

    long totalBytes() {
        synchronized (logs) {
            return totalBytes;
        }
    }
}

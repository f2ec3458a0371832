package io.asyncgateway.websocket.history;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The entries of one room, in a ring that grows as far as it is used. Not thread-safe: {@link InMemoryHistory} guards it, and decides when what is
 * dropped.
 */
final class RoomLog {
    private static final int INITIAL_CAPACITY = 8;
    private static final InMemoryTail[] NOBODY = {};

    final String room;
    /** Replaced, never changed: who reads them needs no lock. */
    InMemoryTail[] tails = NOBODY;

    private Entry[] ring = new Entry[INITIAL_CAPACITY];
    private int head;
    private int size;
    private long bytes;
    private EntryId last;
    /** Everything up to this id is gone. */
    private EntryId droppedThrough;

    /** An empty log whose first entry will come behind a position. */
    RoomLog(String room, EntryId floor) {
        this.room = room;
        this.last = floor;
        this.droppedThrough = floor;
    }

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }

    EntryId last() {
        return last;
    }

    EntryId droppedThrough() {
        return droppedThrough;
    }

    /** The next id at a time. A clock that goes back does not take the ids with it. */
    EntryId nextId(long now) {
        return now > last.time() ? new EntryId(now, 0) : new EntryId(last.time(), last.sequence() + 1);
    }

    void add(Entry entry, int payloadBytes) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) % ring.length] = entry;
        size++;
        bytes += payloadBytes;
        last = entry.id();
    }

    private void grow() {
        Entry[] larger = new Entry[ring.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = get(i);
        }
        ring = larger;
        head = 0;
    }

    Entry get(int index) {
        return ring[(head + index) % ring.length];
    }

    /** Drops the oldest entry and says how many bytes it had. */
    @SuppressWarnings("NullAway") // A slot without an entry is never read.
    int dropOldest() {
        Entry oldest = ring[head];
        ring[head] = null;
        head = (head + 1) % ring.length;
        size--;
        droppedThrough = oldest.id();
        int freed = oldest.payload().remaining();
        bytes -= freed;
        return freed;
    }

    /** The index of the first entry behind a position; {@link #size()} if there is none. */
    int indexAfter(EntryId position) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).id().isAfter(position)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The newest entries of a range, at most {@code limit}. */
    Range range(@Nullable EntryId after, EntryId through, int limit) {
        int from = after == null ? 0 : indexAfter(after);
        int to = Math.max(from, indexAfter(through));
        int start = Math.max(from, to - limit);
        List<Entry> found = new ArrayList<>(to - start);
        for (int i = start; i < to; i++) {
            found.add(get(i));
        }
        boolean kept = after == null || !droppedThrough.isAfter(after) || !through.isAfter(after);
        return new Range(Flux.fromIterable(found), kept && start == from);
    }

    void addTail(InMemoryTail tail) {
        InMemoryTail[] more = new InMemoryTail[tails.length + 1];
        System.arraycopy(tails, 0, more, 0, tails.length);
        more[tails.length] = tail;
        tails = more;
    }

    void removeTail(InMemoryTail tail) {
        List<InMemoryTail> fewer = new ArrayList<>(List.of(tails));
        fewer.remove(tail);
        tails = fewer.toArray(NOBODY);
    }
}

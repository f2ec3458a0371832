package io.asyncgateway.websocket.history;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A log for each room: entries are appended at its end, get an {@link EntryId} that says where they stand, and are dropped from its beginning when
 * there are too many, too large or too old ones. What the order of a room's messages is, the log says, and nobody else.
 *
 * <p>{@link #latest}, {@link #range} and {@link #tail} together replay and go on without gap or duplicate:
 *
 * <pre>{@code
 * Flux<Entry> everythingSince = history.latest("lobby")
 *         .flatMapMany(now -> history.range("lobby", lastSeen, now, 100)
 *                 .flatMapMany(Range::entries)
 *                 .concatWith(history.tail("lobby", now)));
 * }</pre>
 *
 * <p>Payloads are opaque bytes. All methods may be called on any thread; all publishers are cold, may be subscribed several times, and
 * signal on a thread of the implementation's choice, which must not be blocked. There is one instance for each node and store; who made it
 * ends it.
 */
public interface History {
    /**
     * Appends an entry. With the result the entry is kept, and comes up in every tail of its room.
     *
     * @param room the room
     * @param payload the bytes from position to limit; must not be changed until the result has ended
     * @return the id of the entry. Fails if it was not kept; or if that is unknown, as after a connection to the store was cut: then it may come up, and
     *     who tries again may append it twice. Fails with {@link IllegalArgumentException} if it is larger than the history ever keeps
     */
    Mono<EntryId> append(String room, ByteBuffer payload);

    /**
     * Reads kept entries: those behind {@code after} up to {@code through}, oldest first; of more than {@code limit} the newest ones. It looks
     * when it is subscribed, and what it has found does not change afterwards.
     *
     * @param room the room
     * @param after where to start, exclusive; {@code null} for the oldest entry that is kept
     * @param through where to end, inclusive
     * @param limit the most entries; 0 or more
     * @return the entries, and whether any are missing; never empty
     * @throws IllegalArgumentException if the limit is negative
     */
    Mono<Range> range(String room, @Nullable EntryId after, EntryId through, int limit);

    /**
     * The position of a room: the id of the last entry that was appended, also if that is no longer kept.
     *
     * @param room the room
     * @return the id; where nothing was appended, or nothing is known of it any more, a position before all that will be, such as {@link EntryId#ZERO}
     */
    Mono<EntryId> latest(String room);

    /**
     * All entries behind a position: those that are kept, and then each new one as it is appended, by this node or another. None is missing, none comes
     * twice. It never completes.
     *
     * <p>Reactive Streams backpressure: what the subscriber does not ask for stays in the log, and nowhere else. A subscriber that is so slow that entries are
     * dropped before it took them gets {@link HistoryGapException}, behind all entries before the gap.
     *
     * <p>An implementation gets over an interruption of its connection by itself, and goes on where it was. If it fails all the same, subscribing
     * again after the last entry that came loses nothing.
     *
     * @param room the room
     * @param after where to start, exclusive
     * @return the entries
     */
    Flux<Entry> tail(String room, EntryId after);

    /**
     * Whether appending is expected to work now: what a readiness probe wants to know. Costs nothing, and asks nobody.
     *
     * @return {@code true} by default
     */
    default boolean isReady() {
        return true;
    }
}

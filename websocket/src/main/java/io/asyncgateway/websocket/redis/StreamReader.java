package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.HistoryGapException;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import java.nio.ByteBuffer;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the streams of rooms, a page at a time. Each read begins with the entry before those that are wanted: if that is still there, nothing behind it is missing, and
 * one command has found out both. All publishers are cold and fail with {@link RedisUnavailableException}, unless something else is said.
 */
final class StreamReader {
    /** Entries that are in memory at a time, for each reader. */
    static final int PAGE = 32;

    static final String FIELD = "d";
    private static final byte[] NOTHING = {};

    private final RedisConnections redis;

    StreamReader(RedisConnections redis) {
        this.redis = redis;
    }

    String key(String room) {
        return redis.key("h", "{" + room + "}");
    }

    /** What there is of a room's stream, with all entries up to {@code expired} taken for deleted. */
    Mono<StreamInfo> info(String room, EntryId expired) {
        return redis.call(to -> to.xinfoStream(key(room)))
                .map(StreamInfo::of)
                .onErrorResume(StreamReader::isMissing, missing -> Mono.just(StreamInfo.NONE))
                .onErrorMap(failure -> Failures.unavailable("history of " + room, failure))
                .flatMap(info -> withoutThrough(room, info, expired));
    }

    private Mono<StreamInfo> withoutThrough(String room, StreamInfo info, EntryId expired) {
        if (info.length() == 0 || info.first().isAfter(expired)) {
            return Mono.just(info);
        }
        if (!info.last().isAfter(expired)) {
            return Mono.just(info.withoutThrough(info.last()));
        }
        Range<String> range = Range.from(Range.Boundary.unbounded(), Range.Boundary.including(expired.toString()));
        return redis.call(to -> to.xrevrange(key(room), range, Limit.from(1)))
                .onErrorMap(failure -> Failures.unavailable("history of " + room, failure))
                // They were deleted between the two looks.
                .flatMap(newest -> newest.isEmpty()
                        ? info(room, expired)
                        : Mono.just(
                                info.withoutThrough(EntryId.parse(newest.get(0).getId()))));
    }

    private static boolean isMissing(Throwable failure) {
        return failure instanceof RedisCommandExecutionException
                && String.valueOf(failure.getMessage()).contains("no such key");
    }

    /**
     * The next entries behind a position, oldest first, at most {@value #PAGE}; fewer only if there are no more. Fails with {@link HistoryGapException} where
     * some of them are gone, or up to {@code expired}.
     */
    Mono<List<Entry>> page(String room, EntryId after, EntryId through, EntryId expired) {
        return read(room, after, through).flatMap(found -> {
            boolean begun = !found.isEmpty() && found.get(0).id().equals(after);
            List<Entry> page = begun ? found.subList(1, found.size()) : found.subList(0, Math.min(PAGE, found.size()));
            boolean fresh = page.isEmpty() || page.get(0).id().isAfter(expired);
            if (fresh && (begun || (page.isEmpty() && through.equals(EntryId.MAX)))) {
                return Mono.just(page);
            }
            return info(room, expired)
                    .flatMap(info -> info.isCompleteAfter(after)
                            ? Mono.just(page)
                            : Mono.error(new HistoryGapException(room, after, info.beginning())));
        });
    }

    private Mono<List<Entry>> read(String room, EntryId from, EntryId through) {
        Range<String> range = Range.create(from.toString(), through.toString());
        return redis.call(to -> to.xrange(key(room), range, Limit.from(PAGE + 1)))
                .map(messages -> messages.stream().map(StreamReader::entry).toList())
                .onErrorMap(failure -> Failures.unavailable("history of " + room, failure));
    }

    private static Entry entry(StreamMessage<String, byte[]> message) {
        byte[] payload = message.getBody().getOrDefault(FIELD, NOTHING);
        return new Entry(EntryId.parse(message.getId()), ByteBuffer.wrap(payload));
    }

    /** All entries behind one position and up to another, of any age, page by page as they are asked for; a gap as in {@link #page}. */
    Flux<Entry> entries(String room, EntryId after, EntryId through) {
        return Flux.defer(() -> {
            EntryId[] position = {after};
            return Mono.defer(() -> page(room, position[0], through, EntryId.ZERO))
                    .doOnNext(page -> position[0] = page.size() < PAGE
                            ? through
                            : page.get(page.size() - 1).id())
                    .repeat(() -> through.isAfter(position[0]))
                    .concatMapIterable(page -> page, 1);
        });
    }

    /** The position behind which the newest {@code limit} entries of a range stand; its beginning if there are not more than that. */
    Mono<EntryId> newest(String room, EntryId after, EntryId through, int limit) {
        return Mono.defer(() -> {
            Back back = new Back(after, through, limit);
            return Mono.defer(() -> readBack(room, back))
                    .repeat(() -> !back.done)
                    .then(Mono.fromSupplier(() -> back.found));
        });
    }

    private Mono<Void> readBack(String room, Back back) {
        int count = (int) Math.min(PAGE, back.skip + 1);
        Range<String> range = Range.from(Range.Boundary.excluding(back.found.toString()), back.upper);
        return redis.call(to -> to.xrevrange(key(room), range, Limit.from(count)))
                .onErrorMap(failure -> Failures.unavailable("history of " + room, failure))
                .doOnNext(page -> back.read(page, count))
                .then();
    }

    /** Goes from the end of a range to its beginning. */
    private static final class Back {
        private long skip;
        private Range.Boundary<String> upper;
        private EntryId found;
        private boolean done;

        Back(EntryId after, EntryId through, int limit) {
            this.skip = limit;
            this.upper = Range.Boundary.including(through.toString());
            this.found = after;
        }

        private void read(List<StreamMessage<String, byte[]>> page, int count) {
            if (page.size() > skip) {
                found = EntryId.parse(page.get((int) skip).getId());
                done = true;
            } else if (page.size() < count) {
                done = true;
            } else {
                skip -= page.size();
                upper = Range.Boundary.excluding(page.get(page.size() - 1).getId());
            }
        }
    }
}

package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.Range;
import io.lettuce.core.Limit;
import io.lettuce.core.StreamMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A history on Redis Streams: one stream for each room, whose ids are those of the entries. Who appends says so by pub/sub, and tails read what is new.
 *
 * <p>The oldest entries are deleted ({@code XDEL}), not trimmed: of what is deleted Redis keeps the largest id, and so knows where a gap begins. Safe for use from any
 * thread.
 */
final class RedisHistory implements History {
    private static final byte[] NOTHING = {};
    /** Entries that are deleted at a time: they come over the wire, since Redis tells ids only with their payloads. */
    private static final int PORTION = 128;

    private final RedisConnections redis;
    private final RedisHistoryOptions options;
    private final StreamReader reader;
    private final RedisTails tails;
    private final Set<String> trimming = ConcurrentHashMap.newKeySet();

    RedisHistory(RedisConnections redis, RedisHistoryOptions options) {
        this.redis = redis;
        this.options = options;
        this.reader = new StreamReader(redis);
        this.tails = new RedisTails(redis, reader, options);
    }

    @Override
    public Mono<EntryId> append(String room, ByteBuffer payload) {
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(payload, "payload");
        return Mono.defer(() -> {
            int size = payload.remaining();
            if (size > options.maxEntryBytes()) {
                return Mono.error(new IllegalArgumentException(
                        "payload: " + size + " bytes (expected: at most " + options.maxEntryBytes() + ")"));
            }
            byte[] bytes = new byte[size];
            payload.duplicate().get(bytes);
            return append(room, bytes);
        });
    }

    private Mono<EntryId> append(String room, byte[] bytes) {
        String key = reader.key(room);
        Map<String, byte[]> fields = Map.of(StreamReader.FIELD, bytes);
        return redis.call(to -> {
                    var added = to.xadd(key, fields);
                    Answers.ignore(to.pexpire(key, options.roomExpiry()));
                    Answers.ignore(to.spublish(RedisTails.wake(key), NOTHING));
                    Answers.whenDone(to.xlen(key), (length, failure) -> {
                        if (length != null) {
                            trimIfLong(room, length);
                        }
                    });
                    return added;
                })
                .map(EntryId::parse)
                .onErrorMap(failure -> Failures.unavailable("history: append to " + room, failure));
    }

    private void trimIfLong(String room, long length) {
        int max = options.maxEntries();
        if (length > max + max / 10 && trimming.add(room)) {
            trim(room, length - max)
                    .doFinally(end -> trimming.remove(room))
                    .onErrorComplete()
                    .subscribe();
        }
    }

    /** Looks at the length again, so that of two nodes which trim at the same time one finds nothing to do. */
    private Mono<Void> trim(String room, long excess) {
        String key = reader.key(room);
        Mono<Long> length = redis.call(to -> to.xlen(key));
        Mono<List<StreamMessage<String, byte[]>>> oldest = redis.call(
                to -> to.xrange(key, io.lettuce.core.Range.unbounded(), Limit.from(Math.min(PORTION, excess))));
        return Mono.zip(
                        length,
                        oldest,
                        (now, found) ->
                                found.subList(0, (int) Math.min(found.size(), Math.max(0, now - options.maxEntries()))))
                .flatMap(found -> delete(key, found));
    }

    private Mono<Void> delete(String key, List<StreamMessage<String, byte[]>> entries) {
        String[] ids = entries.stream().map(StreamMessage::getId).toArray(String[]::new);
        return ids.length == 0
                ? Mono.empty()
                : redis.call(to -> to.xdel(key, ids)).then();
    }

    @Override
    public Mono<Range> range(String room, @Nullable EntryId after, EntryId through, int limit) {
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(through, "through");
        if (limit < 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: >= 0)");
        }
        return Mono.defer(() -> through.isAfter(after)
                ? reader.info(room).flatMap(info -> range(room, info, after, through, limit))
                : Mono.just(new Range(Flux.empty(), true)));
    }

    private Mono<Range> range(String room, StreamInfo info, @Nullable EntryId after, EntryId through, int limit) {
        boolean complete = after == null || info.isCompleteAfter(after);
        EntryId from = after != null && complete ? after : info.deleted();
        EntryId to = through.isAfter(info.last()) ? info.last() : through;
        if (!to.isAfter(from)) {
            return Mono.just(new Range(Flux.empty(), complete));
        }
        if (limit >= info.length()) {
            return Mono.just(new Range(reader.entries(room, from, to), complete));
        }
        return reader.newest(room, from, to, limit)
                .map(start -> new Range(reader.entries(room, start, to), complete && start.equals(from)));
    }

    @Override
    public Mono<EntryId> latest(String room) {
        Objects.requireNonNull(room, "room");
        return Mono.defer(() -> reader.info(room)).map(StreamInfo::last);
    }

    @Override
    public Flux<Entry> tail(String room, EntryId after) {
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(after, "after");
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Entry> actual) {
                tails.open(room, after, actual);
            }
        };
    }

    @Override
    public boolean isReady() {
        return redis.commands.isReady();
    }

    /** Ends the tails. */
    void close() {
        tails.close();
    }
}

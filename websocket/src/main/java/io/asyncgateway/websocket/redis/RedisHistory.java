package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.Range;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A history on Redis Streams: one stream for each room, whose ids are those of the entries. Who appends says so by pub/sub, and tails read what is new.
 *
 * <p>The ids say how old entries are. Those that are too old are treated as if they were gone, whether they are deleted already or not. Safe for use from any thread.
 */
final class RedisHistory implements History {
    private static final byte[] NOTHING = {};

    private final RedisConnections redis;
    private final RedisHistoryOptions options;
    private final AgeLimit age;
    private final StreamReader reader;
    private final StreamTrimmer trimmer;
    private final RedisTails tails;

    /**
     * A history.
     *
     * @param redis the connections
     * @param options the bounds
     * @param now the time of Redis, in milliseconds
     */
    RedisHistory(RedisConnections redis, RedisHistoryOptions options, LongSupplier now) {
        this.redis = redis;
        this.options = options;
        this.age = new AgeLimit(options.maxAge(), now);
        this.reader = new StreamReader(redis);
        this.trimmer = new StreamTrimmer(redis, options.maxEntries(), age);
        this.tails = new RedisTails(redis, reader, trimmer, age, options);
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
                    return added.thenCombine(trimmer.look(key), (id, mayGoOn) -> id);
                })
                .map(EntryId::parse)
                .onErrorMap(failure -> Failures.unavailable("history: append to " + room, failure));
    }

    @Override
    public Mono<Range> range(String room, @Nullable EntryId after, EntryId through, int limit) {
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(through, "through");
        if (limit < 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: >= 0)");
        }
        return Mono.defer(() -> through.isAfter(after)
                ? reader.info(room, age.expired())
                        .doOnNext(info -> trimIfOverdue(room, info))
                        .flatMap(info -> range(room, info, after, through, limit))
                : Mono.just(new Range(Flux.empty(), true)));
    }

    private void trimIfOverdue(String room, StreamInfo info) {
        if (info.length() > 0 && !info.first().isAfter(age.overdue())) {
            Answers.ignore(trimmer.trim(reader.key(room)));
        }
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
        return Mono.defer(() -> reader.info(room, EntryId.ZERO)).map(StreamInfo::last);
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

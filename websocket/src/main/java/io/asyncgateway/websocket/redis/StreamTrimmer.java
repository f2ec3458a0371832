package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.history.EntryId;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Deletes the oldest entries of rooms that have too many or too old ones, a portion at a time, for each room one after the other. It begins when a tenth is too much, so
 * that a busy room is not trimmed with each entry. So that a burst does not outrun it, who appends to a room that has twice as many as it should waits for it.
 *
 * <p>Deleted ({@code XDEL}) are always the oldest entries, and not by {@code XTRIM}: of what is deleted Redis keeps the largest id, and so knows where a gap begins. Several nodes may do
 * so at the same time: what one deletes the others don't find, or delete again, which does nothing. Safe for use from any thread.
 */
final class StreamTrimmer {
    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    /** Entries that are deleted at a time: they come over the wire, since Redis tells ids only with their payloads. */
    private static final int PORTION = 32;

    private static final class Trim {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        /** Somebody else wanted it, too. Written within the map's lock for its key, read when it is out of the map. */
        boolean again;
    }

    private final RedisConnections redis;
    private final int maxEntries;
    private final AgeLimit age;
    private final ConcurrentHashMap<String, Trim> trimming = new ConcurrentHashMap<>();
    private volatile boolean warned;

    StreamTrimmer(RedisConnections redis, int maxEntries, AgeLimit age) {
        this.redis = redis;
        this.maxEntries = maxEntries;
        this.age = age;
    }

    /**
     * Looks whether there are too many or too old entries, and deletes them.
     *
     * @return when the next entry may come: at once, or when those are deleted that are far too many, but not later than the timeout of a command. Never fails
     */
    CompletableFuture<Void> look(String key) {
        CompletableFuture<Void> mayGoOn = redis.send(to -> to.xlen(key)).thenCompose(length -> {
            if (length <= maxEntries + maxEntries / 10) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> trimmed = trim(key);
            return length <= 2L * maxEntries
                    ? CompletableFuture.completedFuture(null)
                    : trimmed.copy()
                            .completeOnTimeout(
                                    null, redis.options.commandTimeout().toMillis(), TimeUnit.MILLISECONDS);
        });
        lookAtAge(key);
        return mayGoOn.exceptionally(failure -> null);
    }

    /** As {@link #look}, for too old ones alone. */
    void lookAtAge(String key) {
        EntryId overdue = age.overdue();
        if (overdue.equals(EntryId.ZERO)) {
            return;
        }
        Answers.whenDone(redis.send(to -> to.xrange(key, upTo(overdue), Limit.from(1))), (found, failure) -> {
            if (found != null && !found.isEmpty()) {
                Answers.ignore(trim(key));
            }
        });
    }

    private static Range<String> upTo(EntryId id) {
        return Range.from(Range.Boundary.unbounded(), Range.Boundary.including(id.toString()));
    }

    /**
     * If this node is at it already, that looks once more at its end, since it may have been too late for what has come. Completes when it is done; what fails is
     * left to the next look.
     */
    CompletableFuture<Void> trim(String key) {
        Trim mine = new Trim();
        Trim running = trimming.merge(key, mine, (present, added) -> {
            present.again = true;
            return present;
        });
        if (running != mine) {
            return running.done;
        }
        deleteExpired(key)
                .then(deleteExcess(key))
                .doFinally(end -> {
                    trimming.remove(key);
                    mine.done.complete(null);
                    if (mine.again) {
                        Answers.ignore(look(key));
                    }
                })
                .subscribe(nothing -> {}, failure -> failed(key, failure), () -> warned = false);
        return mine.done;
    }

    private void failed(String key, Throwable failure) {
        LOG.debug("redis: {} could not be trimmed", key, failure);
        if (!warned && redis.commands.isReady()) {
            warned = true;
            LOG.warn("redis: {} could not be trimmed, and may grow past its bounds: {}", key, Failures.text(failure));
        }
    }

    private Mono<Void> deleteExpired(String key) {
        return Mono.defer(() -> redis.call(to -> to.xrange(key, upTo(age.expired()), Limit.from(PORTION))))
                .flatMap(found -> delete(key, found))
                .repeat()
                .takeUntil(deleted -> deleted < PORTION)
                .then();
    }

    private Mono<Void> deleteExcess(String key) {
        return redis.call(to -> to.xlen(key))
                .map(length -> length - maxEntries)
                .expand(excess -> excess <= 0 ? Mono.empty() : deleteExcess(key, excess))
                .then();
    }

    /**
     * Deletes a portion, and says how many are left to delete. The entries are read before their number: had another node deleted them in between, the
     * number would say so, and those that it left stay.
     */
    private Mono<Long> deleteExcess(String key, long excess) {
        Mono<List<StreamMessage<String, byte[]>>> oldest =
                redis.call(to -> to.xrange(key, Range.unbounded(), Limit.from(Math.min(PORTION, excess))));
        Mono<Long> length = redis.call(to -> to.xlen(key));
        return Mono.zip(oldest, length).flatMap(found -> {
            long left = found.getT2() - maxEntries;
            List<StreamMessage<String, byte[]>> portion =
                    found.getT1().subList(0, (int) Math.min(found.getT1().size(), Math.max(0, left)));
            // Not a full portion: what has come since then is left to the next look.
            return delete(key, portion).map(deleted -> deleted < PORTION ? 0 : left - deleted);
        });
    }

    /** How many ids were sent. */
    private Mono<Integer> delete(String key, List<StreamMessage<String, byte[]>> entries) {
        String[] ids = entries.stream().map(StreamMessage::getId).toArray(String[]::new);
        return ids.length == 0
                ? Mono.just(0)
                : redis.call(to -> to.xdel(key, ids)).thenReturn(ids.length);
    }
}

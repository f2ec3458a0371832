package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * The tails of this node, and how they learn that there is something new: one subscription for each room, and a look from time to time in case that a word was lost. All
 * in one serial.
 */
final class RedisTails {
    /** In which each room is looked at once, in so many portions: all at once would fill the queue of commands. */
    private static final long ROUND_MILLIS = 5_000;

    private static final int PORTIONS = 50;

    /** A room with tails. */
    private static final class Tailed {
        final String key;
        final Subscription wake;
        final Set<RedisTail> tails = new HashSet<>();
        long kept = System.nanoTime();

        Tailed(String key, Subscription wake) {
            this.key = key;
            this.wake = wake;
        }
    }

    private final RedisConnections redis;
    private final StreamReader reader;
    private final StreamTrimmer trimmer;
    private final AgeLimit age;
    private final RedisHistoryOptions options;
    private final Serial serial = new Serial();
    private final Map<String, Tailed> rooms = new HashMap<>();
    private final Rounds<String> rounds = new Rounds<>(PORTIONS);
    private final Disposable polling;
    private boolean closed;

    RedisTails(
            RedisConnections redis,
            StreamReader reader,
            StreamTrimmer trimmer,
            AgeLimit age,
            RedisHistoryOptions options) {
        this.redis = redis;
        this.reader = reader;
        this.trimmer = trimmer;
        this.age = age;
        this.options = options;
        // Often enough to prolong the time of each room before that is over.
        long round = Math.min(ROUND_MILLIS, options.roomExpiry().toMillis() / 4);
        long pause = Math.max(1, round / PORTIONS);
        this.polling = Schedulers.parallel()
                .schedulePeriodically(() -> serial.execute(this::poll), pause, pause, TimeUnit.MILLISECONDS);
    }

    /** The pub/sub channel that says that a stream has something new; in the slot of the stream. */
    static String wake(String key) {
        return key + ":wake";
    }

    void open(String room, EntryId after, CoreSubscriber<? super Entry> actual) {
        RedisTail tail = new RedisTail(this, reader, age, room, after, actual);
        actual.onSubscribe(tail);
        serial.execute(() -> attach(tail));
    }

    private void attach(RedisTail tail) {
        if (closed) {
            tail.fail(closedFailure());
        } else if (!tail.hasEnded()) {
            rooms.computeIfAbsent(tail.room, this::tailed).tails.add(tail);
        }
    }

    private Tailed tailed(String room) {
        String key = reader.key(room);
        Subscription wake = redis.subscriptions.subscribe(wake(key), new Subscription.Handler() {
            @Override
            public void message(byte[] message) {
                wakeLater();
            }

            @Override
            public void active() {
                wakeLater();
            }

            private void wakeLater() {
                serial.execute(() -> {
                    Tailed present = rooms.get(room);
                    if (present != null) {
                        present.tails.forEach(RedisTail::wake);
                    }
                });
            }
        });
        return new Tailed(key, wake);
    }

    void detach(RedisTail tail) {
        serial.execute(() -> {
            Tailed tailed = rooms.get(tail.room);
            if (tailed != null && tailed.tails.remove(tail) && tailed.tails.isEmpty()) {
                rooms.remove(tail.room);
                redis.subscriptions.unsubscribe(tailed.wake);
            }
        });
    }

    private void poll() {
        if (!redis.commands.isReady()) {
            return;
        }
        for (String room : rounds.next(rooms.keySet())) {
            Tailed tailed = rooms.get(room);
            if (tailed != null) {
                poll(tailed);
            }
        }
    }

    private void poll(Tailed tailed) {
        tailed.tails.forEach(RedisTail::wake);
        trimmer.lookAtAge(tailed.key);
        long now = System.nanoTime();
        if (now - tailed.kept > options.roomExpiry().toNanos() / 4) {
            tailed.kept = now;
            redis.tell(to -> to.pexpire(tailed.key, options.roomExpiry()));
        }
    }

    void close() {
        polling.dispose();
        serial.execute(() -> {
            closed = true;
            for (Tailed tailed : List.copyOf(rooms.values())) {
                redis.subscriptions.unsubscribe(tailed.wake);
                tailed.tails.forEach(tail -> tail.fail(closedFailure()));
            }
            rooms.clear();
        });
    }

    private static IllegalStateException closedFailure() {
        return new IllegalStateException("redis: closed");
    }
}

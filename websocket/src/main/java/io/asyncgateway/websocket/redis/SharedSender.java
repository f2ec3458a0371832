package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.websocket.channel.ChannelFullException;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.channel.DropReason;
import io.asyncgateway.websocket.channel.LocalChannels;
import io.lettuce.core.SetArgs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts messages into the lists of shared channels. The capacity is held without a script: who finds the list too long after its push takes its own
 * message out again, and if that is gone, a reader has it. Senders also drop what has expired, since readers may have none.
 *
 * <p>Safe for use from any thread.
 */
final class SharedSender {
    private static final byte[] NOTHING = {};
    private static final Duration SHORTEST_ALIVE = Duration.ofMinutes(10);
    private static final int SWEEP_CONCURRENCY = 32;

    /** What this node knows of a channel that it sent to lately. Guarded by its monitor. */
    private static final class Sent {
        final SharedKeys keys;
        /** At most so many of this node's messages wait, without the doubtful ones. */
        long waiting;

        long lastSent;
        long lastKept;

        /** Those that waited when the connection was lost, and may be gone. */
        long doubtful;

        long lastDoubtful;
        /** How many outages there had been when that was last looked at. */
        int outages;
        /** The {@link SharedKeys#alive} of the data that they were put into; empty while that is not known. */
        byte[] generation = NOTHING;

        Sent(SharedKeys keys, int outages) {
            this.keys = keys;
            this.outages = outages;
        }

        void doubtAfter(int outagesNow) {
            if (outages != outagesNow) {
                outages = outagesNow;
                lastKept = 0;
                lastDoubtful = waiting > 0 ? lastSent : lastDoubtful;
                doubtful += waiting;
                waiting = 0;
            }
        }

        /** Returns how many of the doubtful ones Redis has lost. */
        long found(byte[] generationNow) {
            boolean same = generation.length == 0 || Arrays.equals(generation, generationNow);
            long lost = same ? 0 : doubtful;
            waiting += same ? doubtful : 0;
            doubtful = 0;
            generation = generationNow;
            return lost;
        }
    }

    private final RedisConnections redis;
    private final LocalChannels channels;
    private final ChannelLayerOptions options;
    private final AtomicLong nextNumber = new AtomicLong();
    private final ConcurrentHashMap<String, Sent> recent = new ConcurrentHashMap<>();

    SharedSender(RedisConnections redis, LocalChannels channels, ChannelLayerOptions options) {
        this.redis = redis;
        this.channels = channels;
        this.options = options;
    }

    /** Fails with {@link ChannelFullException}, or with what Lettuce says. */
    Mono<Void> send(String channel, ByteBuffer payload) {
        return Mono.defer(() -> {
            SharedKeys keys = SharedKeys.of(redis, channel, channels.node());
            SharedMessage message = SharedMessage.of(
                    redis.clock.millis() + options.expiry().toMillis(),
                    channels.node(),
                    nextNumber.incrementAndGet(),
                    payload);
            return redis.call(to -> to.rpush(keys.list(), message.value()))
                    .flatMap(length -> length <= options.capacity()
                            ? accepted(channel, keys, length)
                            : tooLong(channel, keys, message, length));
        });
    }

    private Mono<Void> accepted(String channel, SharedKeys keys, long length) {
        Sent sent = recent.size() < options.maxChannels()
                ? recent.computeIfAbsent(channel, name -> new Sent(keys, redis.outages()))
                : recent.getOrDefault(channel, new Sent(keys, redis.outages()));
        boolean keep;
        synchronized (sent) {
            long now = redis.clock.millis();
            sent.doubtAfter(redis.outages());
            sent.waiting = Math.min(sent.waiting + 1, length);
            sent.lastSent = now;
            keep = length == 1
                    || sent.generation.length == 0
                    || now - sent.lastKept > options.expiry().toMillis() / 2;
            if (keep) {
                sent.lastKept = now;
            }
        }
        Mono<Void> kept = keep ? keep(channel, sent) : Mono.empty();
        if (length > 1) {
            return kept;
        }
        // Who found the list empty waits for this; who finds it filled needs no word.
        CompletableFuture<Long> woken = redis.send(to -> to.spublish(keys.wake(), NOTHING));
        return kept.then(Mono.fromFuture(woken, true)).then();
    }

    /**
     * Lets Redis forget a channel that nobody reads or sends to any more, and finds out whether it has lost its data: then the key that lives as long as these do
     * has another value, whichever node has made it anew.
     */
    private Mono<Void> keep(String channel, Sent sent) {
        SharedKeys keys = sent.keys;
        Duration tenfold = options.expiry().multipliedBy(10);
        Duration alive = tenfold.compareTo(SHORTEST_ALIVE) > 0 ? tenfold : SHORTEST_ALIVE;
        byte[] mine = (channels.node() + nextNumber.incrementAndGet()).getBytes(US_ASCII);
        redis.tell(to -> to.pexpire(keys.list(), options.expiry().multipliedBy(2)));
        Mono<byte[]> generation = redis.call(
                to -> to.setGet(keys.alive(), mine, SetArgs.Builder.nx().px(alive)));
        return generation
                .defaultIfEmpty(mine)
                .doOnNext(found -> {
                    redis.tell(to -> to.pexpire(keys.alive(), alive));
                    channels.dropped(DropReason.LOST, channel, lost(sent, found));
                })
                .doOnError(failure -> forgetKept(sent))
                .then();
    }

    private long lost(Sent sent, byte[] generation) {
        synchronized (sent) {
            boolean expired =
                    redis.clock.millis() - sent.lastDoubtful > options.expiry().toMillis();
            long lost = sent.found(generation);
            return expired ? 0 : lost;
        }
    }

    private static void forgetKept(Sent sent) {
        synchronized (sent) {
            sent.lastKept = 0;
        }
    }

    private Mono<Void> tooLong(String channel, SharedKeys keys, SharedMessage message, long length) {
        return dropExpiredHead(channel, keys).flatMap(dropped -> {
            if (!dropped) {
                return takeBack(channel, keys, message);
            }
            return length - 1 <= options.capacity()
                    ? accepted(channel, keys, length - 1)
                    : tooLong(channel, keys, message, length - 1);
        });
    }

    private Mono<Void> takeBack(String channel, SharedKeys keys, SharedMessage message) {
        return redis.call(to -> to.lrem(keys.list(), -1, message.value()))
                .flatMap(removed -> removed == 0 ? Mono.empty() : Mono.error(new ChannelFullException(channel)));
    }

    /** Whether there was one. */
    private Mono<Boolean> dropExpiredHead(String channel, SharedKeys keys) {
        return redis.call(to -> to.lindex(keys.list(), 0))
                .map(SharedMessage::new)
                .filter(head -> head.isMalformed() || head.isExpired(redis.clock.millis()))
                .flatMap(head -> redis.call(to -> to.lrem(keys.list(), 1, head.value()))
                        .doOnNext(removed -> channels.dropped(DropReason.EXPIRED, channel, removed))
                        .thenReturn(true))
                .defaultIfEmpty(false);
    }

    /** Drops what has expired in channels that this node sent to, and forgets those that it no longer sends to. */
    Mono<Void> sweep() {
        long forgetBefore = redis.clock.millis() - 3 * options.expiry().toMillis();
        return Flux.fromIterable(recent.entrySet())
                .flatMap(
                        // What fails for one channel, as where its key is of another type, leaves the others alone.
                        entry -> dropExpired(entry.getKey(), entry.getValue().keys)
                                .onErrorComplete()
                                .then(Mono.fromRunnable(() -> {
                                    synchronized (entry.getValue()) {
                                        if (entry.getValue().lastSent < forgetBefore) {
                                            recent.remove(entry.getKey(), entry.getValue());
                                        }
                                    }
                                })),
                        SWEEP_CONCURRENCY)
                .then();
    }

    private Mono<Void> dropExpired(String channel, SharedKeys keys) {
        return dropExpiredHead(channel, keys)
                .repeat()
                .takeWhile(dropped -> dropped)
                .then();
    }

    /** After an outage: what waited is gone if Redis has come back without its data. */
    void countLost() {
        recent.forEach((channel, sent) -> {
            boolean any;
            synchronized (sent) {
                sent.doubtAfter(redis.outages());
                any = sent.doubtful > 0;
            }
            if (any) {
                keep(channel, sent).subscribe(nothing -> {}, failure -> {});
            }
        });
    }
}

package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.channel.DropReason;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One node of a service on a test's Redis, which soon notices an outage and its end, and notes what it is told of drops. */
final class RedisNode implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(20);

    final Redis redis;
    final ChannelLayer layer;
    private final Map<String, AtomicLong> drops = new ConcurrentHashMap<>();

    RedisNode(RedisServer server, ChannelLayerOptions options) {
        redis = Redis.connect(RedisOptions.of(server.uri())
                        .withCommandTimeout(Duration.ofSeconds(1))
                        .withReconnectDelay(Duration.ofMillis(200)))
                .block(SOON);
        layer = redis.channelLayer(options.withDropListener(this::drop)).block(SOON);
    }

    private void drop(DropReason reason, String target, long count) {
        drops.computeIfAbsent(reason + " " + target, key -> new AtomicLong()).addAndGet(count);
    }

    long dropped(DropReason reason, String target) {
        AtomicLong count = drops.get(reason + " " + target);
        return count == null ? 0 : count.get();
    }

    Mono<Void> send(String channel, String message) {
        return layer.send(channel, UTF_8.encode(message));
    }

    /** Its name, with a reader that takes everything. */
    Queue<String> read(String channel) {
        Queue<String> received = new ConcurrentLinkedQueue<>();
        messages(channel).subscribe(received::add);
        return received;
    }

    Flux<String> messages(String channel) {
        return layer.messages(channel).map(bytes -> UTF_8.decode(bytes).toString());
    }

    @Override
    public void close() {
        redis.close().block(SOON);
    }

    /** Messages sent one after the other until it is disposed, of which each was taken, or failed. */
    static final class Sending {
        final Queue<String> taken = new ConcurrentLinkedQueue<>();
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        final Queue<String> failed = new ConcurrentLinkedQueue<>();
        private final AtomicLong begun = new AtomicLong();
        private final Disposable work;

        Sending(RedisNode node, String channel, String prefix) {
            work = Flux.range(0, Integer.MAX_VALUE)
                    .map(number -> prefix + number)
                    .concatMap(message -> Mono.defer(() -> {
                                begun.incrementAndGet();
                                return node.send(channel, message);
                            })
                            .doOnSuccess(nothing -> taken.add(message))
                            .onErrorResume(failure -> {
                                failures.add(failure);
                                failed.add(message);
                                return Mono.empty();
                            })
                            .then(Mono.delay(Duration.ofMillis(1))))
                    .subscribe();
        }

        void dispose() {
            work.dispose();
        }

        /** What was begun has its end, but for one at most that was cancelled. */
        boolean isQuiet() {
            return begun.get() <= taken.size() + failed.size() + 1;
        }
    }
}

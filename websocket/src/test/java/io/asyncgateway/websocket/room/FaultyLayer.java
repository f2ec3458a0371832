package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerStats;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A layer that adds to groups when it is told to, loses what it is told to lose, and is ready when it is told so. */
final class FaultyLayer implements ChannelLayer {
    private final ChannelLayer inner;
    private final Mono<Void> added;
    private final Sinks.Many<Boolean> readiness = Sinks.many().replay().latestOrDefault(true);
    volatile @Nullable Predicate<ByteBuffer> loses;
    volatile boolean ready = true;

    FaultyLayer(ChannelLayer inner, Mono<Void> added) {
        this.inner = inner;
        this.added = added;
    }

    FaultyLayer(ChannelLayer inner) {
        this(inner, Mono.empty());
    }

    void ready(boolean now) {
        ready = now;
        readiness.tryEmitNext(now);
    }

    private Mono<Void> unlessLost(ByteBuffer message, Mono<Void> send) {
        return Mono.defer(() -> {
            Predicate<ByteBuffer> losing = loses;
            return losing != null && losing.test(message) ? Mono.empty() : send;
        });
    }

    @Override
    public String node() {
        return inner.node();
    }

    @Override
    public String newChannel() {
        return inner.newChannel();
    }

    @Override
    public Mono<Void> send(String channel, ByteBuffer message) {
        return unlessLost(message, inner.send(channel, message));
    }

    @Override
    public Mono<ByteBuffer> receive(String channel) {
        return inner.receive(channel);
    }

    @Override
    public Flux<ByteBuffer> messages(String channel) {
        return inner.messages(channel);
    }

    @Override
    public void closeChannel(String channel) {
        inner.closeChannel(channel);
    }

    @Override
    public Mono<Void> groupAdd(String group, String channel) {
        return added.then(inner.groupAdd(group, channel));
    }

    @Override
    public Mono<Void> groupDiscard(String group, String channel) {
        return inner.groupDiscard(group, channel);
    }

    @Override
    public Mono<Void> groupSend(String group, ByteBuffer message) {
        return unlessLost(message, inner.groupSend(group, message));
    }

    @Override
    public ChannelLayerStats stats() {
        return inner.stats();
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public Flux<Boolean> readiness() {
        return readiness.asFlux();
    }

    @Override
    public Mono<Void> close() {
        return inner.close();
    }
}

package io.asyncgateway.websocket.channel;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** The layer of a service with one node. */
final class InMemoryChannelLayer implements ChannelLayer {
    private final LocalChannels channels;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    InMemoryChannelLayer(ChannelLayerOptions options) {
        this(new LocalChannels(options, group -> {}));
    }

    InMemoryChannelLayer(ChannelLayerOptions options, Scheduler scheduler, LongSupplier clock) {
        this(new LocalChannels(options, group -> {}, scheduler, clock));
    }

    private InMemoryChannelLayer(LocalChannels channels) {
        this.channels = channels;
    }

    @Override
    public String node() {
        return channels.node();
    }

    @Override
    public String newChannel() {
        return channels.newChannel();
    }

    @Override
    public Mono<Void> send(String channel, ByteBuffer message) {
        ChannelNames.requireChannel(channel);
        return Mono.fromRunnable(() -> put(channel, message));
    }

    private void put(String channel, ByteBuffer message) {
        try {
            channels.requireOpen();
            switch (channels.deliver(channel, channels.copy(message))) {
                case FULL -> throw new ChannelFullException(channel);
                case CLOSED -> throw new ChannelClosedException(channel);
                case DELIVERED -> channels.countSent();
            }
        } catch (RuntimeException failure) {
            channels.countRefused();
            throw failure;
        }
    }

    @Override
    public Mono<ByteBuffer> receive(String channel) {
        return channels.receive(requireReadable(channel));
    }

    @Override
    public Flux<ByteBuffer> messages(String channel) {
        return channels.messages(requireReadable(channel));
    }

    private String requireReadable(String channel) {
        ChannelNames.requireChannel(channel);
        return ChannelNames.hasNode(channel) ? ChannelNames.requireOwn(channel, node()) : channel;
    }

    @Override
    public void closeChannel(String channel) {
        channels.closeChannel(ChannelNames.requireOwn(channel, node()));
    }

    @Override
    public Mono<Void> groupAdd(String group, String channel) {
        ChannelNames.requireGroup(group);
        ChannelNames.requireOwn(channel, node());
        return Mono.fromRunnable(() -> channels.groupAdd(group, channel));
    }

    @Override
    public Mono<Void> groupDiscard(String group, String channel) {
        ChannelNames.requireGroup(group);
        ChannelNames.requireOwn(channel, node());
        return Mono.fromRunnable(() -> {
            channels.requireOpen();
            channels.groupDiscard(group, channel);
        });
    }

    @Override
    public Mono<Void> groupSend(String group, ByteBuffer message) {
        ChannelNames.requireGroup(group);
        return Mono.fromRunnable(() -> {
            try {
                channels.requireOpen();
                channels.fanOut(group, channels.copy(message));
                channels.countSent();
            } catch (RuntimeException failure) {
                channels.countRefused();
                throw failure;
            }
        });
    }

    @Override
    public ChannelLayerStats stats() {
        return channels.stats();
    }

    @Override
    public boolean isReady() {
        return channels.isOpen();
    }

    @Override
    public Flux<Boolean> readiness() {
        return Flux.concat(Mono.fromSupplier(this::isReady), closed.asMono().thenReturn(false))
                .distinctUntilChanged();
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            channels.close();
            closed.tryEmitEmpty();
        });
    }
}

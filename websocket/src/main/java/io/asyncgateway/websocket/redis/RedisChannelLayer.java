package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.channel.ChannelClosedException;
import io.asyncgateway.websocket.channel.ChannelFullException;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerClosedException;
import io.asyncgateway.websocket.channel.ChannelLayerException;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.channel.ChannelLayerStats;
import io.asyncgateway.websocket.channel.ChannelLayerUnavailableException;
import io.asyncgateway.websocket.channel.ChannelNames;
import io.asyncgateway.websocket.channel.DropReason;
import io.asyncgateway.websocket.channel.LocalChannels;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The layer of a service with several nodes. Groups and the inboxes of nodes are pub/sub channels, to which each node subscribes once; what arrives is fanned out in
 * memory into the bounded queues of the node's own channels. Shared channels are lists.
 */
final class RedisChannelLayer implements ChannelLayer {
    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    private static final long POLL_MILLIS = 1_000;

    private final RedisConnections redis;
    private final LocalChannels channels;
    private final OutgoingStreams streams;
    private final Resync resync;
    private final SharedSender sharedSender;
    private final SharedReaders sharedReaders;
    private final Serial subscribing = new Serial();
    /** In the serial alone. */
    private final Map<String, Subscription> groups = new HashMap<>();

    private final Subscription inbox;
    private final Subscription control;
    private final Readiness readiness = new Readiness();
    private final Disposable.Composite timers = Disposables.composite();
    /** Touched by {@link #ready} alone, which is called in order. */
    private boolean interrupted;

    RedisChannelLayer(RedisConnections redis, ChannelLayerOptions options) {
        this.redis = redis;
        this.channels = new LocalChannels(options, this::reconcile);
        this.streams = new OutgoingStreams(redis.commands, channels.node(), options.maxGroups());
        this.resync = new Resync(redis, streams);
        this.sharedSender = new SharedSender(redis, channels, options);
        this.sharedReaders = new SharedReaders(redis, channels);
        this.inbox = redis.subscriptions.subscribe(
                inbox(channels.node()),
                new TrackedHandler(new LossTracker(System::nanoTime, this::lostDirect), this::deliver, () -> {}));
        this.control = redis.subscriptions.subscribe(resync.control(), resync::message);
        timers.add(redis.onReady(this::ready));
        timers.add(Schedulers.parallel()
                .schedulePeriodically(sharedReaders::sweep, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS));
        long sweep = Math.max(100, Math.min(10_000, options.expiry().toMillis() / 2));
        timers.add(Schedulers.parallel().schedulePeriodically(this::sweep, sweep, sweep, TimeUnit.MILLISECONDS));
    }

    /** Completes when other nodes reach this one, or when Redis can't be reached. */
    Mono<ChannelLayer> start() {
        return redis.subscriptions
                .whenSettled(control)
                .then(redis.subscriptions.whenSettled(inbox))
                .thenReturn(this);
    }

    private void ready(boolean ready) {
        if (!ready) {
            interrupted = true;
        } else if (interrupted) {
            interrupted = false;
            resync.restored();
            sharedSender.countLost();
            sharedReaders.sweep();
        }
        readiness.set(ready && channels.isOpen());
    }

    private void sweep() {
        streams.sweep();
        if (redis.commands.isReady()) {
            sharedSender.sweep().subscribe();
        }
    }

    private String inbox(String node) {
        return redis.key("n", node);
    }

    private void lostDirect(long count) {
        channels.dropped(DropReason.LOST, channels.node(), count);
    }

    private void deliver(Envelope envelope) {
        String channel = envelope.channel();
        if (channel != null && ChannelNames.isOf(channel, channels.node())) {
            switch (channels.deliver(channel, envelope.payload())) {
                case FULL -> channels.dropped(DropReason.CAPACITY, channel, 1);
                case CLOSED -> channels.dropped(DropReason.CLOSED, channel, 1);
                case DELIVERED -> {}
            }
        }
    }

    /** Subscribes to the group, or no longer, as its members on this node want. */
    private void reconcile(String group) {
        subscribing.execute(() -> {
            boolean wanted = channels.hasMembers(group);
            Subscription present = groups.get(group);
            if (wanted && present == null) {
                groups.put(group, subscribe(group));
            } else if (!wanted && present != null) {
                groups.remove(group);
                redis.subscriptions.unsubscribe(present);
            }
        });
    }

    /** What there is to wait for, after everything that was reconciled before. */
    private Mono<Void> afterReconciling(Supplier<Mono<Void>> wait) {
        return Mono.<Mono<Void>>create(sink -> subscribing.execute(() -> sink.success(wait.get())))
                .flatMap(waiting -> waiting);
    }

    private Subscription subscribe(String group) {
        LossTracker tracker =
                new LossTracker(System::nanoTime, count -> channels.dropped(DropReason.LOST, group, count));
        return redis.subscriptions.subscribe(
                redis.key("g", group),
                new TrackedHandler(
                        tracker, envelope -> channels.fanOut(group, envelope.payload()), () -> resync.joined(group)));
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
        return counted(Mono.defer(() -> {
            channels.requireOpen();
            ByteBuffer copy = channels.copy(message);
            if (!ChannelNames.hasNode(channel)) {
                return sharedSender
                        .send(channel, copy)
                        .onErrorMap(failure -> unavailable("send to " + channel, failure));
            }
            return ChannelNames.isOf(channel, node()) ? sendHere(channel, copy) : sendAway(channel, copy);
        }));
    }

    private Mono<Void> sendHere(String channel, ByteBuffer message) {
        return switch (channels.deliver(channel, message)) {
            case FULL -> Mono.error(new ChannelFullException(channel));
            case CLOSED -> Mono.error(new ChannelClosedException(channel));
            case DELIVERED -> Mono.empty();
        };
    }

    private Mono<Void> sendAway(String channel, ByteBuffer message) {
        return publish(Envelope.Kind.DIRECT, inbox(ChannelNames.node(channel)), channel, message)
                .onErrorMap(failure -> unavailable("send to " + channel, failure))
                .flatMap(nodes -> nodes > 0
                        ? Mono.empty()
                        : Mono.error(unavailable(
                                "send to " + channel,
                                new IllegalStateException("its node has ended, or is not back after an outage"))));
    }

    private Mono<Long> publish(Envelope.Kind kind, String pubSub, @Nullable String channel, ByteBuffer message) {
        return Mono.fromFuture(() -> streams.publish(kind, pubSub, channel, message), true);
    }

    @Override
    public Mono<Void> groupSend(String group, ByteBuffer message) {
        ChannelNames.requireGroup(group);
        String pubSub = redis.key("g", group);
        return counted(Mono.defer(() -> {
            channels.requireOpen();
            return publish(Envelope.Kind.GROUP, pubSub, null, channels.copy(message))
                    .onErrorMap(failure -> unavailable("send to group " + group, failure))
                    .then();
        }));
    }

    private Mono<Void> counted(Mono<Void> send) {
        return send.doOnSuccess(nothing -> channels.countSent()).doOnError(failure -> channels.countRefused());
    }

    private static Throwable unavailable(String what, Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        return cause instanceof ChannelLayerException ? cause : new ChannelLayerUnavailableException(what, cause);
    }

    @Override
    public Mono<ByteBuffer> receive(String channel) {
        if (ChannelNames.hasNode(ChannelNames.requireChannel(channel))) {
            return channels.receive(ChannelNames.requireOwn(channel, node()));
        }
        return messages(channel).next().switchIfEmpty(Mono.error(ChannelLayerClosedException::new));
    }

    @Override
    public Flux<ByteBuffer> messages(String channel) {
        if (ChannelNames.hasNode(ChannelNames.requireChannel(channel))) {
            return channels.messages(ChannelNames.requireOwn(channel, node()));
        }
        return sharedReaders.messages(channel);
    }

    @Override
    public void closeChannel(String channel) {
        channels.closeChannel(ChannelNames.requireOwn(channel, node()));
    }

    @Override
    public Mono<Void> groupAdd(String group, String channel) {
        ChannelNames.requireGroup(group);
        ChannelNames.requireOwn(channel, node());
        return Mono.defer(() -> {
            channels.groupAdd(group, channel);
            reconcile(group);
            return afterReconciling(() -> {
                Subscription subscription = groups.get(group);
                return subscription == null ? Mono.empty() : redis.subscriptions.whenSettled(subscription);
            });
        });
    }

    @Override
    public Mono<Void> groupDiscard(String group, String channel) {
        ChannelNames.requireGroup(group);
        ChannelNames.requireOwn(channel, node());
        return Mono.defer(() -> {
            channels.requireOpen();
            channels.groupDiscard(group, channel);
            return afterReconciling(() -> redis.subscriptions.whenGone(redis.key("g", group)));
        });
    }

    @Override
    public ChannelLayerStats stats() {
        return channels.stats();
    }

    @Override
    public boolean isReady() {
        return readiness.get();
    }

    @Override
    public Flux<Boolean> readiness() {
        return readiness.changes();
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            LOG.debug("redis: channel layer of node {} closes", node());
            timers.dispose();
            resync.close();
            channels.close();
            redis.subscriptions.unsubscribe(inbox);
            redis.subscriptions.unsubscribe(control);
            return sharedReaders.close().doFinally(end -> readiness.end());
        });
    }
}

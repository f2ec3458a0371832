package io.asyncgateway.websocket.channel;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The channels and groups of one node, in memory, with their bounds and counts: all of the layer in memory, and what a layer over a broker ends in.
 * Such a layer calls {@link #deliver} and {@link #fanOut} with what arrives, and subscribes at the broker to the groups that
 * {@link #hasMembers} says. Applications use {@link ChannelLayer} instead.
 *
 * <p>Any thread may call; subscribers are called on the thread that delivers.
 */
public final class LocalChannels {
    static final Logger LOG = LoggerFactory.getLogger(ChannelLayer.class);

    final ChannelLayerOptions options;
    final Counters counters = new Counters();
    final long expiryNanos;

    private final String node = ChannelNames.newNode();
    private final LongSupplier clock;
    private final Consumer<String> groupEmptied;
    private final DropReport report;
    private final AtomicLong nextId = new AtomicLong();
    private final AtomicInteger memberships = new AtomicInteger();
    private final ConcurrentHashMap<String, ChannelQueue> channels = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, ChannelQueue>> groups = new ConcurrentHashMap<>();
    private final Disposable sweeper;
    private volatile boolean closed;

    /**
     * No channels, no groups.
     *
     * @param options the bounds
     * @param groupEmptied is told the name of a group when its last member on this node has left; by then it may have members again
     */
    public LocalChannels(ChannelLayerOptions options, Consumer<String> groupEmptied) {
        this(options, groupEmptied, Schedulers.parallel(), System::nanoTime);
    }

    LocalChannels(ChannelLayerOptions options, Consumer<String> groupEmptied, Scheduler scheduler, LongSupplier clock) {
        this.options = options;
        this.groupEmptied = groupEmptied;
        this.clock = clock;
        this.expiryNanos = options.expiry().toNanos();
        this.report = new DropReport(options.dropListener());
        long period = Math.max(100, Math.min(10_000, options.expiry().toMillis() / 2));
        this.sweeper = scheduler.schedulePeriodically(this::sweep, period, period, TimeUnit.MILLISECONDS);
    }

    long now() {
        return clock.getAsLong();
    }

    /**
     * The bounds.
     *
     * @return as given
     */
    public ChannelLayerOptions options() {
        return options;
    }

    /**
     * The id of this node.
     *
     * @return see {@link ChannelLayer#node()}
     */
    public String node() {
        return node;
    }

    /**
     * Opens a channel of this node.
     *
     * @return see {@link ChannelLayer#newChannel()}
     */
    public String newChannel() {
        requireOpen();
        requireRoomForChannel();
        String name = ChannelNames.ofNode(node, nextId.incrementAndGet());
        channels.put(name, new ChannelQueue(name, this));
        if (closed) {
            closeChannel(name);
            throw new ChannelLayerClosedException();
        }
        return name;
    }

    private void requireRoomForChannel() {
        if (channels.size() >= options.maxChannels()) {
            throw new ChannelLayerException(
                    "channels: as many as this node may have (maxChannels: " + options.maxChannels() + ")");
        }
    }

    /**
     * Whether {@link #close} was not called yet.
     *
     * @return whether this may be used
     */
    public boolean isOpen() {
        return !closed;
    }

    /** Fails with {@link ChannelLayerClosedException} if {@link #close} was called. */
    public void requireOpen() {
        if (closed) {
            throw new ChannelLayerClosedException();
        }
    }

    /**
     * Copies a message for delivery.
     *
     * @param message position to limit is read, neither is moved
     * @return a read-only copy
     * @throws IllegalArgumentException if it is too large
     */
    public ByteBuffer copy(ByteBuffer message) {
        int size = message.remaining();
        if (size > options.maxMessageSize()) {
            throw new IllegalArgumentException(
                    "message: " + size + " bytes (expected: at most " + options.maxMessageSize() + ")");
        }
        return ByteBuffer.allocate(size).put(message.duplicate()).flip().asReadOnlyBuffer();
    }

    /**
     * Puts a message into a channel on this node. A shared channel is made where it does not exist.
     *
     * @param channel a valid name
     * @param message will not be changed any more; readers get a view of their own
     * @return what became of it, which is counted only where it was delivered
     */
    public Delivery deliver(String channel, ByteBuffer message) {
        Delivery delivery = null;
        while (delivery == null) {
            ChannelQueue queue = queue(channel);
            if (queue == null) {
                return Delivery.CLOSED;
            }
            delivery = queue.offer(message.asReadOnlyBuffer());
        }
        return delivery;
    }

    /** Null if it is a channel of a node that is not open. */
    private @Nullable ChannelQueue queue(String channel) {
        ChannelQueue queue = channels.get(channel);
        if (queue != null || closed || ChannelNames.hasNode(channel)) {
            return queue;
        }
        requireRoomForChannel();
        return channels.computeIfAbsent(channel, name -> new ChannelQueue(name, this));
    }

    /**
     * Puts a message into all channels of a group on this node. A member at capacity is left out and counted.
     *
     * @param group a valid name
     * @param message will not be changed any more; readers get a view of their own
     */
    public void fanOut(String group, ByteBuffer message) {
        ConcurrentHashMap<String, ChannelQueue> members = groups.get(group);
        if (members == null) {
            return;
        }
        for (ChannelQueue member : members.values()) {
            if (member.offer(message.asReadOnlyBuffer()) == Delivery.FULL) {
                dropped(DropReason.CAPACITY, member.name, 1);
            }
        }
    }

    /**
     * The messages of a channel.
     *
     * @param channel a channel of this node, or a shared one
     * @return see {@link ChannelLayer#messages}
     */
    public Flux<ByteBuffer> messages(String channel) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super ByteBuffer> actual) {
                read(channel, actual);
            }
        };
    }

    /**
     * The next message of a channel.
     *
     * @param channel a channel of this node, or a shared one
     * @return see {@link ChannelLayer#receive}
     */
    public Mono<ByteBuffer> receive(String channel) {
        return messages(channel).next().switchIfEmpty(Mono.error(() -> ended(channel)));
    }

    private void read(String channel, CoreSubscriber<? super ByteBuffer> actual) {
        ChannelReader reader = new ChannelReader(actual);
        actual.onSubscribe(reader);
        boolean attached = false;
        while (!attached) {
            ChannelQueue queue;
            try {
                queue = queue(channel);
            } catch (ChannelLayerException failure) {
                reader.fail(failure);
                return;
            }
            if (queue == null || !queue.isOpen() && ChannelNames.hasNode(channel)) {
                reader.fail(ended(channel));
                return;
            }
            attached = queue.attach(reader);
        }
    }

    private ChannelLayerException ended(String channel) {
        return closed ? new ChannelLayerClosedException() : new ChannelClosedException(channel);
    }

    /**
     * Closes a channel of this node, or does nothing if there is none.
     *
     * @param channel see {@link ChannelLayer#closeChannel}
     */
    public void closeChannel(String channel) {
        ChannelQueue queue = channels.remove(channel);
        if (queue != null) {
            queue.close();
            queue.groups.forEach(group -> groupDiscard(group, channel));
        }
    }

    /**
     * Puts a channel of this node into a group.
     *
     * @param group a valid name
     * @param channel a channel of this node
     * @return whether it is the group's first member on this node
     * @throws ChannelLayerException if the channel is closed or a limit is reached
     */
    public boolean groupAdd(String group, String channel) {
        requireOpen();
        ChannelQueue queue = channels.get(channel);
        if (queue == null) {
            throw new ChannelClosedException(channel);
        }
        queue.touch();
        boolean[] first = new boolean[1];
        groups.compute(group, (name, existing) -> {
            first[0] = existing == null;
            return join(name, existing, queue);
        });
        if (!queue.isOpen()) {
            // Closed in between: either its closing saw the membership, or this does.
            groupDiscard(group, channel);
            throw ended(channel);
        }
        return first[0];
    }

    private ConcurrentHashMap<String, ChannelQueue> join(
            String group, @Nullable ConcurrentHashMap<String, ChannelQueue> existing, ChannelQueue queue) {
        if (existing != null && existing.containsKey(queue.name)) {
            return existing;
        }
        if (existing == null && groups.size() >= options.maxGroups()) {
            throw new ChannelLayerException(
                    "groups: as many as this node may have members in (maxGroups: " + options.maxGroups() + ")");
        }
        if (memberships.get() >= options.maxMemberships()) {
            throw new ChannelLayerException(
                    "memberships: as many as this node may have (maxMemberships: " + options.maxMemberships() + ")");
        }
        ConcurrentHashMap<String, ChannelQueue> members = existing != null ? existing : new ConcurrentHashMap<>(4);
        memberships.incrementAndGet();
        members.put(queue.name, queue);
        queue.groups.add(group);
        return members;
    }

    /**
     * Takes a channel out of a group, or does nothing if it is not in it.
     *
     * @param group a valid name
     * @param channel any name
     */
    public void groupDiscard(String group, String channel) {
        boolean[] emptied = new boolean[1];
        groups.computeIfPresent(group, (name, members) -> {
            ChannelQueue queue = members.remove(channel);
            if (queue != null) {
                memberships.decrementAndGet();
                queue.groups.remove(name);
            }
            emptied[0] = members.isEmpty();
            return emptied[0] ? null : members;
        });
        if (emptied[0]) {
            groupEmptied.accept(group);
        }
    }

    /**
     * Whether a group has a member on this node.
     *
     * @param group a valid name
     * @return whether the broker's messages for it are wanted here
     */
    public boolean hasMembers(String group) {
        return groups.containsKey(group);
    }

    /** Counts a message that was sent. */
    public void countSent() {
        counters.sent.increment();
    }

    /** Counts a message that a reader of this node got without a channel of this node. */
    public void countRead() {
        counters.delivered.increment();
        counters.received.increment();
    }

    /** Counts a message that was refused to its sender. */
    public void countRefused() {
        counters.refused.increment();
    }

    /**
     * Counts messages that are dropped, and tells the listener.
     *
     * @param reason why
     * @param target see {@link DropListener}
     * @param count how many; for zero nothing happens
     */
    public void dropped(DropReason reason, String target, long count) {
        if (count > 0) {
            counters.dropped(reason).add(count);
            report.dropped(reason, target, count);
        }
    }

    /**
     * What has passed through this node.
     *
     * @return see {@link ChannelLayer#stats()}
     */
    public ChannelLayerStats stats() {
        return counters.snapshot(channels.size(), groups.size());
    }

    private void sweep() {
        long groupExpiry = options.groupExpiry().toNanos();
        for (ChannelQueue queue : channels.values()) {
            queue.sweep();
            if (!ChannelNames.hasNode(queue.name)) {
                if (queue.retireIfUnused()) {
                    channels.remove(queue.name, queue);
                }
            } else if (queue.isAbandoned(groupExpiry)) {
                LOG.debug("channel {} is abandoned and closed", queue.name);
                closeChannel(queue.name);
            }
        }
        report.log();
    }

    /** Closes all channels. After it everything fails with {@link ChannelLayerClosedException}. */
    public void close() {
        closed = true;
        sweeper.dispose();
        channels.keySet().forEach(this::closeChannel);
        report.log();
    }
}

package io.asyncgateway.websocket.channel;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait in one channel, and the readers that wait for them. Any thread may offer, ask and cancel; what is held is guarded by the
 * monitor, which is never held while a subscriber or listener is called. {@code work} lets one thread at a time emit, so that each
 * reader's signals are serial and a send from within a reader does not nest.
 *
 * <pre>
 * OPEN ──close──► CLOSED   a channel of a node: what waits is dropped, readers complete
 * OPEN ──retire─► RETIRED  a shared channel that nobody uses; a new queue takes its place with the next use
 * </pre>
 */
final class ChannelQueue {
    private static final AtomicIntegerFieldUpdater<ChannelQueue> WORK =
            AtomicIntegerFieldUpdater.newUpdater(ChannelQueue.class, "work");

    /** A message and the end of its time, in nanoseconds of the node's clock. */
    private record Waiting(ByteBuffer message, long expiresAt) {}

    private enum State {
        OPEN,
        CLOSED,
        RETIRED
    }

    final String name;
    /** Changed within {@link LocalChannels}'s map of groups alone. */
    final Set<String> groups = ConcurrentHashMap.newKeySet();

    private final LocalChannels channels;
    private final ArrayDeque<Waiting> messages = new ArrayDeque<>(2);
    private final ArrayDeque<ChannelReader> readers = new ArrayDeque<>(2);
    private long bytes;
    private volatile State state = State.OPEN;
    private volatile long lastSeen;

    @SuppressWarnings("UnusedVariable") // By its updater.
    private volatile int work;

    ChannelQueue(String name, LocalChannels channels) {
        this.name = name;
        this.channels = channels;
        touch();
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** A sign of life. */
    void touch() {
        lastSeen = channels.now();
    }

    /** Null if the queue has been retired: try again with its successor. */
    @Nullable
    Delivery offer(ByteBuffer message) {
        Delivery delivery;
        int expired = 0;
        synchronized (this) {
            if (state == State.RETIRED) {
                return null;
            }
            if (state == State.CLOSED) {
                return Delivery.CLOSED;
            }
            if (!hasRoom(message)) {
                expired = dropExpired();
            }
            if (hasRoom(message)) {
                messages.add(new Waiting(message, channels.now() + channels.expiryNanos));
                bytes += message.remaining();
                delivery = Delivery.DELIVERED;
            } else {
                delivery = Delivery.FULL;
            }
        }
        channels.dropped(DropReason.EXPIRED, name, expired);
        if (delivery == Delivery.DELIVERED) {
            channels.counters.queued.increment();
            channels.counters.delivered.increment();
            drain();
        }
        return delivery;
    }

    private boolean hasRoom(ByteBuffer message) {
        ChannelLayerOptions options = channels.options;
        return messages.isEmpty()
                || messages.size() < options.capacity() && bytes + message.remaining() <= options.channelBytes();
    }

    private int dropExpired() {
        long now = channels.now();
        int expired = 0;
        for (Waiting first = messages.peek(); first != null && first.expiresAt - now <= 0; first = messages.peek()) {
            take();
            expired++;
        }
        return expired;
    }

    private @Nullable Waiting take() {
        Waiting first = messages.poll();
        if (first != null) {
            bytes -= first.message.remaining();
            channels.counters.queued.decrement();
        }
        return first;
    }

    /** False if the queue has been retired: try again with its successor. */
    boolean attach(ChannelReader reader) {
        synchronized (this) {
            if (state == State.RETIRED) {
                return false;
            }
            if (!reader.isCancelled()) {
                readers.add(reader);
                reader.attached(this);
            }
        }
        touch();
        drain();
        return true;
    }

    void detach(ChannelReader reader) {
        synchronized (this) {
            readers.remove(reader);
        }
        touch();
    }

    /** Brings messages to readers for as long as there are both. */
    void drain() {
        if (WORK.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            boolean more = true;
            while (more) {
                more = step();
            }
            missed = WORK.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private boolean step() {
        Waiting waiting = null;
        ChannelReader reader;
        int expired = 0;
        synchronized (this) {
            if (state == State.CLOSED) {
                reader = readers.poll();
            } else {
                expired = dropExpired();
                reader = messages.isEmpty() ? null : nextReader();
                waiting = reader != null ? take() : null;
            }
        }
        channels.dropped(DropReason.EXPIRED, name, expired);
        if (reader == null) {
            return false;
        }
        if (waiting == null) {
            reader.complete();
        } else if (reader.isCancelled()) {
            giveBack(waiting);
        } else {
            channels.counters.received.increment();
            emit(reader, waiting.message);
        }
        return true;
    }

    /** The reader whose turn it is. Readers take turns, so that several workers share the work. */
    private @Nullable ChannelReader nextReader() {
        for (int i = readers.size(); i > 0; i--) {
            ChannelReader reader = readers.remove();
            if (!reader.isCancelled()) {
                readers.add(reader);
                if (reader.hasDemand()) {
                    return reader;
                }
            }
        }
        return null;
    }

    /** The reader cancelled before it was called: the message is the next reader's. */
    private void giveBack(Waiting waiting) {
        synchronized (this) {
            if (state == State.OPEN) {
                messages.addFirst(waiting);
                bytes += waiting.message.remaining();
                channels.counters.queued.increment();
                return;
            }
        }
        channels.dropped(DropReason.CLOSED, name, 1);
    }

    /** A subscriber that throws breaks the rules of Reactive Streams, but must not stop the channel for the others. */
    private void emit(ChannelReader reader, ByteBuffer message) {
        try {
            reader.next(message);
        } catch (RuntimeException failure) {
            LocalChannels.LOG.error("a subscriber of channel {} threw; it is unsubscribed", name, failure);
            reader.cancel();
        }
    }

    void close() {
        int dropped = 0;
        synchronized (this) {
            if (state != State.OPEN) {
                return;
            }
            state = State.CLOSED;
            while (take() != null) {
                dropped++;
            }
        }
        channels.dropped(DropReason.CLOSED, name, dropped);
        drain();
    }

    /** Drops what has expired without being asked for. */
    void sweep() {
        int expired;
        synchronized (this) {
            expired = dropExpired();
            if (!readers.isEmpty()) {
                touch();
            }
        }
        channels.dropped(DropReason.EXPIRED, name, expired);
    }

    boolean isAbandoned(long forNanos) {
        return channels.now() - lastSeen > forNanos;
    }

    synchronized boolean retireIfUnused() {
        if (state == State.OPEN && messages.isEmpty() && readers.isEmpty()) {
            state = State.RETIRED;
        }
        return state == State.RETIRED;
    }
}

package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ring of messages that grows to its bound, and its counters. Guarded by the lock of its {@link Outbound}, but for the public methods, which take it. */
final class BoundedQueue extends OutboundSource implements OutboundQueue {
    private static final WebSocketEvent.Send[] NO_SLOTS = {};
    private static final int FIRST_SLOTS = 4;

    final QueueOptions options;
    private final Outbound outbound;

    private WebSocketEvent.@Nullable Send[] slots = NO_SLOTS;
    private int head;
    private int size;
    private long bytes;
    private int sizeOnItsWay = -1;
    private boolean paused;
    private boolean closed;

    private long offered;
    private long sent;
    private long dropped;
    private long discarded;

    BoundedQueue(Outbound outbound, QueueOptions options) {
        this.outbound = outbound;
        this.options = options;
        this.paused = options.paused();
    }

    // ------------------------------------------------------------------------------------------------ from any thread

    @Override
    public boolean offer(WebSocketEvent.Send message) {
        return outbound.offer(this, message, message.message().size());
    }

    @Override
    public void resume() {
        outbound.resume(this);
    }

    @Override
    public void close() {
        outbound.close(this);
    }

    @Override
    public boolean isClosed() {
        return outbound.isClosed(this);
    }

    @Override
    public QueueStatistics statistics() {
        return outbound.statistics(this);
    }

    @Override
    public WebSocketSession session() {
        return outbound.session();
    }

    // ------------------------------------------------------------------------------------------------ with the lock

    boolean closed() {
        return closed;
    }

    void unpause() {
        paused = false;
    }

    void countOffer() {
        offered++;
    }

    void countDrop() {
        dropped++;
    }

    void countDiscard() {
        discarded++;
    }

    boolean fits(int messageBytes) {
        return size == 0 || size < options.maxMessages() && bytes + messageBytes <= options.maxBytes();
    }

    void add(WebSocketEvent.Send message, int messageBytes) {
        if (size == slots.length) {
            grow();
        }
        slots[index(size)] = message;
        size++;
        bytes += messageBytes;
    }

    private void grow() {
        int capacity = Math.min(options.maxMessages(), Math.max(FIRST_SLOTS, 2 * size));
        WebSocketEvent.@Nullable Send[] larger = new WebSocketEvent.Send[capacity];
        for (int i = 0; i < size; i++) {
            larger[i] = slots[index(i)];
        }
        slots = larger;
        head = 0;
    }

    private int index(int offset) {
        int index = head + offset;
        return index < slots.length ? index : index - slots.length;
    }

    /** Drops the messages that wait longest until one of this size fits; returns them where somebody wants to know. */
    @Nullable
    List<WebSocketEvent.Send> makeRoom(int messageBytes) {
        List<WebSocketEvent.Send> victims = options.isObserved() ? new ArrayList<>(1) : null;
        while (!fits(messageBytes)) {
            WebSocketEvent.Send victim = removeOldest();
            dropped++;
            if (victims != null && victim != null) {
                victims.add(victim);
            }
        }
        return victims;
    }

    private WebSocketEvent.@Nullable Send removeOldest() {
        WebSocketEvent.Send oldest = slots[head];
        slots[head] = null;
        head = index(1);
        size--;
        if (oldest != null) {
            bytes -= oldest.message().size();
        }
        return oldest;
    }

    @Override
    boolean isReady() {
        return size != 0 && !paused;
    }

    @Override
    WebSocketEvent.@Nullable Send poll() {
        if (!isReady()) {
            return null;
        }
        WebSocketEvent.Send next = removeOldest();
        if (next != null) {
            sizeOnItsWay = next.message().size();
        }
        return next;
    }

    @Override
    void settle(boolean taken) {
        sizeOnItsWay = -1;
        if (taken) {
            sent++;
        } else {
            discarded++;
        }
    }

    /** Gives up what waits. */
    void discard() {
        closed = true;
        discarded += size;
        Arrays.fill(slots, null);
        slots = NO_SLOTS;
        head = 0;
        size = 0;
        bytes = 0;
    }

    /** Takes no more; what waits may still leave, unless it is paused. */
    void refuse() {
        if (paused) {
            discard();
        }
        closed = true;
    }

    QueueStatistics count() {
        boolean onItsWay = sizeOnItsWay >= 0;
        return new QueueStatistics(
                offered, sent, dropped, discarded, onItsWay ? size + 1 : size, onItsWay ? bytes + sizeOnItsWay : bytes);
    }
}

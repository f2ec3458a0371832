package io.asyncgateway.websocket.history;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One tail of a room: a cursor over its log. It holds no entries of its own, so a slow subscriber costs nothing but the gap that it gets. Emission is
 * serialized by a count of wake-ups: whoever raises it from zero emits, on its thread, until it is down again.
 */
final class InMemoryTail implements Subscription {
    private static final AtomicLongFieldUpdater<InMemoryTail> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(InMemoryTail.class, "requested");
    private static final AtomicIntegerFieldUpdater<InMemoryTail> WAKEUPS =
            AtomicIntegerFieldUpdater.newUpdater(InMemoryTail.class, "wakeups");

    final RoomLog log;
    private final InMemoryHistory history;
    private final CoreSubscriber<? super Entry> actual;
    private volatile long requested;

    @SuppressWarnings("UnusedVariable") // By its updater.
    private volatile int wakeups;

    private volatile boolean ended;
    /** The last entry emitted. Written by the one that emits. */
    private EntryId cursor;

    InMemoryTail(InMemoryHistory history, RoomLog log, EntryId after, CoreSubscriber<? super Entry> actual) {
        this.history = history;
        this.log = log;
        this.cursor = after;
        this.actual = actual;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            drain();
        }
    }

    @Override
    public void cancel() {
        ended = true;
        history.remove(this);
    }

    /** Emits what there is and what is asked for. */
    void drain() {
        if (WAKEUPS.getAndIncrement(this) != 0) {
            return;
        }
        int seen = 1;
        do {
            emit();
            seen = WAKEUPS.addAndGet(this, -seen);
        } while (seen != 0);
    }

    private void emit() {
        long demand = requested;
        long emitted = 0;
        while (!ended && emitted != demand) {
            Entry next;
            try {
                next = history.next(log, cursor);
            } catch (HistoryGapException gap) {
                cancel();
                actual.onError(gap);
                return;
            }
            if (next == null) {
                break;
            }
            cursor = next.id();
            emitted++;
            actual.onNext(next);
            if (emitted == demand) {
                demand = requested;
            }
        }
        if (emitted > 0) {
            Operators.produced(REQUESTED, this, emitted);
        }
    }
}

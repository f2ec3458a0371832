package io.asyncgateway.websocket.room;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One subscriber to who is there. Its buffer is guarded by the lock of the {@link Presence}; when it is full, it is dropped, and a new
 * {@link PresenceEvent.Present} is due. Emission is outside the lock, serialized by a count of wake-ups.
 */
final class PresenceSubscription implements Subscription {
    private static final int MAX_BUFFERED = 256;

    private static final AtomicLongFieldUpdater<PresenceSubscription> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(PresenceSubscription.class, "requested");
    private static final AtomicIntegerFieldUpdater<PresenceSubscription> WAKEUPS =
            AtomicIntegerFieldUpdater.newUpdater(PresenceSubscription.class, "wakeups");

    private final Presence presence;
    private final CoreSubscriber<? super PresenceEvent> actual;
    private final ArrayDeque<PresenceEvent> buffer = new ArrayDeque<>();
    private boolean presentDue = true;

    private volatile long requested;

    @SuppressWarnings("UnusedVariable") // By its updater.
    private volatile int wakeups;

    private volatile boolean completed;
    private volatile boolean ended;

    PresenceSubscription(Presence presence, CoreSubscriber<? super PresenceEvent> actual) {
        this.presence = presence;
        this.actual = actual;
    }

    /** With the lock. */
    void add(PresenceEvent event) {
        if (presentDue) {
            return;
        }
        if (buffer.size() == MAX_BUFFERED) {
            buffer.clear();
            presentDue = true;
        } else {
            buffer.add(event);
        }
    }

    /** With the lock: the next event, or null. */
    @Nullable
    PresenceEvent poll() {
        if (presentDue) {
            presentDue = false;
            return new PresenceEvent.Present(presence.all());
        }
        return buffer.poll();
    }

    void complete() {
        completed = true;
        drain();
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
        presence.remove(this);
    }

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
        long emitted = 0;
        while (!ended && !completed && emitted != requested) {
            PresenceEvent event = presence.next(this);
            if (event == null) {
                break;
            }
            emitted++;
            actual.onNext(event);
        }
        if (emitted > 0) {
            Operators.produced(REQUESTED, this, emitted);
        }
        if (completed && !ended) {
            ended = true;
            actual.onComplete();
        }
    }
}

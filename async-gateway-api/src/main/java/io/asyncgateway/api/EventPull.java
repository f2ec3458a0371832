package io.asyncgateway.api;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Turns {@link Receive} into the elements of a {@code Flux}: pulls one event at a time and only while there is demand. Subscription of the
 * elements and subscriber of each pull in one object, since the body of every request goes through it.
 *
 * <p>{@code work} serializes the decision to pull, and turns the recursion of a pull that answers at once into a loop.
 */
abstract class EventPull<T> implements CoreSubscriber<ReceiveEvent>, Subscription {
    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<EventPull> DEMAND =
            AtomicLongFieldUpdater.newUpdater(EventPull.class, "demand");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<EventPull> WORK =
            AtomicIntegerFieldUpdater.newUpdater(EventPull.class, "work");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<EventPull, Subscription> PULL =
            AtomicReferenceFieldUpdater.newUpdater(EventPull.class, Subscription.class, "pull");

    private final Receive receive;
    private final CoreSubscriber<? super T> actual;

    private volatile long demand;

    @SuppressWarnings("UnusedVariable") // By its updater.
    private volatile int work;

    @SuppressWarnings("UnusedVariable") // By its updater.
    private volatile @Nullable Subscription pull;

    private volatile boolean ended;

    private boolean pulling;
    private boolean answered;

    EventPull(Receive receive, CoreSubscriber<? super T> actual) {
        this.receive = receive;
        this.actual = actual;
    }

    /** Calls {@link #emit}, {@link #end} and {@link #fail} as the event says. An event that leads to none of them is skipped. */
    abstract void accept(ReceiveEvent event);

    final void emit(T element) {
        if (!ended) {
            Operators.produced(DEMAND, this, 1);
            actual.onNext(element);
        }
    }

    final void end() {
        if (!ended) {
            ended = true;
            actual.onComplete();
        }
    }

    final void fail(Throwable failure) {
        if (ended) {
            Operators.onErrorDropped(failure, currentContext());
        } else {
            ended = true;
            actual.onError(failure);
        }
    }

    @Override
    public final void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(DEMAND, this, n);
            pullWhileDemanded();
        }
    }

    @Override
    public final void cancel() {
        ended = true;
        Operators.terminate(PULL, this);
    }

    private void pullWhileDemanded() {
        if (WORK.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            if (!pulling && !ended && demand != 0) {
                pulling = true;
                answered = false;
                next().subscribe(this);
            }
            missed = WORK.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private Mono<ReceiveEvent> next() {
        try {
            return receive.receive();
        } catch (RuntimeException failure) {
            return Mono.error(failure);
        }
    }

    @Override
    public final Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public final void onSubscribe(Subscription subscription) {
        if (Operators.replace(PULL, this, subscription)) {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public final void onNext(ReceiveEvent event) {
        answered = true;
        accept(event);
    }

    @Override
    public final void onError(Throwable failure) {
        fail(failure);
    }

    @Override
    public final void onComplete() {
        if (!answered) {
            fail(new IllegalStateException("receive completed without an event"));
            return;
        }
        pulling = false;
        pullWhileDemanded();
    }

    /** What {@link #accept} fails with on an event of another protocol. */
    final ProtocolViolationException unexpected(ReceiveEvent event, String expected) {
        return new ProtocolViolationException(
                "received: " + event.getClass().getName() + " (expected: " + expected + ")");
    }
}

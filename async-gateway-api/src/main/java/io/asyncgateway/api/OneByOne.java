package io.asyncgateway.api;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Runs a step for each element, strictly one after the other, and a last step at the end. An element is asked for when the step of the one
 * before has completed, so at most one is held. A failed step cancels the source.
 */
final class OneByOne<T> extends Mono<Void> {
    private final Publisher<? extends T> source;
    private final Function<? super T, ? extends Mono<Void>> step;
    private final Supplier<? extends Mono<Void>> lastStep;

    OneByOne(
            Publisher<? extends T> source,
            Function<? super T, ? extends Mono<Void>> step,
            Supplier<? extends Mono<Void>> lastStep) {
        this.source = source;
        this.step = step;
        this.lastStep = lastStep;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        source.subscribe(new Loop<>(actual, step, lastStep));
    }

    /** Subscriber of the source, and subscription of the result. */
    private static final class Loop<T> implements CoreSubscriber<T>, Subscription {
        /** A step is running. */
        private static final int BUSY = 1;
        /** The source has completed. */
        private static final int EXHAUSTED = 2;
        /** The result has ended or was cancelled. */
        private static final int ENDED = 4;

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Loop> STATE =
                AtomicIntegerFieldUpdater.newUpdater(Loop.class, "state");

        private final CoreSubscriber<? super Void> actual;
        private final Function<? super T, ? extends Mono<Void>> step;
        private final Supplier<? extends Mono<Void>> lastStep;
        private final Step running = new Step(this);
        private Subscription elements = Operators.emptySubscription();
        private volatile int state;
        private boolean last;

        Loop(
                CoreSubscriber<? super Void> actual,
                Function<? super T, ? extends Mono<Void>> step,
                Supplier<? extends Mono<Void>> lastStep) {
            this.actual = actual;
            this.step = step;
            this.lastStep = lastStep;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            elements = subscription;
            actual.onSubscribe(this);
            subscription.request(1);
        }

        @Override
        public void onNext(T element) {
            int before = add(BUSY);
            if ((before & ENDED) != 0) {
                Operators.onNextDropped(element, currentContext());
            } else if ((before & BUSY) != 0) {
                fail(Exceptions.failWithOverflow("the source has sent more elements than it was asked for"));
            } else {
                run(element);
            }
        }

        private void run(T element) {
            Mono<Void> next;
            try {
                next = step.apply(element);
            } catch (Throwable failure) {
                Exceptions.throwIfFatal(failure);
                fail(failure);
                return;
            }
            next.subscribe(running);
        }

        private void runLast() {
            last = true;
            Mono<Void> next;
            try {
                next = lastStep.get();
            } catch (Throwable failure) {
                Exceptions.throwIfFatal(failure);
                fail(failure);
                return;
            }
            next.subscribe(running);
        }

        void stepCompleted() {
            if (last) {
                if ((add(ENDED) & ENDED) == 0) {
                    actual.onComplete();
                }
                return;
            }
            int before = remove(BUSY);
            if ((before & ENDED) != 0) {
                return;
            }
            if ((before & EXHAUSTED) != 0) {
                runLast();
            } else {
                elements.request(1);
            }
        }

        @Override
        public void onComplete() {
            if ((add(EXHAUSTED) & (BUSY | ENDED)) == 0) {
                runLast();
            }
        }

        @Override
        public void onError(Throwable failure) {
            fail(failure);
        }

        void fail(Throwable failure) {
            if ((add(ENDED) & ENDED) != 0) {
                Operators.onErrorDropped(failure, currentContext());
                return;
            }
            elements.cancel();
            running.cancel();
            actual.onError(failure);
        }

        /** There is nothing to ask for. */
        @Override
        public void request(long n) {
            Operators.validate(n);
        }

        @Override
        public void cancel() {
            if ((add(ENDED) & ENDED) == 0) {
                elements.cancel();
                running.cancel();
            }
        }

        private int add(int bit) {
            int before;
            do {
                before = state;
            } while (!STATE.compareAndSet(this, before, before | bit));
            return before;
        }

        private int remove(int bit) {
            int before;
            do {
                before = state;
            } while (!STATE.compareAndSet(this, before, before & ~bit));
            return before;
        }
    }

    /** Subscriber of each step in turn. */
    private static final class Step implements CoreSubscriber<Void> {
        private static final AtomicReferenceFieldUpdater<Step, Subscription> CURRENT =
                AtomicReferenceFieldUpdater.newUpdater(Step.class, Subscription.class, "current");

        private final Loop<?> loop;

        @SuppressWarnings("UnusedVariable") // By its updater.
        private volatile @Nullable Subscription current;

        Step(Loop<?> loop) {
            this.loop = loop;
        }

        void cancel() {
            Operators.terminate(CURRENT, this);
        }

        @Override
        public Context currentContext() {
            return loop.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.replace(CURRENT, this, subscription)) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Void nothing) {}

        @Override
        public void onError(Throwable failure) {
            loop.fail(failure);
        }

        @Override
        public void onComplete() {
            loop.stepCompleted();
        }
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.SendEvent;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** One send: cold, subscribed once, complete at once where the transport takes it. The {@code Mono} and its subscription in one object. */
final class SendOperation extends Mono<Void> implements Subscription {
    private static final AtomicIntegerFieldUpdater<SendOperation> SUBSCRIBED =
            AtomicIntegerFieldUpdater.newUpdater(SendOperation.class, "subscribed");

    private final Exchange exchange;
    private final SendEvent event;

    @SuppressWarnings("UnusedVariable") // by the updater
    private volatile int subscribed;

    private volatile boolean cancelled;
    private @Nullable CoreSubscriber<? super Void> actual;

    SendOperation(Exchange exchange, SendEvent event) {
        this.exchange = exchange;
        this.event = event;
    }

    SendEvent event() {
        return event;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        if (!SUBSCRIBED.compareAndSet(this, 0, 1)) {
            Operators.error(
                    subscriber,
                    new ProtocolViolationException(
                            "send: the result was subscribed twice (expected: once; call send again to send again)"));
            return;
        }
        if (exchange.loop.inEventLoop()) {
            performOnLoop(subscriber);
        } else {
            actual = subscriber;
            subscriber.onSubscribe(this);
            try {
                exchange.loop.execute(this::performLater);
            } catch (RejectedExecutionException stopped) {
                fail(new DisconnectedException()); // the server is gone, and its connections with it
            }
        }
    }

    private void performOnLoop(CoreSubscriber<? super Void> subscriber) {
        boolean complete;
        try {
            complete = exchange.start(this);
        } catch (RuntimeException failure) {
            Operators.error(subscriber, failure);
            return;
        }
        if (complete) {
            Operators.complete(subscriber);
            exchange.afterSend();
        } else {
            actual = subscriber;
            subscriber.onSubscribe(this);
        }
    }

    private void performLater() {
        boolean complete;
        try {
            complete = exchange.start(this);
        } catch (RuntimeException failure) {
            fail(failure);
            return;
        }
        if (complete) {
            complete();
            exchange.afterSend();
        }
    }

    void complete() {
        CoreSubscriber<? super Void> subscriber = actual;
        if (subscriber != null && !cancelled) {
            subscriber.onComplete();
        }
    }

    void fail(Throwable failure) {
        CoreSubscriber<? super Void> subscriber = actual;
        if (subscriber != null && !cancelled) {
            subscriber.onError(failure);
        }
    }

    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    /** The event is not taken back. */
    @Override
    public void cancel() {
        cancelled = true;
    }
}

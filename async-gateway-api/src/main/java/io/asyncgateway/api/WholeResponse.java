package io.asyncgateway.api;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Sends a start and the one body event after it. {@code Mono}, subscriber and subscription in one object: it is in the path of every short
 * response. Like a send it can be subscribed once.
 */
final class WholeResponse extends Mono<Void> implements CoreSubscriber<Void>, Subscription {
    private static final AtomicReferenceFieldUpdater<WholeResponse, Subscription> CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(WholeResponse.class, Subscription.class, "current");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<WholeResponse, CoreSubscriber> ACTUAL =
            AtomicReferenceFieldUpdater.newUpdater(WholeResponse.class, CoreSubscriber.class, "actual");

    private final Send send;
    private final HttpEvent.ResponseStart start;
    private final HttpEvent.ResponseBody body;

    private volatile @Nullable Subscription current;
    private volatile @Nullable CoreSubscriber<? super Void> actual;
    private boolean bodySent;

    WholeResponse(Send send, HttpEvent.ResponseStart start, HttpEvent.ResponseBody body) {
        this.send = send;
        this.start = start;
        this.body = body;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        if (!ACTUAL.compareAndSet(this, null, subscriber)) {
            Operators.error(
                    subscriber, new ProtocolViolationException("send: subscribed a second time (expected: once)"));
            return;
        }
        subscriber.onSubscribe(this);
        if (current == null) {
            dispatch(start);
        }
    }

    private void dispatch(SendEvent event) {
        Mono<Void> sent;
        try {
            sent = send.send(event);
        } catch (RuntimeException failure) {
            actual().onError(failure);
            return;
        }
        sent.subscribe(this);
    }

    @SuppressWarnings("NullAway") // Set before anything is subscribed.
    private CoreSubscriber<? super Void> actual() {
        return actual;
    }

    @Override
    public Context currentContext() {
        return actual().currentContext();
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
        actual().onError(failure);
    }

    @Override
    public void onComplete() {
        if (bodySent) {
            actual().onComplete();
        } else if (current != Operators.cancelledSubscription()) {
            bodySent = true;
            dispatch(body);
        }
    }

    /** There is nothing to ask for. */
    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        Operators.terminate(CURRENT, this);
    }
}

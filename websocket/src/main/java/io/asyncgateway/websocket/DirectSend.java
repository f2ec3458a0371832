package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketEvent;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** One send of a session that somebody waits for. */
final class DirectSend implements Subscription {
    private static final AtomicIntegerFieldUpdater<DirectSend> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(DirectSend.class, "ended");

    final WebSocketEvent.Send event;
    final int bytes;
    private final Outbound outbound;
    private final CoreSubscriber<? super Void> actual;
    private volatile int ended;

    private DirectSend(Outbound outbound, WebSocketEvent.Send event, CoreSubscriber<? super Void> actual) {
        this.outbound = outbound;
        this.event = event;
        this.bytes = event.message().size();
        this.actual = actual;
    }

    /** A send for each subscription. */
    static Mono<Void> of(Outbound outbound, WebSocketEvent.Send event) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> actual) {
                DirectSend send = new DirectSend(outbound, event, actual);
                actual.onSubscribe(send);
                if (!send.isEnded()) {
                    outbound.enqueue(send);
                }
            }
        };
    }

    boolean isEnded() {
        return ended != 0;
    }

    void complete() {
        if (ENDED.compareAndSet(this, 0, 1)) {
            actual.onComplete();
        }
    }

    void fail(Throwable failure) {
        if (ENDED.compareAndSet(this, 0, 1)) {
            actual.onError(failure);
        }
    }

    /** There is nothing to ask for. */
    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        if (ENDED.compareAndSet(this, 0, 1)) {
            outbound.withdraw(this);
        }
    }
}

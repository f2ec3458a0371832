package io.asyncgateway.blocking;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/** Learns from the server that the client has left, or that the exchange is cancelled. Subscriber of the one signal and subscription of the other. */
final class ClientWatch implements CoreSubscriber<Void>, Subscription {
    private final BlockingExchange exchange;
    private volatile @Nullable Subscription signal;
    private volatile boolean ended;

    ClientWatch(BlockingExchange exchange) {
        this.exchange = exchange;
    }

    /** Hears nothing more of the client. */
    void end() {
        ended = true;
        Subscription current = signal;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        signal = subscription;
        if (ended) {
            subscription.cancel();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(Void nothing) {}

    @Override
    public void onError(Throwable failure) {
        onComplete();
    }

    @Override
    public void onComplete() {
        if (!ended) {
            exchange.clientLeft();
        }
    }

    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        exchange.cancelled();
    }
}

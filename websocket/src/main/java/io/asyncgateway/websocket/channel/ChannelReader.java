package io.asyncgateway.websocket.channel;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/** One subscriber of a channel's messages, with its demand. Its signals come from the drain of its queue alone, one at a time. */
final class ChannelReader implements Subscription {
    private static final AtomicLongFieldUpdater<ChannelReader> DEMAND =
            AtomicLongFieldUpdater.newUpdater(ChannelReader.class, "demand");

    private final CoreSubscriber<? super ByteBuffer> actual;
    private volatile long demand;
    private volatile boolean cancelled;
    private volatile @Nullable ChannelQueue queue;

    ChannelReader(CoreSubscriber<? super ByteBuffer> actual) {
        this.actual = actual;
    }

    void attached(ChannelQueue to) {
        queue = to;
    }

    boolean hasDemand() {
        return demand != 0;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void next(ByteBuffer message) {
        Operators.produced(DEMAND, this, 1);
        actual.onNext(message);
    }

    void complete() {
        if (!cancelled) {
            cancelled = true;
            actual.onComplete();
        }
    }

    void fail(Throwable failure) {
        if (!cancelled) {
            cancelled = true;
            actual.onError(failure);
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(DEMAND, this, n);
            ChannelQueue from = queue;
            if (from != null) {
                from.drain();
            }
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        ChannelQueue from = queue;
        if (from != null) {
            from.detach(this);
        }
    }
}

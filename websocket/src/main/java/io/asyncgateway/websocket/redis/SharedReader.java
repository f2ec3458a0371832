package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.channel.ChannelLayerException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/** One subscriber of a shared channel's messages, with its demand. Its signals come from the serial of its channel alone. */
final class SharedReader implements Subscription {
    private static final AtomicLongFieldUpdater<SharedReader> DEMAND =
            AtomicLongFieldUpdater.newUpdater(SharedReader.class, "demand");

    private final SharedReaders readers;
    private final String channel;
    private final CoreSubscriber<? super ByteBuffer> actual;
    private volatile long demand;
    private volatile boolean cancelled;

    SharedReader(SharedReaders readers, String channel, CoreSubscriber<? super ByteBuffer> actual) {
        this.readers = readers;
        this.channel = channel;
        this.actual = actual;
    }

    long demand() {
        return cancelled ? 0 : demand;
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

    void fail(ChannelLayerException failure) {
        if (!cancelled) {
            cancelled = true;
            actual.onError(failure);
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(DEMAND, this, n);
            readers.changed(channel);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        readers.changed(channel);
    }
}

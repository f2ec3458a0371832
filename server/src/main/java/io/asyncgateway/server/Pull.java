package io.asyncgateway.server;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ReceiveEvent;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** One pull of a {@link Source}: asks when it is requested, on the event loop, and is forgotten when it is cancelled. */
final class Pull implements Subscription {
    /** Where events come from; all of it on the event loop. */
    interface Source {
        EventLoop loop();

        /** Answers the pull now or later, with exactly one of {@link Pull#deliver} and {@link Pull#fail}. */
        void pull(Pull pull);

        /** The pull no longer wants an answer. */
        void cancelled(Pull pull);
    }

    /** The {@code Mono} of a source: each subscription is a pull, so one is enough for an exchange. */
    static final class Events extends Mono<ReceiveEvent> {
        private final Source source;

        Events(Source source) {
            this.source = source;
        }

        @Override
        public void subscribe(CoreSubscriber<? super ReceiveEvent> actual) {
            actual.onSubscribe(new Pull(source, actual));
        }
    }

    private final Source source;
    private final CoreSubscriber<? super ReceiveEvent> actual;
    private volatile boolean requested;
    private volatile boolean done;

    private Pull(Source source, CoreSubscriber<? super ReceiveEvent> actual) {
        this.source = source;
        this.actual = actual;
    }

    @Override
    public void request(long n) {
        if (!Operators.validate(n) || requested) {
            return;
        }
        requested = true;
        if (source.loop().inEventLoop()) {
            source.pull(this);
        } else {
            try {
                source.loop().execute(this::pullLater);
            } catch (RejectedExecutionException stopped) {
                fail(new DisconnectedException()); // the server is gone, and its connections with it
            }
        }
    }

    private void pullLater() {
        if (!done) {
            source.pull(this);
        }
    }

    @Override
    public void cancel() {
        if (done) {
            return;
        }
        done = true;
        if (source.loop().inEventLoop()) {
            source.cancelled(this);
        } else if (!source.loop().isShutdown()) {
            source.loop().execute(() -> source.cancelled(this));
        }
    }

    /** Whether it was answered or cancelled; {@link Source#cancelled} may be on its way still. */
    boolean isOver() {
        return done;
    }

    /** {@code false} if the pull was cancelled meanwhile: the event is still to be delivered to another. */
    boolean deliver(ReceiveEvent event) {
        if (done) {
            return false;
        }
        done = true;
        actual.onNext(event);
        actual.onComplete();
        return true;
    }

    void fail(Throwable failure) {
        if (!done) {
            done = true;
            actual.onError(failure);
        }
    }
}

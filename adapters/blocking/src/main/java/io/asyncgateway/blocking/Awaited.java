package io.asyncgateway.blocking;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * One wait of the current thread for a {@code Mono}. Parks, holding no lock, so that a virtual thread lets its carrier go; wakes on the end of the {@code Mono} and on
 * an interrupt, whose mark it leaves set.
 */
final class Awaited<T> implements CoreSubscriber<T> {
    private static final Object NOTHING = new Object();

    private final Thread waiting = Thread.currentThread();
    private @Nullable T value;
    private volatile @Nullable Subscription subscription;

    /** How it ended: {@link #NOTHING}, or the failure. */
    private volatile @Nullable Object end;

    private Awaited() {}

    /**
     * Waits.
     *
     * @return the value; null where there is none
     * @throws InterruptedException where the thread is interrupted before the end; then the {@code Mono} is cancelled
     * @throws Throwable the failure of the {@code Mono}
     */
    static <T> @Nullable T end(Mono<T> mono) throws Throwable {
        Awaited<T> awaited = new Awaited<>();
        mono.subscribe(awaited);
        return awaited.end();
    }

    private @Nullable T end() throws Throwable {
        while (end == null) {
            if (waiting.isInterrupted()) {
                Subscription current = subscription;
                if (current != null) {
                    current.cancel();
                }
                throw new InterruptedException();
            }
            LockSupport.park(this);
        }
        if (end instanceof Throwable failure) {
            throw failure;
        }
        return value;
    }

    @Override
    public void onSubscribe(Subscription started) {
        subscription = started;
        started.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T element) {
        value = element;
    }

    @Override
    public void onError(Throwable failure) {
        end = failure;
        LockSupport.unpark(waiting);
    }

    @Override
    public void onComplete() {
        end = NOTHING;
        LockSupport.unpark(waiting);
    }
}

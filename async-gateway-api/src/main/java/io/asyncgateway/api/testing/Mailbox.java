package io.asyncgateway.api.testing;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Hands things from an event loop to the test. Putting never blocks, not even for a lock.
 *
 * @param <T> the type of the things
 */
final class Mailbox<T> {
    private final Queue<T> things = new ConcurrentLinkedQueue<>();
    private final Semaphore count = new Semaphore(0);

    void put(T thing) {
        things.add(thing);
        count.release();
    }

    boolean isEmpty() {
        return things.isEmpty();
    }

    T take(String what) {
        try {
            if (!count.tryAcquire(ConformanceClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(what + " did not come within " + ConformanceClient.PATIENCE);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, interrupt);
        }
        return Objects.requireNonNull(things.poll());
    }
}

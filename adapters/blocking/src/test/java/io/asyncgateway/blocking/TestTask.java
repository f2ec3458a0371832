package io.asyncgateway.blocking;

import io.asyncgateway.api.RequestException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A task that says what happened to it. */
final class TestTask extends WorkerTask {
    /** What the work throws or not; a latch opened lets it go on. */
    interface Work {
        void run() throws Exception;
    }

    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch done = new CountDownLatch(1);
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger ends = new AtomicInteger();
    final AtomicInteger deadlines = new AtomicInteger();
    volatile RequestException refusal;
    volatile Throwable failure;
    volatile Thread ranOn;
    private final Work work;
    private Work atDeadline = () -> {};
    private Work atEnd = () -> {};

    TestTask(Work work) {
        this.work = work;
    }

    static TestTask of(Callable<?> work) {
        return new TestTask(work::call);
    }

    /** Runs until it is interrupted. */
    static TestTask sleeper() {
        return new TestTask(() -> new CountDownLatch(1).await());
    }

    /** What is done on the thread that tells it. */
    TestTask whenDeadlinePasses(Work listener) {
        atDeadline = listener;
        return this;
    }

    /** What is done on the thread that tells it, before it is {@link #done}. */
    TestTask whenEnded(Work listener) {
        atEnd = listener;
        return this;
    }

    private static void tell(Work listener) {
        try {
            listener.run();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    protected void run() throws Exception {
        runs.incrementAndGet();
        ranOn = Thread.currentThread();
        begun.countDown();
        work.run();
    }

    @Override
    protected void rejected(RequestException reason) {
        refusal = reason;
        ends.incrementAndGet();
        done.countDown();
    }

    @Override
    protected void deadlinePassed() {
        deadlines.incrementAndGet();
        tell(atDeadline);
    }

    @Override
    protected void ended(Throwable thrown) {
        failure = thrown;
        ends.incrementAndGet();
        tell(atEnd);
        done.countDown();
    }

    boolean isDone() {
        return done.getCount() == 0;
    }

    @Override
    public String toString() {
        return "test task";
    }
}

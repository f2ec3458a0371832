package io.asyncgateway.blocking;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread of its own for each task, never more than the bound at the same time. A thread that ends hands its place to the next task. Never blocks, locks nothing. */
final class FreshWorkers implements Workers {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

    private final WorkerPool pool;
    private final BiFunction<String, Runnable, Thread> unstarted;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();

    FreshWorkers(WorkerPool pool, BiFunction<String, Runnable, Thread> unstarted) {
        this.pool = pool;
        this.unstarted = unstarted;
    }

    @Override
    public void taskQueued() {
        // A place that is given back may be what a task has waited for that came in between: so look again.
        while (!pool.queue().isEmpty() && takePlace()) {
            if (startNext()) {
                return;
            }
            taken.decrementAndGet();
        }
    }

    private boolean takePlace() {
        int now = taken.get();
        while (now < pool.options().threads()) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    /** Starts a thread for the next task in a place that is taken; {@code false} if there is no task, or no thread for it, so that the place is to be given back. */
    private boolean startNext() {
        WorkerTask task = pool.queue().next();
        if (task == null) {
            return false;
        }
        try {
            Thread thread = unstarted.apply(pool.threadName(number.incrementAndGet()), () -> run(task));
            thread.setContextClassLoader(pool.contextClassLoader());
            thread.start();
        } catch (Throwable failure) { // out of native threads
            LOG.error("{} can't start a thread", pool, failure);
            pool.noThread(task);
            return false;
        }
        return true;
    }

    private void run(WorkerTask task) {
        pool.run(task);
        if (!startNext()) {
            taken.decrementAndGet();
            taskQueued();
        }
    }

    @Override
    public int threads() {
        return taken.get();
    }

    @Override
    public void close() {}
}

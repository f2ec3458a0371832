package io.asyncgateway.blocking;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Platform threads that are kept for the next task, started when they are needed. Never blocks the thread that submits.
 *
 * <p>At most one thread is being woken at a time. It wakes the next when it has found its task and there are more, so a burst of short
 * tasks is worked off by few threads and a burst of long ones wakes them all, each a few microseconds after the other. That is what makes short tasks
 * cheap: most of the price of a task is the waking of a thread. The thread that was idle last is woken first, so that the others can time out.
 *
 * <p>No task is forgotten: whoever queues one and finds a thread being woken may rely on it, since that thread looks at the queue after it has
 * taken back {@code waking}; whoever finds no thread idle may rely on those that are busy, since a thread looks at the queue again after it has
 * put itself among the idle. Where there is no thread at all and none can be started, what waits is refused.
 */
final class PooledWorkers implements Workers {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

    private final WorkerPool pool;
    private final boolean eraseThreadLocals;
    private final BiFunction<String, Runnable, Thread> unstarted;
    private final ConcurrentLinkedDeque<Worker> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean waking = new AtomicBoolean();
    private final AtomicInteger live = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();

    PooledWorkers(WorkerPool pool, boolean eraseThreadLocals, BiFunction<String, Runnable, Thread> unstarted) {
        this.pool = pool;
        this.eraseThreadLocals = eraseThreadLocals;
        this.unstarted = unstarted;
    }

    @Override
    public void taskQueued() {
        do {
            if (waking.get() || !waking.compareAndSet(false, true)) {
                return;
            }
            Worker worker = idle.pollFirst();
            if (worker != null) {
                worker.wake();
                return;
            }
            if (grow()) {
                return;
            }
            waking.set(false);
        } while (!pool.queue().isEmpty() && (!idle.isEmpty() || live.get() == 0));
    }

    private boolean grow() {
        int now = live.get();
        while (now < pool.options().threads()) {
            if (live.compareAndSet(now, now + 1)) {
                return start();
            }
            now = live.get();
        }
        return false;
    }

    private boolean start() {
        try {
            new Worker(pool.threadName(number.incrementAndGet())).thread.start();
            return true;
        } catch (Throwable failure) { // out of native threads: the task waits for one of those that there are
            LOG.error("{} can't start a thread", pool, failure);
            if (live.decrementAndGet() == 0) {
                refuseWaiting();
            }
            return false;
        }
    }

    /** There is no thread that would come to them. */
    private void refuseWaiting() {
        for (WorkerTask task = pool.queue().next();
                task != null;
                task = pool.queue().next()) {
            pool.noThread(task);
        }
    }

    @Override
    public int threads() {
        return live.get();
    }

    @Override
    public void close() {
        for (Worker worker = idle.pollFirst(); worker != null; worker = idle.pollFirst()) {
            worker.wake();
        }
    }

    private final class Worker implements Runnable {
        final Thread thread;
        private final String name;
        private volatile boolean signalled;

        Worker(String name) {
            this.name = name;
            this.thread = unstarted.apply(name, this);
            thread.setContextClassLoader(pool.contextClassLoader());
        }

        void wake() {
            signalled = true;
            LockSupport.unpark(thread);
        }

        @Override
        public void run() {
            boolean woken = true;
            do {
                work(woken);
                woken = awaitWork();
            } while (woken);
            live.decrementAndGet();
            if (!pool.queue().isEmpty()) {
                taskQueued();
            }
        }

        /** Works until the queue is empty. Who was woken wakes the next first, if there is more than one task. */
        private void work(boolean woken) {
            if (woken) {
                waking.set(false);
            }
            WorkerTask task = pool.queue().next();
            if (task != null && woken && !pool.queue().isEmpty()) {
                taskQueued();
            }
            while (task != null) {
                pool.run(task);
                restore();
                task = pool.queue().next();
            }
        }

        /** {@code false} where there was none for the idle timeout, or the pool is closed: the thread is to end. */
        private boolean awaitWork() {
            if (pool.isClosed()) {
                return false;
            }
            idle.addFirst(this);
            // Closed or a task came in between: unless somebody has chosen this thread already, it goes on by itself.
            if ((pool.isClosed() || !pool.queue().isEmpty()) && idle.removeFirstOccurrence(this)) {
                return !pool.isClosed() || !pool.queue().isEmpty();
            }
            long start = System.nanoTime();
            long limit = pool.options().idleTimeout().toNanos();
            while (!signalled) {
                long left = limit - (System.nanoTime() - start);
                if (left > 0) {
                    LockSupport.parkNanos(this, left);
                } else if (idle.removeFirstOccurrence(this)) {
                    return !pool.queue().isEmpty();
                } else {
                    LockSupport.park(this); // chosen: the signal is on its way
                }
                Thread.interrupted(); // by somebody who kept a reference to the thread; park would not wait with it
            }
            signalled = false;
            return true;
        }

        /** Nothing of a task is left for the next. */
        @SuppressWarnings("ThreadPriorityCheck") // undoes what a task has done
        private void restore() {
            Thread.interrupted(); // also what was set when the task was told of its end
            if (eraseThreadLocals) {
                ThreadLocals.erase();
            }
            if (thread.getContextClassLoader() != pool.contextClassLoader()) {
                thread.setContextClassLoader(pool.contextClassLoader());
            }
            if (!thread.getName().equals(name)) {
                thread.setName(name);
            }
            if (thread.getPriority() != Thread.NORM_PRIORITY) {
                thread.setPriority(Thread.NORM_PRIORITY);
            }
        }
    }
}

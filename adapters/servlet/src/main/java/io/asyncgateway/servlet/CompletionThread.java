package io.asyncgateway.servlet;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which an engine learns what the server's event loops have to tell it: a part of a body has come, a send is through, a peer is gone.
 *
 * <p>It is neither an event loop, since the engine takes locks that a worker may hold at that moment, nor a worker, since all of those may wait
 * for just this news. Only tasks that do not block come here ({@link Engine#dispatch}). Handing one over blocks nobody and takes no lock. The queue is bounded by
 * what it serves: an exchange has at most one read, one send and one failure in it.
 */
final class CompletionThread implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompletionThread.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean parked = new AtomicBoolean();
    private final String name;
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    CompletionThread(String name) {
        this.name = name;
    }

    void start() {
        Thread started = new Thread(null, this::run, name, 0, false);
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    private void wake() {
        if (parked.get() && parked.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (true) {
            Runnable task = tasks.poll();
            if (task != null) {
                run(task);
            } else if (closed) {
                return;
            } else {
                await();
            }
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) { // of one exchange: the thread goes on for the others
            LOG.error("a completion failed", failure);
        }
    }

    private void await() {
        parked.set(true);
        if (!tasks.isEmpty() || closed) {
            parked.set(false);
            return;
        }
        while (parked.get()) {
            LockSupport.park(this);
            Thread.interrupted(); // nobody has a reason to; park would not wait with it
        }
    }

    /** The thread ends when it has run what is there. */
    @Override
    public void close() {
        closed = true;
        wake();
    }
}

package io.asyncgateway.blocking;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * Whether a pool is open: who uses it, and, once it is shut down, whether each task that it has taken was told of its end.
 *
 * <pre>
 *   open ──(shutdown, the last release)──► closed ──(the last task was told)──► drained
 *   closed, drained ──(retain)──► open; the shutdown that was under way is over with that
 * </pre>
 *
 * <p>Safe for use from any thread.
 */
final class PoolLife {
    /** Tasks that were taken and have not been told of their end, which comes after they have given back their place. */
    private final AtomicInteger untold = new AtomicInteger();

    /** Fires when the last task was told of its end; null while the pool is open. */
    private volatile Sinks.@Nullable Empty<Void> closing;

    private final WorkerPool pool;
    private int users;

    PoolLife(WorkerPool pool) {
        this.pool = pool;
    }

    void retain() {
        Sinks.Empty<Void> begun;
        synchronized (this) {
            users++;
            begun = closing;
            closing = null;
        }
        if (begun != null) {
            begun.tryEmitEmpty();
        }
    }

    /** The shutdown, where this was the last user; in one step, so that nobody comes in between. */
    synchronized Sinks.@Nullable Empty<Void> release() {
        if (users == 0) {
            throw new IllegalStateException(pool + ": released more often than retained");
        }
        users--;
        return users == 0 ? close() : null;
    }

    /** Begins a shutdown, or joins the one that is under way. */
    synchronized Sinks.Empty<Void> close() {
        Sinks.Empty<Void> begun = closing;
        if (begun == null) {
            begun = Sinks.empty();
            closing = begun;
        }
        return begun;
    }

    boolean isClosed() {
        return closing != null;
    }

    /** Does something unless the pool was opened again since that shutdown, and while it is not; says whether. */
    synchronized boolean during(Sinks.Empty<Void> shutdown, Runnable step) {
        if (closing != shutdown) {
            return false;
        }
        step.run();
        return true;
    }

    /** Comes before a look at {@link #isClosed}: a shutdown sees the task, or the task sees the shutdown. */
    void taken() {
        untold.incrementAndGet();
    }

    void told() {
        if (untold.decrementAndGet() == 0) {
            checkDrained();
        }
    }

    void checkDrained() {
        Sinks.Empty<Void> drained = closing;
        if (drained != null && untold.get() == 0) {
            drained.tryEmitEmpty();
        }
    }
}

package io.asyncgateway.servlet;

import io.asyncgateway.api.RequestException;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerTask;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker pool as the engine sees it. What comes here goes on with a request that the pool has admitted (an asynchronous dispatch, a listener that can read or write
 * again, a timeout), so it is never refused: that would lose the request. There are few of these at a time for each request.
 */
final class EngineThreads implements ThreadPool, TryExecutor, ContextHandler.ContextScopeListener {
    private static final Logger LOG = LoggerFactory.getLogger(EngineThreads.class);

    /** What this thread goes on with. */
    private static final ThreadLocal<@Nullable Resumed> CURRENT = new ThreadLocal<>();

    private final WorkerPool pool;

    EngineThreads(WorkerPool pool) {
        this.pool = pool;
    }

    /** From the engine, which does not tell for which exchange before it {@linkplain #enterScope begins}. */
    @Override
    public void execute(Runnable task) {
        pool.resume(new Resumed(task));
    }

    void execute(Exchange exchange, Runnable task) {
        Resumed resumed = new Resumed(task);
        resumed.exchange = exchange;
        pool.resume(resumed);
    }

    /** The thread enters the application for a request: if it goes on with one, it is this. */
    @Override
    public void enterScope(Context context, @Nullable Request request) {
        Resumed resumed = request == null ? null : CURRENT.get();
        ExchangeRequest known = resumed == null ? null : Request.as(request, ExchangeRequest.class);
        if (resumed != null && known != null) {
            resumed.exchange = known.exchange();
        }
    }

    @Override
    public boolean tryExecute(Runnable task) {
        execute(task);
        return true;
    }

    /** The threads are not the engine's to wait for. */
    @Override
    public void join() {}

    @Override
    public int getThreads() {
        return pool.metrics().threads();
    }

    @Override
    public int getIdleThreads() {
        return Math.max(0, pool.metrics().threads() - pool.metrics().active());
    }

    @Override
    public boolean isLowOnThreads() {
        return pool.metrics().queued() > 0;
    }

    private static final class Resumed extends WorkerTask {
        private final Runnable task;

        /** Which it goes on with, as soon as that is known. */
        private volatile @Nullable Exchange exchange;

        Resumed(Runnable task) {
            this.task = task;
        }

        @Override
        protected void run() {
            CURRENT.set(this);
            try {
                task.run();
            } finally {
                CURRENT.remove();
            }
        }

        @Override
        protected void deadlinePassed() {
            Exchange late = exchange;
            if (late != null) {
                late.tookTooLong();
            }
        }

        @Override
        protected void rejected(RequestException refusal) {
            LOG.warn("a request can't go on: {}", refusal.getMessage());
        }

        @Override
        protected void ended(@Nullable Throwable failure) {
            if (failure != null) {
                LOG.error("a task of the servlet engine failed", failure);
            }
        }

        @Override
        public String toString() {
            return "servlet engine " + task;
        }
    }
}

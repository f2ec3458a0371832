package io.asyncgateway.servlet;

import io.asyncgateway.api.RequestException;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerTask;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker pool as the engine sees it. What comes here goes on with a request that the pool has admitted (an asynchronous dispatch, a listener that can read or write
 * again, a timeout), so it is never refused: that would lose the request. There are few of these at a time for each request.
 */
final class EngineThreads implements ThreadPool, TryExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(EngineThreads.class);

    private final WorkerPool pool;

    EngineThreads(WorkerPool pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        pool.resume(new Resumed(task));
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

        Resumed(Runnable task) {
            this.task = task;
        }

        @Override
        protected void run() {
            task.run();
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

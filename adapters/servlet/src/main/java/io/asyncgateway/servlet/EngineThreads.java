package io.asyncgateway.servlet;

import io.asyncgateway.api.RequestException;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee11.servlet.AsyncContextState;
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
 * again, a timeout), so it is never refused: that would lose the request. There are few of these at a time for each request, but for the tasks that an application
 * gives to {@code AsyncContext.start}: those are refused past a bound, where nothing is lost, since the application hears of it.
 */
final class EngineThreads implements ThreadPool, TryExecutor, ContextHandler.ContextScopeListener {
    private static final Logger LOG = LoggerFactory.getLogger(EngineThreads.class);

    /** What this thread goes on with. */
    private static final ThreadLocal<@Nullable Resumed> CURRENT = new ThreadLocal<>();

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** As far up as {@code AsyncContext.start} may be. */
    private static final int FRAMES = 16;

    private final WorkerPool pool;
    private final int maxAsyncTasks;

    /** Those that wait or run. */
    private final AtomicInteger resumed = new AtomicInteger();

    EngineThreads(WorkerPool pool, int maxAsyncTasks) {
        this.pool = pool;
        this.maxAsyncTasks = maxAsyncTasks;
    }

    /**
     * From the engine, which does not tell for which exchange before it {@linkplain #enterScope begins}.
     *
     * @throws RejectedExecutionException past the bound, to an application
     */
    @Override
    public void execute(Runnable task) {
        if (resumed.get() >= maxAsyncTasks && isStartedByApplication()) {
            throw new RejectedExecutionException("AsyncContext.start: " + maxAsyncTasks
                    + " tasks wait or run (expected: fewer; ServletOptions.maxAsyncTasks)");
        }
        resume(new Resumed(task));
    }

    void execute(Exchange exchange, Runnable task) {
        Resumed known = new Resumed(task);
        known.exchange = exchange;
        resume(known);
    }

    private void resume(Resumed task) {
        resumed.incrementAndGet();
        pool.resume(task);
    }

    /** The engine hands both its own tasks and those of an application to this executor, and only the call tells which. Asked past the bound alone. */
    private static boolean isStartedByApplication() {
        return STACK.walk(frames -> frames.limit(FRAMES)
                .anyMatch(frame -> frame.getDeclaringClass() == AsyncContextState.class
                        && frame.getMethodName().equals("start")));
    }

    /** The thread enters the application for a request: if it goes on with one, it is this. */
    @Override
    public void enterScope(Context context, @Nullable Request request) {
        Resumed task = request == null ? null : CURRENT.get();
        ExchangeRequest known = task == null ? null : Request.as(request, ExchangeRequest.class);
        if (task != null && known != null) {
            task.exchange = known.exchange();
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

    private final class Resumed extends WorkerTask {
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
            resumed.decrementAndGet();
            LOG.warn("a request can't go on: {}", refusal.getMessage());
        }

        @Override
        protected void ended(@Nullable Throwable failure) {
            resumed.decrementAndGet();
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

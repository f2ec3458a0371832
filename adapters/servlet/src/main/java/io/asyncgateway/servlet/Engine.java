package io.asyncgateway.servlet;

import io.asyncgateway.api.RequestException;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerTask;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's servlet engine without a connector, a socket or a parser: its {@link Server} with one context, and the threads that it runs on.
 *
 * <p>{@link HttpChannel.DefaultFactory} makes {@code org.eclipse.jetty.server.internal.HttpChannelState}, which is why the version of Jetty is pinned.
 */
final class Engine {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final WorkerPool pool;
    private final EngineThreads threads;
    private final Server server;
    private final EngineConnector connector;
    private final HttpConfiguration configuration = configuration();
    private final HttpChannel.Factory channels = new HttpChannel.DefaultFactory();
    private final CompletionThread completions;

    private final ServletContextHandler context;
    private final ServletOptions options;
    private volatile Phase phase = Phase.NEW;
    private volatile String rootPath = "";

    private enum Phase {
        NEW,
        STARTED,
        FAILED,
        STOPPED
    }

    Engine(ServletContextHandler context, WorkerPool pool, ServletOptions options) {
        this(context, pool, options, NUMBER.incrementAndGet());
    }

    private Engine(ServletContextHandler context, WorkerPool pool, ServletOptions options, int number) {
        this(context, pool, options, number, new EngineTimer("servlet-" + number + "-timer"));
    }

    /** With a timer of the caller's. */
    Engine(ServletContextHandler context, WorkerPool pool, ServletOptions options, int number, Scheduler timer) {
        this.context = context;
        this.pool = pool;
        this.options = options;
        this.completions = new CompletionThread("servlet-" + number + "-completions");
        this.threads = new EngineThreads(pool, options.maxAsyncTasks());
        this.server = new Server(threads, timer, new ArrayByteBufferPool());
        this.connector = new EngineConnector(server);
        server.addBean(new SessionLimits(options.maxSessions()));
        server.setErrorHandler(new ErrorPages.OfServer());
        server.setHandler(context);
        context.addEventListener(threads);
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setSendDateHeader(false);
        configuration.setOutputBufferSize(ResponseContent.COPY_LIMIT);
        configuration.setUseOutputDirectByteBuffers(false);
        configuration.setUriCompliance(UriCompliance.DEFAULT);
        configuration.addCustomizer((request, responseHeaders) -> ExchangeMetaData.begin(request));
        return configuration;
    }

    // ------------------------------------------------------------------------------------------------ life

    /** Starts context and servlets; blocks. */
    synchronized void start(String root, Map<String, String> settings) throws Exception {
        if (phase != Phase.NEW) {
            throw new IllegalStateException("a servlet application is started once (now: " + phase + ")");
        }
        phase = Phase.FAILED;
        rootPath = root;
        completions.start();
        try {
            ContextDefaults.before(context, root, options);
            ContextDefaults.settings(context, settings);
            server.start();
            ContextDefaults.after(context, options);
        } catch (Throwable failure) {
            stopQuietly(failure);
            throw failure;
        }
        phase = Phase.STARTED;
    }

    private void stopQuietly(Throwable failure) {
        try {
            server.stop();
        } catch (Exception second) {
            failure.addSuppressed(second);
        } finally {
            completions.close();
        }
    }

    /**
     * The root path of the context's own path: what it was started with. Where nobody has, since the server runs no lifespan, it is started now, with the root path of
     * the first request; those that come meanwhile wait. On a worker.
     */
    String started(String requestRootPath) {
        if (phase == Phase.NEW) {
            startFor(requestRootPath);
        }
        if (phase != Phase.STARTED) {
            throw new IllegalStateException("the servlet application is not running (now: " + phase + ")");
        }
        return rootPath;
    }

    private synchronized void startFor(String requestRootPath) {
        if (phase == Phase.NEW) {
            try {
                start(requestRootPath, Map.of());
            } catch (Exception failure) {
                throw new IllegalStateException("the servlet application can't start", failure);
            }
        }
    }

    /** Stops servlets and context; blocks. */
    synchronized void stop() throws Exception {
        if (phase != Phase.STARTED) {
            return;
        }
        phase = Phase.STOPPED;
        try {
            server.stop();
        } finally {
            completions.close();
        }
    }

    // ------------------------------------------------------------------------------------------------ threads

    /** Runs the request on a worker, or has it refused at once. */
    WorkerTask submit(Exchange exchange) {
        WorkerTask task = new Handling(exchange);
        pool.submit(task);
        return task;
    }

    CompletionThread completions() {
        return completions;
    }

    /**
     * Runs a task that the engine has given back, for an exchange. One that may block, which includes every call of the application, goes to a worker; the others wake
     * workers that wait in a read or a write, and so must not need one.
     */
    void dispatch(Exchange exchange, Runnable task) {
        if (Invocable.getInvocationType(task) == Invocable.InvocationType.BLOCKING) {
            run(exchange, task);
        } else {
            completions.execute(task);
        }
    }

    /** On a worker, whatever they are busy with. */
    void run(Exchange exchange, Runnable task) {
        threads.execute(exchange, task);
    }

    /** On the engine's timer, so it must not block. Never, once the engine is stopped. */
    void later(Duration delay, Runnable task) {
        try {
            server.getScheduler().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            return;
        }
    }

    void complete(Exchange exchange, Callback callback) {
        dispatch(exchange, Invocable.from(callback.getInvocationType(), callback::succeeded));
    }

    void fail(Exchange exchange, Callback callback, Throwable failure) {
        dispatch(exchange, Invocable.from(callback.getInvocationType(), () -> callback.failed(failure)));
    }

    HttpChannel newChannel(Exchange exchange, String prefix) {
        return channels.newHttpChannel(new ExchangeMetaData(exchange, prefix, connector, configuration));
    }

    private static final class Handling extends WorkerTask {
        private final Exchange exchange;

        Handling(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        protected void run() {
            exchange.handle();
        }

        @Override
        protected void rejected(RequestException refusal) {
            exchange.refused(refusal);
        }

        @Override
        protected void deadlinePassed() {
            exchange.tookTooLong();
        }

        @Override
        protected void ended(@Nullable Throwable failure) {
            if (failure != null) {
                exchange.refused(failure);
            }
        }

        @Override
        public String toString() {
            return exchange.scope().method() + " " + exchange.scope().rawPath();
        }
    }
}

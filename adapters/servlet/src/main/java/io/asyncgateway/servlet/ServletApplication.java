package io.asyncgateway.servlet;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.LifespanApplication;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * A Jakarta Servlet 6.1 application over the contract: real servlet semantics by Jetty's servlet engine, without a connector, a socket or a parser of Jetty's.
 *
 * <pre>{@code
 * Application hello = ServletApplication.of(new HelloServlet());
 *
 * Application shop = ServletApplication.builder()
 *         .war(Path.of("shop.war"))
 *         .pool(WorkerPool.of(WorkerPoolOptions.defaults().withThreads(80).withReuseThreadLocals(true)))
 *         .options(ServletOptions.defaults().withSessionTimeout(Duration.ofHours(1)))
 *         .build();
 * }</pre>
 *
 * <p><b>Threads.</b> Filters, servlets, and listeners of all kinds run on the {@link WorkerPool}; a request that finds no place in it is answered with 503 and
 * {@code retry-after} at once. Asynchronous work that goes on later ({@code AsyncContext}, read and write listeners) always finds one; of what an
 * application gives to {@code AsyncContext.start} no more than {@link ServletOptions#maxAsyncTasks()} waits. Event loops run nothing of
 * the application or the engine. A request whose peer has left, or whose deadline has passed, is not interrupted: its reads and
 * writes fail with {@link java.io.IOException}, at once where they wait, and its {@code AsyncListener}s and read and write listeners are told.
 *
 * <p><b>Life.</b> The context, and all in it that is to be loaded at start-up, is started with the server's lifespan; what fails there stops the server. It is stopped with it.
 * Where a server runs no lifespan, the first request starts it.
 *
 * The operator's settings become init parameters of the context, where it has none of that name.
 *
 * <p><b>Context path.</b> It is the root path of the scope, and behind that the context's own path, if it has one.
 *
 * <p><b>The scope</b> of a request, with its state and signals, is the request attribute {@link #SCOPE_ATTRIBUTE}.
 *
 * <p><b>What it does not do.</b> {@code HttpServletRequest.upgrade} fails with a {@code ServletException}: WebSockets are a scope of their own, beside
 * which {@code Mount} puts this. There is no server push, and no JSP engine.
 *
 * <p>Safe for use from any thread. Serves one server at a time, once.
 */
public final class ServletApplication implements Application {
    /** The name of the request attribute that holds the {@link io.asyncgateway.api.HttpScope}. */
    public static final String SCOPE_ATTRIBUTE = "io.asyncgateway.api.HttpScope";

    private final Engine engine;
    private final WorkerPool pool;
    private final @Nullable ClassLoader contextClassLoader =
            Thread.currentThread().getContextClassLoader();
    private final Application application;

    private ServletApplication(Builder builder, ServletContextHandler context) {
        WorkerPool given = builder.pool;
        this.pool = given == null ? WorkerPool.of(POOL) : given;
        this.engine = new Engine(context, pool, builder.options);
        this.application = Applications.builder()
                .http((scope, receive, send) -> new Exchange(engine, scope, receive, send))
                .lifespan(LifespanApplication.of(this::start, scope -> stop()))
                .build();
    }

    /** As in every servlet container, an application may find what it has left in a thread-local. */
    private static final WorkerPoolOptions POOL =
            WorkerPoolOptions.defaults().withName("servlet").withReuseThreadLocals(true);

    /**
     * An application of one servlet, with all defaults.
     *
     * @param servlet the servlet, at the patterns of its {@code @WebServlet}, or at {@code /*}
     * @return the application
     */
    public static ServletApplication of(Servlet servlet) {
        return builder().servlet(servlet).build();
    }

    /**
     * A new builder.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return application.handle(scope, receive, send);
    }

    private Mono<Void> start(LifespanScope scope) {
        return Mono.defer(() -> {
            pool.retain();
            return blocking(() -> engine.start(scope.rootPath(), scope.settings()))
                    .doFinally(end -> {
                        releaseIfCancelled(end);
                        stopIfCancelled(end);
                    })
                    .onErrorMap(failure -> new IllegalStateException(
                            "the servlet application can't start: " + rootOf(failure), failure))
                    .onErrorResume(failure -> pool.release().then(Mono.error(failure)));
        });
    }

    /** What the application has said; around it is the engine's. */
    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null && cause != root; cause = root.getCause()) {
            root = cause;
        }
        return root;
    }

    /** The context is stopped while the pool still works: a request that has outlived the server may need it to end. */
    private Mono<Void> stop() {
        return blocking(engine::stop)
                .doFinally(this::releaseIfCancelled)
                .onErrorResume(failure -> pool.release().then(Mono.error(failure)))
                .then(pool.release());
    }

    /** The server does not wait for it any more, and would not wait for what comes after. */
    private void releaseIfCancelled(SignalType end) {
        if (end == SignalType.CANCEL) {
            pool.release().subscribe();
        }
    }

    /** A start that does not heed its interrupt ends well all the same, and nobody would stop what it has started. */
    private void stopIfCancelled(SignalType end) {
        if (end == SignalType.CANCEL) {
            blocking(engine::stop).subscribe(); // which waits for the start to end
        }
    }

    private Mono<Void> blocking(LifecycleCall.Step step) {
        return LifecycleCall.mono(step, contextClassLoader);
    }

    /** Collects what the application is made of. Exactly one of servlets, context, initializer and WAR. Not safe for use from several threads. */
    public static final class Builder {
        private @Nullable ServletContextHandler context;
        private @Nullable WorkerPool pool;
        private @Nullable String contextPath;
        private ServletOptions options = ServletOptions.defaults();

        private Builder() {}

        /**
         * A servlet. Called again, one more. It may be asynchronous, and is initialized at start-up. Of its annotations {@code @WebServlet} and
         * {@code @MultipartConfig} count.
         *
         * @param servlet the servlet
         * @param urlPatterns where it is mapped to; by default the patterns of its {@code @WebServlet}, or {@code /*} where it has none
         * @return this
         */
        public Builder servlet(Servlet servlet, String... urlPatterns) {
            Objects.requireNonNull(servlet, "servlet");
            CodeContext target;
            if (context instanceof CodeContext servlets && servlets.hasServlets()) {
                target = servlets;
            } else {
                target = new CodeContext();
                set(target);
            }
            target.addServlet(servlet, urlPatterns);
            return this;
        }

        /**
         * A context that was set up in code, with all that Jetty's servlet engine offers. It must not have been started, and becomes the application's own.
         *
         * <p>Its requests are the engine's own, which differ from those of the other forms: a prefix that a proxy tells of, in front of the root path that the server was
         * started with, is not in {@code getContextPath}, {@code getRequestURI} and {@code getRequestURL}; {@code isTrailerFieldsReady} is always
         * {@code true}; and {@code upgrade} has set the status 101 when it fails, so that a servlet which goes on after that has to set another.
         *
         * @param handler the context
         * @return this
         */
        public Builder context(ServletContextHandler handler) {
            return set(Objects.requireNonNull(handler, "handler"));
        }

        /**
         * An initializer, as frameworks have it, which registers servlets, filters and listeners at start-up.
         *
         * @param initializer the initializer
         * @param handlesTypes what it is called with
         * @return this
         */
        public Builder initializer(ServletContainerInitializer initializer, Class<?>... handlesTypes) {
            CodeContext target = new CodeContext();
            target.addServletContainerInitializer(Objects.requireNonNull(initializer, "initializer"), handlesTypes);
            return set(target);
        }

        /**
         * A WAR file, or the folder of an unpacked one, with {@code web.xml}, annotations and fragments. Needs
         * {@code org.eclipse.jetty.ee11:jetty-ee11-annotations} on the class path, in the version of this module's own engine. It is
         * unpacked into the temporary folder while it runs.
         *
         * @param war the file or folder
         * @return this
         * @throws IllegalArgumentException if there is no such file
         * @throws IllegalStateException if the annotations module is not on the class path
         */
        public Builder war(Path war) {
            if (!Files.exists(war)) {
                throw new IllegalArgumentException("war: " + war + " (expected: a file or folder that exists)");
            }
            try {
                return set(WarContext.of(war.toAbsolutePath()));
            } catch (NoClassDefFoundError missing) {
                throw new IllegalStateException(
                        "war: " + war + " (expected: org.eclipse.jetty.ee11:jetty-ee11-annotations on the class path)",
                        missing);
            }
        }

        private Builder set(ServletContextHandler handler) {
            if (context != null) {
                throw new IllegalStateException(
                        "a second application (expected: servlets, a context, an initializer or a WAR)");
            }
            context = handler;
            return this;
        }

        /**
         * The context's own path, behind the root path that the server or {@code Mount} gives it.
         *
         * @param path begins with {@code /} and does not end with it, or is empty. Default: that of the context or the WAR's
         *     {@code default-context-path}, or else empty
         * @return this
         * @throws IllegalArgumentException if it is no such path
         */
        public Builder contextPath(String path) {
            if (!path.isEmpty() && (path.charAt(0) != '/' || path.endsWith("/"))) {
                throw new IllegalArgumentException(
                        "contextPath: " + path + " (expected: empty, or begins with / and does not end with it)");
            }
            contextPath = path;
            return this;
        }

        /**
         * The threads that it runs on, which may be shared with other applications. The last of them that ends its lifespan shuts it down.
         *
         * @param workers the pool. Default: one of its own with the defaults of {@link WorkerPoolOptions} and
         *     {@linkplain WorkerPoolOptions#reuseThreadLocals() reused thread-locals}, as servlet containers do
         * @return this
         */
        public Builder pool(WorkerPool workers) {
            pool = Objects.requireNonNull(workers, "workers");
            return this;
        }

        /**
         * The bounds.
         *
         * @param values the bounds. Default: {@link ServletOptions#defaults()}
         * @return this
         */
        public Builder options(ServletOptions values) {
            options = Objects.requireNonNull(values, "values");
            return this;
        }

        /**
         * The application. Nothing is started yet.
         *
         * @return the application; the builder can't be used further
         * @throws IllegalStateException if there is neither servlet nor context, initializer or WAR
         */
        public ServletApplication build() {
            ServletContextHandler handler = context;
            if (handler == null) {
                throw new IllegalStateException(
                        "no application (expected: servlets, a context, an initializer or a WAR)");
            }
            if (contextPath != null) {
                handler.setContextPath(contextPath.isEmpty() ? "/" : contextPath);
            }
            return new ServletApplication(this, handler);
        }
    }
}

package io.asyncgateway.blocking;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Ways from blocking code to the contract.
 *
 * <pre>{@code
 * WorkerPool pool = WorkerPool.of(WorkerPoolOptions.defaults().withThreads(40).withQueue(1000));
 *
 * Application legacy = Blocking.application(new LegacyApp(), pool);
 *
 * HttpApplication reactive = (scope, receive, send) -> Blocking.call(pool, () -> repository.find(scope.localPath()))
 *         .flatMap(found -> Http.respond(send, 200, found));
 * }</pre>
 */
public final class Blocking {
    private Blocking() {}

    /**
     * A blocking application on a pool of its own, with default bounds.
     *
     * @param application the application
     * @return an application for HTTP and the lifespan
     */
    public static Application application(BlockingApplication application) {
        return application(application, WorkerPool.of(WorkerPoolOptions.defaults()));
    }

    /**
     * A blocking application on a pool.
     *
     * @param application the application
     * @param pool where it runs; may be shared with other applications. The last of them that ends its lifespan shuts it down
     * @return an application for HTTP and the lifespan; fails with {@link io.asyncgateway.api.UnsupportedScopeException} on a WebSocket
     */
    public static Application application(BlockingApplication application, WorkerPool pool) {
        return application(application, pool, BlockingOptions.defaults());
    }

    /**
     * A blocking application on a pool.
     *
     * @param application the application
     * @param pool where it runs; may be shared with other applications. The last of them that ends its lifespan shuts it down
     * @param options how it is treated
     * @return an application for HTTP and the lifespan; fails with {@link io.asyncgateway.api.UnsupportedScopeException} on a WebSocket
     */
    public static Application application(BlockingApplication application, WorkerPool pool, BlockingOptions options) {
        BlockingHandler handler = new BlockingHandler(
                Objects.requireNonNull(application, "application"),
                Objects.requireNonNull(pool, "pool"),
                Objects.requireNonNull(options, "options"));
        return Applications.builder().http(handler).lifespan(handler.lifespan()).build();
    }

    /**
     * One blocking call of a reactive application.
     *
     * @param pool where it runs
     * @param work the call; {@code null} gives an empty result. Interrupted where the result is cancelled or the pool's deadline for tasks passes
     * @param <T> the type of the result
     * @return the result, on a thread of the pool; cold, each subscription is a call. Fails with what the call has thrown, and with
     *     {@link io.asyncgateway.api.RequestException} where the pool has no room (503) or its deadline passes (504), which answers the request that lets it through. A result that comes
     *     too late goes to {@link Mono#doOnDiscard}
     */
    public static <T> Mono<T> call(WorkerPool pool, Callable<? extends @Nullable T> work) {
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(work, "work");
        return CallTask.mono(pool, work, true);
    }
}

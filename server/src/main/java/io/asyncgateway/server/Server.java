package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Serves an application of the contract.
 *
 * <pre>{@code
 * RunningServer server = Server.of(application, ServerConfig.defaults().withAddress("0.0.0.0", 8080))
 *         .start()
 *         .block();
 * server.stopped().block();
 * }</pre>
 *
 * <p>Immutable; each start makes a server of its own, with event loops of its own, so several can live in one JVM.
 */
public final class Server {
    private final Application application;
    private final ServerConfig config;

    private Server(Application application, ServerConfig config) {
        this.application = Objects.requireNonNull(application, "application");
        this.config = Objects.requireNonNull(config, "config");
    }

    /**
     * A server with the default configuration.
     *
     * @param application what to serve
     * @return the server, not started
     */
    public static Server of(Application application) {
        return of(application, ServerConfig.defaults());
    }

    /**
     * A server.
     *
     * @param application what to serve
     * @param config how
     * @return the server, not started
     */
    public static Server of(Application application, ServerConfig config) {
        return new Server(application, config);
    }

    /**
     * Starts: runs the application's lifespan start-up, then binds every address. Cold; each subscription starts a server. Cancelling it
     * before it has completed stops what was begun.
     *
     * @return the running server; fails with {@link ServerException}, whose message is one line, if the application's start-up fails or an
     *     address can't be bound, after everything that was begun is released
     */
    public Mono<RunningServer> start() {
        return ServerLife.start(application, config);
    }
}

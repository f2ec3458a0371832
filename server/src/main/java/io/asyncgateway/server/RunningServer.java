package io.asyncgateway.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import reactor.core.publisher.Mono;

/** A server that is bound and serves, until it is shut down. Safe for use from any thread. */
public interface RunningServer {
    /**
     * Where it listens, with the real ports, in the order of {@link ServerConfig#addresses()}.
     *
     * @return the addresses
     */
    List<SocketAddress> addresses();

    /**
     * Where it listens for HTTP/3, with the real ports: addresses of UDP.
     *
     * @return the addresses; none where HTTP/3 is not served
     */
    List<InetSocketAddress> http3Addresses();

    /**
     * The port of the first TCP address.
     *
     * @return the port
     * @throws IllegalStateException if it listens on no TCP address
     */
    int port();

    /**
     * Where the server is in its life. A readiness probe says yes at {@link Phase#SERVING} alone.
     *
     * @return the phase
     */
    Phase phase();

    /**
     * The number of open connections.
     *
     * @return the number at this moment
     */
    int connections();

    /**
     * The number of exchanges whose application has not ended.
     *
     * @return the number at this moment
     */
    int exchanges();

    /**
     * Reads the files of {@link ServerConfig#tls()} again, changed or not. Connections stay, new handshakes get what is new. Cold.
     *
     * @return whether all is well: {@code false} if the files are not good, of which the log says more, and what was there before stays.
     *     {@code true} without TLS
     */
    Mono<Boolean> reload();

    /**
     * Begins a graceful shutdown at once, subscribed or not: stops accepting, fires {@code draining()}, closes idle connections and
     * WebSockets, waits for the exchanges in flight up to {@link Timeouts#gracefulShutdown()}, aborts what is left, ends the lifespan.
     * A second call changes nothing.
     *
     * @return {@link #stopped()}
     */
    Mono<Void> shutdown();

    /**
     * Ends the wait of a shutdown (and begins one if there is none): what is in flight is aborted now.
     *
     * @return {@link #stopped()}
     */
    Mono<Void> force();

    /**
     * The end of the server's life.
     *
     * @return completes when everything is released; fails with {@link ServerException} if the application's shutdown failed
     */
    Mono<Void> stopped();

    /** The phases of a server's life, in their order. */
    enum Phase {
        /** The lifespan starts, sockets are bound. */
        STARTING,
        /** Connections are accepted. */
        SERVING,
        /** No connections are accepted; what is in flight is finished. */
        DRAINING,
        /** Everything is released. */
        STOPPED
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The life of one server, from start-up to the release of its last thread. Safe for use from any thread.
 *
 * <pre>
 *   STARTING ──(lifespan started, every address bound)──► SERVING
 *   SERVING  ──(shutdown)──► DRAINING: listening sockets closed, signal fired, connections told
 *   DRAINING ──(no exchange, no connection | graceful timeout | force)──► lifespan shutdown ──► event loops end ──► STOPPED
 * </pre>
 */
final class ServerLife implements RunningServer {
    private static final Logger LOG = LoggerFactory.getLogger("io.asyncgateway.server");

    /** After it, threads of a stopped server are left to themselves. */
    private static final Duration LOOPS_END_WITHIN = Duration.ofSeconds(5);

    /** What is aborted ends at once, but on its own event loop. */
    private static final Duration ABORTED_WITHIN = Duration.ofSeconds(2);

    private final ServerContext context;
    private final TlsReload tls;
    private final Lifespan lifespan;
    private final EventLoops loops;
    private final Connections connections;
    private final List<Listener.Bound> bound = new ArrayList<>();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private final Sinks.Empty<Void> forced = Sinks.empty();
    private final Sinks.Empty<Void> stopped = Sinks.empty();
    private volatile @Nullable Http3Listener http3;
    private volatile Phase phase = Phase.STARTING;
    private volatile @Nullable ScheduledFuture<?> clockTask;

    private ServerLife(ServerContext context, TlsReload tls, Lifespan lifespan, EventLoops loops) {
        this.context = context;
        this.tls = tls;
        this.lifespan = lifespan;
        this.loops = loops;
        this.connections = new Connections(context.config.limits().connections());
    }

    static Mono<RunningServer> start(Application application, ServerConfig config) {
        return Mono.fromRunnable(config.proxies()::check)
                .then(Mono.defer(() -> TlsReload.load(config.tls(), Listener.protocols(config), quic(config))))
                .flatMap(tls -> start(application, config, tls));
    }

    private static TlsContexts.@Nullable QuicMaker quic(ServerConfig config) {
        if (!config.http3().enabled()) {
            return null;
        }
        QuicLibrary.check();
        Tls tls = config.tls();
        if (tls == null) {
            throw new ServerException("http3: no TLS (expected: a certificate; HTTP/3 is always encrypted)", null);
        }
        if (tls.clientAuthentication() != ClientAuthentication.NONE) {
            // Netty's QUIC forgets to ask where certificates are chosen by name, and who is not asked must not be let
            // in.
            throw new ServerException(
                    "http3: client authentication " + tls.clientAuthentication()
                            + " (expected: NONE; client certificates are for TCP alone)",
                    null);
        }
        return Http3Certificates.maker();
    }

    private static Mono<RunningServer> start(Application application, ServerConfig config, TlsReload tls) {
        Lifespan lifespan = new Lifespan(config.settings(), config.http().rootPath(), config.lifespan());
        return lifespan.start(application)
                .then(Mono.defer(() -> {
                    ServerContext context = new ServerContext(application, config, lifespan.state());
                    return new ServerLife(context, tls, lifespan, new EventLoops(config.transport())).bind();
                }))
                .onErrorResume(failure -> undo(lifespan, config).then(Mono.error(failure)))
                .doOnCancel(() -> undo(lifespan, config).subscribe());
    }

    /** Ends a lifespan whose server does not come to life. */
    private static Mono<Void> undo(Lifespan lifespan, ServerConfig config) {
        return lifespan.stop()
                .timeout(config.timeouts().gracefulShutdown().plusSeconds(1))
                .onErrorComplete()
                .doFinally(end -> lifespan.cancel());
    }

    private Mono<RunningServer> bind() {
        return Flux.fromIterable(context.config.addresses())
                .concatMap(address -> Listener.bind(address, context, tls.contexts(), loops, connections))
                .doOnNext(server -> {
                    synchronized (bound) {
                        bound.add(server);
                    }
                })
                .then(Mono.defer(this::bindHttp3))
                .then(Mono.<RunningServer>fromSupplier(this::serve))
                .onErrorResume(failure -> release().then(Mono.error(failure)))
                .doOnCancel(() -> release().subscribe());
    }

    private Mono<Void> bindHttp3() {
        TlsContexts contexts = tls.contexts();
        if (!context.config.http3().enabled() || contexts == null) {
            return Mono.empty();
        }
        return Http3Listener.bind(addresses(), context, contexts, loops, connections)
                .doOnNext(listener -> http3 = listener)
                .then();
    }

    private RunningServer serve() {
        clockTask = loops.group().next().scheduleAtFixedRate(context.clock::tick, 1, 1, TimeUnit.SECONDS);
        tls.watch();
        phase = Phase.SERVING;
        return this;
    }

    // ------------------------------------------------------------------------------------------- what there is to know

    @Override
    public List<SocketAddress> addresses() {
        return servers().stream().map(Listener.Bound::address).toList();
    }

    private List<Listener.Bound> servers() {
        synchronized (bound) {
            return List.copyOf(bound);
        }
    }

    @Override
    public List<InetSocketAddress> http3Addresses() {
        Http3Listener listener = http3;
        return listener == null ? List.of() : listener.addresses();
    }

    @Override
    public int port() {
        for (SocketAddress address : addresses()) {
            if (address instanceof InetSocketAddress inet) {
                return inet.getPort();
            }
        }
        throw new IllegalStateException("listens on no TCP address");
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public int connections() {
        return connections.count();
    }

    @Override
    public int exchanges() {
        return context.exchanges();
    }

    @Override
    public Mono<Void> stopped() {
        return stopped.asMono();
    }

    @Override
    public Mono<Boolean> reload() {
        return tls.reload();
    }

    // ------------------------------------------------------------------------------------------------ the way down

    @Override
    public Mono<Void> shutdown() {
        synchronized (this) {
            if (phase != Phase.SERVING) {
                return stopped();
            }
            phase = Phase.DRAINING;
        }
        context.alternative.gone();
        Http3Listener listener = http3;
        if (listener != null) {
            listener.stopAccepting();
        }
        closeListeners()
                .then(Mono.fromRunnable(this::drain))
                .then(Mono.firstWithSignal(
                        drained.asMono(), Mono.delay(graceful()).then(), forced.asMono()))
                .then(Mono.defer(this::abortRest))
                .onErrorResume(failure -> Mono.fromRunnable(() -> LOG.error("shutdown went wrong", failure)))
                .then(stopLifespan())
                .onErrorResume(failure -> release().then(Mono.error(failure)))
                .then(release())
                .doOnTerminate(() -> phase = Phase.STOPPED)
                .subscribe(nothing -> {}, stopped::tryEmitError, stopped::tryEmitEmpty);
        return stopped();
    }

    private Duration graceful() {
        return context.config.timeouts().gracefulShutdown();
    }

    private Mono<Void> closeListeners() {
        return Flux.fromIterable(servers())
                .flatMap(server -> Mono.<Void>create(
                        sink -> server.server().channel().close().addListener(done -> sink.success())))
                .then();
    }

    private void drain() {
        connections.onEmpty(this::checkDrained);
        context.onIdle(this::checkDrained);
        context.draining.fire();
        connections.tell(ServerEvent.DRAIN);
        checkDrained();
    }

    private boolean isDrained() {
        return connections.count() == 0 && context.exchanges() == 0;
    }

    private void checkDrained() {
        if (isDrained()) {
            drained.tryEmitEmpty();
        }
    }

    /** The application's shutdown comes after its last exchange, so what is aborted is waited for too. */
    private Mono<Void> abortRest() {
        if (isDrained()) {
            return Mono.empty();
        }
        int left = context.exchanges();
        if (left > 0) {
            LOG.warn("{} exchanges did not end in time and are aborted", left);
        }
        connections.tell(ServerEvent.FORCE);
        context.cancelDetached();
        return drained.asMono().timeout(ABORTED_WITHIN, Mono.empty());
    }

    @Override
    public Mono<Void> force() {
        forced.tryEmitEmpty();
        return shutdown();
    }

    /** The application's shutdown has the graceful timeout for itself once more. */
    private Mono<Void> stopLifespan() {
        Duration limit = graceful().isZero() ? Duration.ofSeconds(1) : graceful();
        return lifespan.stop()
                .timeout(
                        limit,
                        Mono.error(() -> new ServerException(
                                "application shutdown failed: not complete after " + limit.toSeconds() + " s", null)))
                .doFinally(end -> lifespan.cancel());
    }

    private Mono<Void> release() {
        return Mono.defer(() -> {
            tls.stop();
            ScheduledFuture<?> clock = clockTask;
            if (clock != null) {
                clock.cancel(false);
            }
            Http3Listener listener = http3;
            return closeListeners()
                    .then(listener == null ? Mono.empty() : listener.close())
                    .then(loops.disposeLater(Duration.ZERO, LOOPS_END_WITHIN));
        });
    }
}

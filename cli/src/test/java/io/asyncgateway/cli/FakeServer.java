package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.ServerConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A server without sockets, which records what it is told and stops when the test says so. */
final class FakeServer implements RunningServer {
    final AtomicReference<ServerConfig> config = new AtomicReference<>();
    final AtomicReference<Application> application = new AtomicReference<>();
    final AtomicInteger reloads = new AtomicInteger();
    final Sinks.Empty<Void> stopped = Sinks.empty();
    final Sinks.Empty<Void> drains = Sinks.empty();
    final Sinks.Empty<Void> forced = Sinks.empty();

    Mono<RunningServer> start(Application application, ServerConfig config) {
        this.application.set(application);
        this.config.set(config);
        return Mono.just(this);
    }

    @Override
    public List<SocketAddress> addresses() {
        return List.of(
                new InetSocketAddress("127.0.0.1", 8000),
                new InetSocketAddress("::1", 8001),
                UnixDomainSocketAddress.of("/run/app.sock"));
    }

    @Override
    public List<InetSocketAddress> http3Addresses() {
        return List.of();
    }

    @Override
    public int port() {
        return 8000;
    }

    @Override
    public Phase phase() {
        return Phase.SERVING;
    }

    @Override
    public int connections() {
        return 3;
    }

    @Override
    public int exchanges() {
        return 2;
    }

    @Override
    public Mono<Boolean> reload() {
        return Mono.fromCallable(() -> {
            reloads.incrementAndGet();
            return true;
        });
    }

    @Override
    public Mono<Void> shutdown() {
        drains.tryEmitEmpty();
        return stopped();
    }

    @Override
    public Mono<Void> force() {
        forced.tryEmitEmpty();
        return stopped();
    }

    @Override
    public Mono<Void> stopped() {
        return stopped.asMono();
    }
}

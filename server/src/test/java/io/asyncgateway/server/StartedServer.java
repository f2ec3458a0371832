package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.testing.ConformanceSettings;
import io.asyncgateway.api.testing.ServerUnderTest;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Mono;

/** The server as the conformance kit drives it. */
final class StartedServer implements ServerUnderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** No timeout of the server may hide that it lacks something. */
    static final Duration LONG = Duration.ofSeconds(60);

    private final RunningServer server;

    private StartedServer(RunningServer server) {
        this.server = server;
    }

    static StartedServer start(Application application, ServerConfig config) {
        return new StartedServer(Server.of(application, config).start().block(PATIENCE));
    }

    /** The settings of a rule in the server's own terms; a port of its own on the loopback interface. */
    static ServerConfig configuration(ConformanceSettings settings) {
        Timeouts timeouts = Timeouts.defaults()
                .withDisconnectGrace(settings.disconnectGrace())
                .withRequest(settings.deadline() == null ? Duration.ZERO : settings.deadline())
                .withGracefulShutdown(settings.gracefulShutdown())
                .withKeepAlive(LONG)
                .withHalfClosed(LONG)
                .withLinger(Duration.ofMillis(200));
        Limits limits = Limits.defaults().withInboundWindow(settings.window()).withOutboundWindow(settings.window());
        return ServerConfig.defaults()
                .withAddress("127.0.0.1", 0)
                .withTimeouts(timeouts)
                .withLimits(limits)
                .withHttp(HttpOptions.defaults().withRootPath(settings.rootPath()))
                .withSettings(settings.settings());
    }

    @Override
    public SocketAddress address() {
        return server.addresses().get(0);
    }

    @Override
    public CompletionStage<Void> shutdown() {
        return server.shutdown()
                .onErrorResume(ServerException.class, unclean -> Mono.empty())
                .toFuture();
    }

    @Override
    public void close() {
        server.force()
                .onErrorResume(ServerException.class, unclean -> Mono.empty())
                .block(PATIENCE);
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.testing.ConformanceClient;
import io.asyncgateway.api.testing.ConformanceSettings;
import io.asyncgateway.api.testing.RawHttp1Client;
import io.asyncgateway.api.testing.ServerConformance;
import io.asyncgateway.api.testing.ServerUnderTest;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

/** The server passes the conformance kit on a Unix domain socket. */
class UnixSocketConformanceTest extends ServerConformance {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    static Path folder;

    Transport transport() {
        return Transport.AUTO;
    }

    @Override
    protected ServerUnderTest start(Application application, ConformanceSettings settings) {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s" + NUMBER.incrementAndGet()));
        ServerConfig config = StartedServer.configuration(settings);
        return StartedServer.start(
                application,
                config.withAddresses(List.of(address))
                        .withTransport(config.transport().withTransport(transport())));
    }

    @Override
    protected ConformanceClient client(ServerUnderTest server) {
        return new RawHttp1Client(() -> UnixSocket.connect((UnixDomainSocketAddress) server.address()));
    }
}

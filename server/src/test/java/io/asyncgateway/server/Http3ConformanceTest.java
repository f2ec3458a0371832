package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.testing.ConformanceCapability;
import io.asyncgateway.api.testing.ConformanceClient;
import io.asyncgateway.api.testing.ConformanceSettings;
import io.asyncgateway.api.testing.ServerConformance;
import io.asyncgateway.api.testing.ServerUnderTest;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;

/** The server passes the conformance kit over HTTP/3. */
class Http3ConformanceTest extends ServerConformance {
    /** The window of a stream stands for that of a connection. */
    @Override
    protected ServerUnderTest start(Application application, ConformanceSettings settings) {
        ServerConfig config = TestServer.withHttp3(StartedServer.configuration(settings));
        return StartedServer.start(
                application,
                config.withHttp3(
                        config.http3().withStreamWindow(2 * settings.window()).withIdleTimeout(StartedServer.LONG)));
    }

    @Override
    protected ConformanceClient client(ServerUnderTest server) {
        return new Http3ConformanceClient(() -> Http3Client.connect((InetSocketAddress) server.address()));
    }

    /** A stream whose peer has ended its direction is a request; one whose peer is gone is reset. */
    @Override
    protected Set<ConformanceCapability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(ConformanceCapability.HALF_CLOSE));
    }
}

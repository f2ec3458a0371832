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

/** The server passes the conformance kit over HTTP/2 without TLS, by prior knowledge. */
class Http2ConformanceTest extends ServerConformance {
    /** The settings of a rule, where the windows of a stream stand for those of a connection. */
    static ServerConfig configuration(ConformanceSettings settings) {
        return StartedServer.configuration(settings)
                .withHttp2(Http2Options.defaults().withStreamWindow(settings.window()));
    }

    @Override
    protected ServerUnderTest start(Application application, ConformanceSettings settings) {
        return StartedServer.start(application, configuration(settings));
    }

    @Override
    protected ConformanceClient client(ServerUnderTest server) {
        return new Http2ConformanceClient(() -> Http2Client.connect((InetSocketAddress) server.address()));
    }

    /** A client that closes the connection's direction can neither open windows nor reset streams, and is gone. */
    @Override
    protected Set<ConformanceCapability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(ConformanceCapability.HALF_CLOSE));
    }
}

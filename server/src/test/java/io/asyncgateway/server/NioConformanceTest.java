package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.testing.ConformanceSettings;
import io.asyncgateway.api.testing.ServerConformance;
import io.asyncgateway.api.testing.ServerUnderTest;

/** The server passes the conformance kit on the JDK's own sockets. */
class NioConformanceTest extends ServerConformance {
    @Override
    protected ServerUnderTest start(Application application, ConformanceSettings settings) {
        TransportOptions nio = TransportOptions.defaults().withTransport(Transport.NIO);
        return StartedServer.start(
                application, StartedServer.configuration(settings).withTransport(nio));
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.testing.ConformanceClient;
import io.asyncgateway.api.testing.ConformanceSettings;
import io.asyncgateway.api.testing.ServerUnderTest;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLContext;

/** The server passes the conformance kit over HTTP/2 with TLS, by ALPN. */
class Http2TlsConformanceTest extends Http2ConformanceTest {
    private static final SSLContext CLIENT = TestCertificates.clientContext();

    @Override
    protected ServerUnderTest start(Application application, ConformanceSettings settings) {
        return StartedServer.start(
                application, configuration(settings).withTls(Tls.of(List.of(TestCertificates.localhost()))));
    }

    @Override
    protected ConformanceClient client(ServerUnderTest server) {
        return new Http2ConformanceClient(() -> Http2Client.connect((InetSocketAddress) server.address(), CLIENT));
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.testing.ConformanceCapability;
import io.asyncgateway.api.testing.ConformanceClient;
import io.asyncgateway.api.testing.ConformanceSettings;
import io.asyncgateway.api.testing.RawHttp1Client;
import io.asyncgateway.api.testing.ServerConformance;
import io.asyncgateway.api.testing.ServerUnderTest;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** The server passes the conformance kit over HTTP/1.1 with TLS by OpenSSL. */
class TlsConformanceTest extends ServerConformance {
    private static final SSLContext CLIENT = TestCertificates.clientContext();

    TlsProvider provider() {
        return TlsProvider.OPENSSL;
    }

    @Override
    protected ServerUnderTest start(Application application, ConformanceSettings settings) {
        Tls tls = Tls.of(List.of(TestCertificates.localhost())).withProvider(provider());
        return StartedServer.start(
                application, StartedServer.configuration(settings).withTls(tls));
    }

    @Override
    protected ConformanceClient client(ServerUnderTest server) {
        return new RawHttp1Client(() -> TlsSocket.connect((InetSocketAddress) server.address(), CLIENT));
    }

    /** OpenSSL's engine closes both directions where the peer closes one, as TLS 1.2 asks for. */
    @Override
    protected Set<ConformanceCapability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(ConformanceCapability.HALF_CLOSE));
    }
}

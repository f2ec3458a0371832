package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.testing.ConformanceCapability;
import io.asyncgateway.api.testing.ConformanceClient;
import io.asyncgateway.api.testing.ConformanceSettings;
import io.asyncgateway.api.testing.ServerConformance;
import io.asyncgateway.api.testing.ServerUnderTest;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The server passes the conformance kit over HTTP/3. */
class Http3ConformanceTest extends ServerConformance {
    @TempDir
    static Path folder;

    private static TlsCertificate certificate;

    @BeforeAll
    static void writeCertificate() {
        QuicLibrary.check();
        certificate =
                TestCertificates.write(folder, "server", TestCertificates.issue(TestCertificates.server("localhost")));
    }

    /** The window of a stream stands for that of a connection. */
    @Override
    protected ServerUnderTest start(Application application, ConformanceSettings settings) {
        return StartedServer.start(
                application,
                StartedServer.configuration(settings)
                        .withTls(Tls.of(List.of(certificate)))
                        .withHttp3(Http3Options.defaults().withEnabled(true).withStreamWindow(2 * settings.window())));
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

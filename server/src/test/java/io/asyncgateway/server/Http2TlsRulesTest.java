package io.asyncgateway.server;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The same over TLS, by ALPN. */
class Http2TlsRulesTest extends Http2RulesTest {
    @TempDir
    static Path folder;

    @Override
    ServerConfig configure(ServerConfig config) {
        TlsCertificate certificate =
                TestCertificates.write(folder, "server", TestCertificates.issue(TestCertificates.server("localhost")));
        return super.configure(config).withTls(Tls.of(List.of(certificate)));
    }

    @Override
    Http2Client connect() {
        return Http2Client.connect(address(), TestCertificates.clientContext());
    }
}

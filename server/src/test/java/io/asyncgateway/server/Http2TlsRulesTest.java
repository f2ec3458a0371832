package io.asyncgateway.server;

import java.util.List;

/** The same over TLS, by ALPN. */
class Http2TlsRulesTest extends Http2RulesTest {
    @Override
    ServerConfig configure(ServerConfig config) {
        return super.configure(config).withTls(Tls.of(List.of(TestCertificates.localhost())));
    }

    @Override
    Http2Client connect() {
        return Http2Client.connect(address(), TestCertificates.clientContext());
    }
}

package io.asyncgateway.server;

import static io.asyncgateway.server.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificates of the server over QUIC, and what else is TLS's there. */
class Http3TlsTest {
    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) ->
                    Http.respond(send, 200, String.valueOf(scope.tls().serverName())))
            .build();

    @TempDir
    Path folder;

    /** Looks at no name, so that a test may see any certificate, and has no session to go on with. */
    private static QuicSslContext trust() {
        return QuicSslContextBuilder.forClient()
                .trustManager(TestCertificates.authority().getCertificate())
                .endpointIdentificationAlgorithm(null)
                .applicationProtocols("h3")
                .build();
    }

    private static TestServer start(Tls tls) {
        return TestServer.startHttp3(APPLICATION, config -> config.withTls(tls));
    }

    private static Http3Client connect(TestServer server, String name) {
        return Http3Client.connect(server.http3Address(), trust(), name).begin();
    }

    private static Certificate certificate(Http3Client client) throws SSLPeerUnverifiedException {
        return client.channel().sslEngine().getSession().getPeerCertificates()[0];
    }

    /** The certificate that a new client gets which asks for this name. */
    private static Certificate shown(TestServer server, String name) throws IOException {
        try (Http3Client client = connect(server, name)) {
            assertThat(client.get("/").response().body()).isEqualTo(String.valueOf(name));
            return certificate(client);
        }
    }

    @Test
    void theCertificateIsThatOfTheNameWhichIsAskedFor() throws IOException {
        X509Bundle first = TestCertificates.issue(TestCertificates.server("one.test", "also.test"));
        X509Bundle second = TestCertificates.issue(TestCertificates.server("two.test"));
        Tls tls = Tls.of(List.of(
                TestCertificates.write(folder, "second", second), TestCertificates.write(folder, "first", first)));
        try (TestServer server = start(tls)) {
            assertThat(shown(server, "one.test")).isEqualTo(first.getCertificate());
            assertThat(shown(server, "also.test")).isEqualTo(first.getCertificate());
            assertThat(shown(server, "two.test")).isEqualTo(second.getCertificate());
            assertThat(shown(server, "else.test")).isEqualTo(second.getCertificate());
        }
    }

    @Test
    void aClientThatAsksForNoNameGetsTheFirstCertificate() throws IOException {
        X509Bundle first = TestCertificates.issue(TestCertificates.server("one.test"));
        X509Bundle second = TestCertificates.issue(TestCertificates.server("two.test"));
        Tls tls = Tls.of(List.of(
                        TestCertificates.write(folder, "first", first),
                        TestCertificates.write(folder, "second", second)))
                .withReloadInterval(Duration.ZERO);
        try (TestServer server = start(tls)) {
            assertThat(shown(server, null)).isEqualTo(first.getCertificate());
            X509Bundle next = TestCertificates.issue(TestCertificates.server("one.test"));
            TestCertificates.write(folder, "first", next);
            assertThat(server.running().reload().block(Waiting.PATIENCE)).isTrue();
            assertThat(shown(server, null)).isEqualTo(next.getCertificate());
        }
    }

    @Test
    void aNewCertificateIsServedAfterItsFilesHaveChangedAndConnectionsStay() throws IOException {
        TlsCertificate files = TestCertificates.write(
                folder, "server", TestCertificates.issue(TestCertificates.server("my.localhost")));
        try (TestServer server = start(Tls.of(List.of(files)).withReloadInterval(Duration.ofMillis(20)));
                Http3Client old = connect(server, "my.localhost")) {
            Http3Client.Stream before = old.open();
            X509Bundle next = TestCertificates.issue(TestCertificates.server("my.localhost"));
            TestCertificates.write(folder, "server", next);
            await().until(() -> shown(server, "my.localhost").equals(next.getCertificate()));
            assertThat(old.get("/").response().status()).isEqualTo(200);
            before.end(Http3Client.headers(Http3Client.request("GET", "/")));
            assertThat(before.response().status()).isEqualTo(200);
        }
    }

    @Test
    void filesThatAreNotGoodLeaveTheOldCertificate() throws IOException {
        X509Bundle first = TestCertificates.issue(TestCertificates.server("my.localhost"));
        TlsCertificate files = TestCertificates.write(folder, "server", first);
        try (TestServer server = start(Tls.of(List.of(files)).withReloadInterval(Duration.ZERO))) {
            Files.writeString(files.key(), "nothing");
            assertThat(server.running().reload().block(Waiting.PATIENCE)).isFalse();
            assertThat(shown(server, "my.localhost")).isEqualTo(first.getCertificate());
            assertThat(server.errors()).singleElement().asString().contains("server.key: no private key");
        }
    }

    /** What comes with the first packets could be sent a second time by somebody else (RFC 9114 section 10.9), so none is taken. */
    @Test
    void nothingIsTakenBeforeTheHandshakeIsOver() throws IOException {
        QuicSslContext early = QuicSslContextBuilder.forClient()
                .trustManager(TestCertificates.authority().getCertificate())
                .applicationProtocols("h3")
                .earlyData(true)
                .build();
        try (TestServer server = TestServer.startHttp3(APPLICATION)) {
            for (int i = 0; i < 3; i++) {
                try (Http3Client client = Http3Client.connect(server.http3Address(), early, "my.localhost")) {
                    assertThat(client.hadEarlyData()).isFalse();
                    assertThat(client.begin().get("/").response().status()).isEqualTo(200);
                }
            }
        }
    }
}

package io.asyncgateway.server;

import static io.asyncgateway.server.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.TlsInfo;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.OpenSslContext;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** TLS over real sockets, by both implementations where they could differ. */
class TlsServerTest {
    private static final Application APPLICATION = Applications.http((scope, receive, send) -> {
        if (scope.localPath().startsWith("/file")) {
            return send.send(HttpEvent.ResponseStart.of(200))
                    .then(send.send(HttpEvent.ResponseFile.last(Path.of(scope.queryString()))));
        }
        TlsInfo tls = scope.tls();
        return Http.respond(
                send,
                200,
                scope.scheme() + " " + tls.version() + " " + tls.cipherSuite() + " " + tls.serverName() + " "
                        + tls.peerCertificates().stream()
                                .map(certificate ->
                                        certificate.getSubjectX500Principal().getName())
                                .toList());
    });

    @TempDir
    Path folder;

    private TlsCertificate certificate(String name) {
        return TestCertificates.write(folder, name, TestCertificates.issue(TestCertificates.server(name)));
    }

    private TestServer start(Tls tls) {
        return TestServer.start(APPLICATION, config -> config.withTls(tls));
    }

    /** What a client sees: the certificate that it was shown and the text of the answer. */
    private record Seen(X509Certificate certificate, String text) {}

    private static SSLSocket connect(TestServer server, SSLContext context, UnaryOperator<SSLParameters> change)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout((int) Waiting.PATIENCE.toMillis());
        socket.setSSLParameters(change.apply(socket.getSSLParameters()));
        return socket;
    }

    private static Seen get(TestServer server, SSLContext context, UnaryOperator<SSLParameters> change)
            throws IOException {
        try (SSLSocket socket = connect(server, context, change)) {
            String text = get(socket, "/");
            return new Seen((X509Certificate) socket.getSession().getPeerCertificates()[0], text);
        }
    }

    private static String get(Socket socket, String target) throws IOException {
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static UnaryOperator<SSLParameters> asking(String name) {
        return parameters -> {
            parameters.setServerNames(List.of(new SNIHostName(name)));
            return parameters;
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void theScopeSaysWhatTlsKnows(TlsProvider provider) throws Exception {
        try (TestServer server = start(Tls.of(List.of(certificate("localhost"))).withProvider(provider))) {
            assertThat(get(server, TestCertificates.clientContext(), asking("localhost"))
                            .text())
                    .matches("https TLSv1.3 TLS_AES_\\w+ localhost \\[]");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void theCertificateIsThatOfTheNameWhichIsAskedFor(TlsProvider provider) throws Exception {
        X509Bundle first = TestCertificates.issue(TestCertificates.server("one.test", "also.test"));
        X509Bundle second = TestCertificates.issue(TestCertificates.server("two.test"));
        Tls tls = Tls.of(List.of(
                        TestCertificates.write(folder, "second", second),
                        TestCertificates.write(folder, "first", first)))
                .withProvider(provider);
        try (TestServer server = start(tls)) {
            assertThat(shown(server, asking("one.test"))).isEqualTo(first.getCertificate());
            assertThat(shown(server, asking("also.test"))).isEqualTo(first.getCertificate());
            assertThat(shown(server, asking("two.test"))).isEqualTo(second.getCertificate());
            assertThat(shown(server, asking("else.test"))).isEqualTo(second.getCertificate());
            assertThat(shown(server, same -> same)).isEqualTo(second.getCertificate());
        }
    }

    /** By a client without a session to go on with. */
    private static X509Certificate shown(TestServer server, UnaryOperator<SSLParameters> change) throws IOException {
        return get(server, TestCertificates.clientContext(), change).certificate();
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void aClientThatShowsACertificateIsKnownByIt(TlsProvider provider) throws Exception {
        Tls tls = Tls.of(List.of(certificate("localhost")))
                .withProvider(provider)
                .withClientAuthentication(ClientAuthentication.OPTIONAL)
                .withCertificateAuthorities(TestCertificates.writeAuthority(folder));
        try (TestServer server = start(tls)) {
            assertThat(get(server, TestCertificates.clientContext(TestCertificates.client("ada")), same -> same)
                            .text())
                    .endsWith("[CN=ada]");
            assertThat(get(server, TestCertificates.clientContext(), same -> same)
                            .text())
                    .endsWith("[]");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void aClientWithoutACertificateThatIsRequiredGetsNoAnswer(TlsProvider provider) throws Exception {
        Tls tls = Tls.of(List.of(certificate("localhost")))
                .withProvider(provider)
                .withClientAuthentication(ClientAuthentication.REQUIRED)
                .withCertificateAuthorities(TestCertificates.writeAuthority(folder));
        try (TestServer server = start(tls)) {
            assertThatThrownBy(() -> get(server, TestCertificates.clientContext(), same -> same))
                    .isInstanceOf(IOException.class);
            assertThat(get(server, TestCertificates.clientContext(TestCertificates.client("ada")), same -> same)
                            .text())
                    .endsWith("[CN=ada]");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void versionsBelowTheMinimumAreRefused(TlsProvider provider) throws Exception {
        UnaryOperator<SSLParameters> old = parameters -> {
            parameters.setProtocols(new String[] {"TLSv1.2"});
            return parameters;
        };
        Tls tls = Tls.of(List.of(certificate("localhost"))).withProvider(provider);
        try (TestServer server = start(tls)) {
            assertThat(get(server, TestCertificates.clientContext(), old).text())
                    .startsWith("https TLSv1.2 ");
        }
        try (TestServer server = start(tls.withMinimum(TlsVersion.TLS_1_3))) {
            assertThatThrownBy(() -> get(server, TestCertificates.clientContext(), old))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void aNewCertificateIsServedAfterItsFilesHaveChangedAndConnectionsStay() throws Exception {
        Tls tls = Tls.of(List.of(certificate("localhost"))).withReloadInterval(Duration.ofMillis(20));
        SSLContext client = TestCertificates.clientContext();
        try (TestServer server = start(tls);
                SSLSocket old = connect(server, client, same -> same)) {
            old.startHandshake();
            X509Bundle next = TestCertificates.issue(TestCertificates.server("localhost"));
            TestCertificates.write(folder, "localhost", next);
            await().until(() -> get(server, client, same -> same).certificate().equals(next.getCertificate()));
            assertThat(get(old, "/")).startsWith("https");
        }
    }

    @Test
    void noConnectionIsLostWhileCertificatesAreReplaced() throws Exception {
        Tls tls = Tls.of(List.of(certificate("localhost"))).withReloadInterval(Duration.ZERO);
        AtomicBoolean enough = new AtomicBoolean();
        try (TestServer server = start(tls)) {
            List<Mono<Integer>> clients = IntStream.range(0, 3)
                    .mapToObj(i -> Mono.fromCallable(() -> connectUntil(enough, server))
                            .subscribeOn(Schedulers.boundedElastic())
                            .cache())
                    .toList();
            clients.forEach(Mono::subscribe);
            for (int i = 0; i < 10; i++) {
                X509Bundle next = TestCertificates.issue(TestCertificates.server("localhost"));
                TestCertificates.write(folder, "localhost", next);
                assertThat(server.running().reload().block(Waiting.PATIENCE)).isTrue();
                assertThat(shown(server, same -> same)).isEqualTo(next.getCertificate());
            }
            enough.set(true);
            for (Mono<Integer> client : clients) {
                assertThat(client.block(Waiting.PATIENCE)).isPositive();
            }
        }
    }

    /** With a full handshake each time; how often. */
    private static int connectUntil(AtomicBoolean enough, TestServer server) throws IOException {
        int connections = 0;
        do {
            assertThat(get(server, TestCertificates.clientContext(), same -> same)
                            .text())
                    .startsWith("https ");
            connections++;
        } while (!enough.get());
        return connections;
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void aCertificateInPkcs12IsServed(TlsProvider provider) throws Exception {
        X509Bundle bundle = TestCertificates.issue(TestCertificates.server("localhost"));
        Path file = folder.resolve("server.p12");
        char[] password = "secret".toCharArray();
        try (OutputStream out = Files.newOutputStream(file)) {
            bundle.toKeyStore(password).store(out, password);
        }
        Tls tls = Tls.of(List.of(new TlsCertificate(file, null, "secret"))).withProvider(provider);
        try (TestServer server = start(tls)) {
            assertThat(shown(server, same -> same)).isEqualTo(bundle.getCertificate());
        }
    }

    @Test
    void opensslIsUsedWhereItIsThereUnlessAnotherIsAskedFor() {
        Tls tls = Tls.of(List.of(certificate("localhost")));
        assertThat(tls.provider()).isEqualTo(TlsProvider.AUTO);
        assertThat(TlsContexts.load(tls, List.of("http/1.1"), null).forName(null))
                .isInstanceOf(OpenSslContext.class);
        assertThat(TlsContexts.load(tls.withProvider(TlsProvider.JDK), List.of("http/1.1"), null)
                        .forName(null))
                .isInstanceOf(JdkSslContext.class);
    }

    @Test
    void filesThatAreNotGoodLeaveTheOldCertificate() throws Exception {
        TlsCertificate files = certificate("localhost");
        SSLContext client = TestCertificates.clientContext();
        try (TestServer server = start(Tls.of(List.of(files)).withReloadInterval(Duration.ZERO))) {
            X509Certificate before = get(server, client, same -> same).certificate();
            Files.writeString(files.key(), "nothing");
            assertThat(server.running().reload().block(Waiting.PATIENCE)).isFalse();
            assertThat(get(server, client, same -> same).certificate()).isEqualTo(before);
            assertThat(server.errors()).singleElement().asString().contains("localhost.key: no private key");
            X509Bundle next = TestCertificates.issue(TestCertificates.server("localhost"));
            TestCertificates.write(folder, "localhost", next);
            assertThat(server.running().reload().block(Waiting.PATIENCE)).isTrue();
            assertThat(get(server, client, same -> same).certificate()).isEqualTo(next.getCertificate());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void aFileArrivesWhole(TlsProvider provider) throws Exception {
        byte[] content = new byte[5 * FilePieces.PIECE + 17];
        new Random(7).nextBytes(content);
        Path file = Files.write(folder.resolve("content"), content);
        try (TestServer server = start(Tls.of(List.of(certificate("localhost"))).withProvider(provider));
                SSLSocket socket = connect(server, TestCertificates.clientContext(), same -> same)) {
            assertThat(get(socket, "/file?" + file).getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo(content);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAFileLeavesNothingBehind() throws Exception {
        Path file = Files.write(folder.resolve("content"), new byte[20 << 20]);
        try (TestServer server = start(Tls.of(List.of(certificate("localhost"))))) {
            for (int i = 0; i < 5; i++) {
                try (TlsSocket socket = TlsSocket.connect(
                        (InetSocketAddress) server.running().addresses().get(0), TestCertificates.clientContext())) {
                    socket.getOutputStream()
                            .write(("GET /file?" + file + " HTTP/1.1\r\nHost: a\r\n\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
                    assertThat(socket.getInputStream().readNBytes(100_000)).hasSize(100_000);
                    socket.setSoLinger(true, 0);
                }
            }
            server.awaitNoConnection();
            server.awaitNoExchange();
        }
    }

    @Test
    void aClientThatSpeaksNoTlsIsClosed() {
        try (TestServer server = start(Tls.of(List.of(certificate("localhost"))))) {
            RawClient client = server.client().send("GET / HTTP/1.1\nHost: a\n\n");
            client.readToEndOrReset();
        }
    }

    @Test
    void aHandshakeThatTakesTooLongIsClosed() {
        Tls tls = Tls.of(List.of(certificate("localhost"))).withHandshakeTimeout(Duration.ofMillis(50));
        try (TestServer server = start(tls)) {
            RawClient silent = server.client();
            RawClient begun = server.client().send(new byte[] {22, 3, 1, 0, 100, 1, 0, 0});
            silent.readToEndOrReset();
            begun.readToEndOrReset();
        }
    }

    @Test
    void aShutdownDoesNotWaitForHandshakes() {
        try (TestServer server = start(Tls.of(List.of(certificate("localhost"))))) {
            RawClient silent = server.client();
            await().until(() -> server.running().connections() == 1);
            server.running().shutdown().block(Duration.ofSeconds(5));
            silent.readToEndOrReset();
        }
    }

    @Test
    void theEndOfTlsIsSaidBeforeTheConnectionCloses() throws Exception {
        try (TestServer server = start(Tls.of(List.of(certificate("localhost"))));
                SSLSocket socket = connect(server, TestCertificates.clientContext(), same -> same)) {
            assertThat(get(socket, "/")).startsWith("https"); // a read to the end fails where it is not said
        }
    }

    @Test
    void manyClientsAreServedAtOnce() {
        SSLContext client = TestCertificates.clientContext();
        try (TestServer server = start(Tls.of(List.of(certificate("localhost"))))) {
            List<String> texts = Flux.range(0, 40)
                    .flatMap(
                            i -> Mono.fromCallable(() ->
                                            get(server, client, same -> same).text())
                                    .subscribeOn(reactor.core.scheduler.Schedulers.boundedElastic()),
                            10)
                    .collectList()
                    .block(Waiting.PATIENCE);
            assertThat(texts).hasSize(40).allMatch(text -> text.startsWith("https"));
        }
    }

    @Test
    void aTruncatedHandshakeIsNoError() throws Exception {
        try (TestServer server = start(Tls.of(List.of(certificate("localhost"))))) {
            try (Socket socket = new Socket("127.0.0.1", server.port());
                    InputStream in = socket.getInputStream()) {
                socket.getOutputStream().write(new byte[] {22, 3, 1, 0, 100});
                socket.shutdownOutput();
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }
}

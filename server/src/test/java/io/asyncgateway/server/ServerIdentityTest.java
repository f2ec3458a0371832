package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What certificates and keys may look like, and what is said of those that are not good. Keys in other formats are made by OpenSSL's command. */
class ServerIdentityTest {
    @TempDir
    Path folder;

    private static ServerIdentity read(Path certificate, Path key, String password) {
        return ServerIdentity.read(new TlsCertificate(certificate, key, password));
    }

    private TlsCertificate write(CertificateBuilder builder) {
        return TestCertificates.write(folder, "server", TestCertificates.issue(builder));
    }

    @Test
    void namesAreThoseInTheCertificate() {
        assertThat(ServerIdentity.read(write(TestCertificates.server("One.Test", "two.test")))
                        .hostNames())
                .containsExactly("one.test", "two.test");
    }

    @Test
    void aWildcardStandsForOneLabel() throws Exception {
        Path certificate = folder.resolve("wild.crt");
        Path key = folder.resolve("wild.key");
        openSsl("req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x -addext subjectAltName=DNS:*.wild.test"
                + " -out " + certificate + " -keyout " + key);
        Tls tls = Tls.of(List.of(write(TestCertificates.server("a")), TlsCertificate.of(certificate, key)));
        TlsContexts contexts = TlsContexts.load(tls, List.of("http/1.1"), null);
        assertThat(contexts.forName("b.wild.test"))
                .isSameAs(contexts.forName("C.Wild.Test"))
                .isNotSameAs(contexts.forName("else.test"));
        assertThat(contexts.forName(null)).isSameAs(contexts.forName("else.test"));
    }

    private static void openSsl(String command) throws Exception {
        Process openssl = new ProcessBuilder(("openssl " + command).split(" "))
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), UTF_8);
        assertThat(openssl.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(openssl.exitValue()).as(said).isZero();
    }

    @Test
    void certificateAndKeyMayBeInOneFile() throws Exception {
        X509Bundle bundle = TestCertificates.issue(TestCertificates.server("a"));
        Path both = Files.writeString(
                folder.resolve("both.pem"), bundle.getPrivateKeyPEM() + "\n" + bundle.getCertificatePathPEM());
        assertThat(read(both, null, null).chain().get(0)).isEqualTo(bundle.getCertificate());
    }

    @Test
    void pkcs12IsReadWithItsPassword() throws Exception {
        X509Bundle bundle = TestCertificates.issue(TestCertificates.server("a"));
        Path file = folder.resolve("store.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("any", bundle.getKeyPair().getPrivate(), "secret".toCharArray(), new X509Certificate[] {
            bundle.getCertificate()
        });
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "secret".toCharArray());
        }
        assertThat(read(file, null, "secret").chain()).containsExactly(bundle.getCertificate());
        assertThatThrownBy(() -> read(file, null, "wrong"))
                .isInstanceOf(TlsException.class)
                .hasMessageStartingWith("tls: " + file + ": not to be read as PKCS#12")
                .hasMessageNotContaining("wrong");
    }

    /** {@code openssl} as it is on nearly every machine that serves TLS. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pkey -traditional", // PKCS#1, SEC 1
                "pkcs8 -topk8 -nocrypt",
                "pkcs8 -topk8 -passout pass:secret",
                "pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA1 -passout pass:secret"
            })
    void keysAreReadInTheFormatsOfOpenSsl(String command) throws Exception {
        for (CertificateBuilder.Algorithm algorithm : List.of(
                CertificateBuilder.Algorithm.ecp256,
                CertificateBuilder.Algorithm.ecp384,
                CertificateBuilder.Algorithm.rsa2048)) {
            TlsCertificate files = write(TestCertificates.server("a").algorithm(algorithm));
            Path key = folder.resolve("converted.key");
            openSsl(command + " -in " + files.key() + " -out " + key);
            // That it is the certificate's is what reading checks.
            assertThat(read(files.certificate(), key, "secret").key().getAlgorithm())
                    .isEqualTo(PemFile.read(files.key(), null).key().getAlgorithm());
        }
    }

    @Test
    void aKeyThatIsEncryptedNeedsItsPassword() throws Exception {
        TlsCertificate files = write(TestCertificates.server("a"));
        Path key = folder.resolve("encrypted.key");
        openSsl("pkcs8 -topk8 -passout pass:secret -in " + files.key() + " -out " + key);
        assertThatThrownBy(() -> read(files.certificate(), key, null))
                .hasMessage("tls: " + key + ": no good encrypted private key: encrypted (expected: its password)");
        assertThatThrownBy(() -> read(files.certificate(), key, "wrong"))
                .hasMessage("tls: " + key + ": no good encrypted private key: not to be decrypted with its password");
    }

    @Test
    void anotherCertificatesKeyIsTold() {
        TlsCertificate one = write(TestCertificates.server("a"));
        TlsCertificate other =
                TestCertificates.write(folder, "other", TestCertificates.issue(TestCertificates.server("b")));
        TlsCertificate rsa = TestCertificates.write(
                folder,
                "rsa",
                TestCertificates.issue(TestCertificates.server("b").rsa2048()));
        assertThatThrownBy(() -> read(one.certificate(), other.key(), null))
                .hasMessage("tls: " + other.key() + ": not the key of the certificate in " + one.certificate());
        assertThatThrownBy(() -> read(one.certificate(), rsa.key(), null))
                .hasMessage("tls: " + rsa.key() + ": not the key of the certificate in " + one.certificate());
    }

    @Test
    void aCertificateThatIsOverOrNotYetValidIsTold() {
        Instant end = Instant.now().minus(Duration.ofHours(1)).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        TlsCertificate over = write(TestCertificates.server("a").notAfter(end));
        assertThatThrownBy(() -> ServerIdentity.read(over))
                .hasMessage("tls: " + over.certificate() + ": expired at " + end);
        Instant begin = Instant.now().plus(Duration.ofHours(1)).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        TlsCertificate early = write(TestCertificates.server("a").notBefore(begin));
        assertThatThrownBy(() -> ServerIdentity.read(early))
                .hasMessage("tls: " + early.certificate() + ": not valid before " + begin);
    }

    @Test
    void filesThatAreMissingOrSomethingElseAreTold() throws Exception {
        TlsCertificate files = write(TestCertificates.server("a"));
        Path missing = folder.resolve("missing");
        Path text = Files.writeString(folder.resolve("text"), "hello");
        Path broken = Files.writeString(
                folder.resolve("broken"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getEncoder().encodeToString(new byte[40])
                        + "\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> read(missing, files.key(), null)).hasMessage("tls: " + missing + ": no such file");
        assertThatThrownBy(() -> read(files.certificate(), missing, null))
                .hasMessage("tls: " + missing + ": no such file");
        assertThatThrownBy(() -> read(text, files.key(), null))
                .hasMessage("tls: " + text + ": no certificate (expected: PEM or PKCS#12)");
        assertThatThrownBy(() -> read(files.certificate(), text, null))
                .hasMessage("tls: " + text + ": no private key (expected: PEM)");
        assertThatThrownBy(() -> read(broken, files.key(), null))
                .hasMessageStartingWith("tls: " + broken + ": no good certificate");
    }

    @Test
    void thePasswordIsInNoText() {
        assertThat(new TlsCertificate(Path.of("a"), Path.of("b"), "secret").toString())
                .isEqualTo("a with b");
    }

    @Test
    void aStartWithFilesThatAreNotGoodFailsInALine() {
        Tls tls = Tls.of(folder.resolve("missing"), folder.resolve("missing"));
        assertThatThrownBy(() -> Server.of(
                                (scope, receive, send) -> reactor.core.publisher.Mono.empty(),
                                TestServer.config().withTls(tls))
                        .start()
                        .block(Waiting.PATIENCE))
                .isInstanceOf(ServerException.class)
                .hasMessage("tls: " + folder.resolve("missing") + ": no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RC4-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA", ""})
    void cipherSuitesThatAreNotSafeCanNotBeChosen(String name) {
        Tls tls = Tls.of(Path.of("a"), Path.of("b"));
        assertThatThrownBy(() -> tls.withCiphers(List.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ciphers: " + name + " (expected: of TLS_AES_128_GCM_SHA256, ");
    }

    @Test
    void cipherSuitesHaveTwoNames() {
        assertThat(Tls.of(Path.of("a"), Path.of("b"))
                        .withCiphers(List.of("ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_128_GCM_SHA256"))
                        .ciphers())
                .containsExactly("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256");
    }
}

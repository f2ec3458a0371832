package io.asyncgateway.server;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of the tests', what it has signed, and clients that trust it. */
final class TestCertificates {
    static final char[] NO_PASSWORD = {};

    private static final X509Bundle AUTHORITY = unchecked(() -> builder("CN=Test CA")
            .setIsCertificateAuthority(true)
            .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.digitalSignature)
            .buildSelfSigned());

    /** The files are written when they are first asked for, and deleted when the tests are over. */
    private static final class Localhost {
        static final TlsCertificate FILES = unchecked(() -> {
            Path folder = Files.createTempDirectory("certificate");
            TlsCertificate files = write(folder, "localhost", issue(server("localhost", "my.localhost")));
            List.of(folder, files.certificate(), files.key())
                    .forEach(path -> path.toFile().deleteOnExit());
            return files;
        });
    }

    private TestCertificates() {}

    static X509Bundle authority() {
        return AUTHORITY;
    }

    private static CertificateBuilder builder(String subject) {
        return new CertificateBuilder()
                .subject(subject)
                .notBefore(Instant.now().minus(Duration.ofDays(1)))
                .notAfter(Instant.now().plus(Duration.ofDays(1)))
                .ecp256();
    }

    /** For the loopback interface and the names given. */
    static CertificateBuilder server(String... names) {
        CertificateBuilder builder = builder("CN=server").addSanIpAddress("127.0.0.1");
        for (String name : names) {
            builder.addSanDnsName(name);
        }
        return builder;
    }

    static X509Bundle issue(CertificateBuilder builder) {
        return unchecked(() -> builder.buildIssuedBy(AUTHORITY));
    }

    /** A server's certificate for {@code localhost} and {@code my.localhost}, one for all tests; its files are not to be changed. */
    static TlsCertificate localhost() {
        return Localhost.FILES;
    }

    static X509Bundle client(String name) {
        return issue(builder("CN=" + name));
    }

    /** Writes certificate and key into two PEM files. */
    static TlsCertificate write(Path folder, String name, X509Bundle bundle) {
        return unchecked(() -> {
            Path certificate = Files.writeString(folder.resolve(name + ".crt"), bundle.getCertificatePathPEM());
            Path key = Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
            return TlsCertificate.of(certificate, key);
        });
    }

    static Path writeAuthority(Path folder) {
        return unchecked(() -> Files.writeString(folder.resolve("ca.crt"), AUTHORITY.getCertificatePEM()));
    }

    /** What a client needs to trust the server, and to show a certificate of its own where there is one. */
    static SSLContext clientContext(X509Bundle... own) {
        return unchecked(() -> {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", AUTHORITY.getCertificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own.length == 0 ? null : own[0].toKeyStore(NO_PASSWORD), NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        });
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    private static <T> T unchecked(Step<T> step) {
        try {
            return step.run();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}

package io.asyncgateway.servlet;

import io.asyncgateway.server.ClientAuthentication;
import io.asyncgateway.server.Tls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of the tests', for a server and its clients. */
final class TestAuthority {
    private static final char[] NO_PASSWORD = {};

    private final X509Bundle authority;

    TestAuthority() throws Exception {
        authority = builder("CN=Test CA").setIsCertificateAuthority(true).buildSelfSigned();
    }

    private static CertificateBuilder builder(String subject) {
        return new CertificateBuilder()
                .subject(subject)
                .notBefore(Instant.now().minus(Duration.ofDays(1)))
                .notAfter(Instant.now().plus(Duration.ofDays(1)))
                .ecp256();
    }

    /** A server for 127.0.0.1 that asks its clients for a certificate, and serves those that have none. */
    Tls server(Path folder) throws Exception {
        X509Bundle own = builder("CN=server").addSanIpAddress("127.0.0.1").buildIssuedBy(authority);
        return Tls.of(
                        Files.writeString(folder.resolve("server.crt"), own.getCertificatePathPEM()),
                        Files.writeString(folder.resolve("server.key"), own.getPrivateKeyPEM()))
                .withClientAuthentication(ClientAuthentication.OPTIONAL)
                .withCertificateAuthorities(Files.writeString(folder.resolve("ca.crt"), authority.getCertificatePEM()));
    }

    /** A client that trusts the server and has no certificate. */
    HttpClient.Builder client() throws Exception {
        return client(new KeyManagerFactory[0]);
    }

    /** A client with a certificate of a name. */
    HttpClient.Builder client(String name) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(builder("CN=" + name).buildIssuedBy(authority).toKeyStore(NO_PASSWORD), NO_PASSWORD);
        return client(keys);
    }

    private HttpClient.Builder client(KeyManagerFactory... keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", authority.getCertificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.length == 0 ? null : keys[0].getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context);
    }
}

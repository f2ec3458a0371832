package io.asyncgateway.cli;

import io.asyncgateway.server.ClientAuthentication;
import io.asyncgateway.server.Tls;
import io.asyncgateway.server.TlsCertificate;
import io.asyncgateway.server.TlsProvider;
import io.asyncgateway.server.TlsVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the options say of TLS, which is spoken where there is a certificate.
 *
 * @param certFiles the certificates
 * @param keyFiles their keys in the same order; none where they are in the same files
 * @param keyPassword of all keys
 * @param minimum the lowest version
 * @param ciphers the cipher suites; none for the defaults
 * @param certReqs whether clients show a certificate
 * @param caCerts who may have signed it
 * @param provider the implementation
 * @param handshakeTimeout for the handshake
 * @param reloadInterval between two looks at the files
 */
record TlsSettings(
        List<Path> certFiles,
        List<Path> keyFiles,
        @Nullable String keyPassword,
        TlsVersion minimum,
        List<String> ciphers,
        ClientAuthentication certReqs,
        @Nullable Path caCerts,
        TlsProvider provider,
        Duration handshakeTimeout,
        Duration reloadInterval) {
    /** The server's own defaults, of which some certificate is a part. */
    private static final Tls DEFAULTS = Tls.of(Path.of("certificate"), Path.of("key"));

    static final TlsSettings NONE = new TlsSettings(
            List.of(),
            List.of(),
            null,
            DEFAULTS.minimum(),
            List.of(),
            DEFAULTS.clientAuthentication(),
            null,
            DEFAULTS.provider(),
            DEFAULTS.handshakeTimeout(),
            DEFAULTS.reloadInterval());

    /** For the server, whose own check of each value this is; {@code null} for no TLS. */
    @Nullable
    Tls tls() {
        if (certFiles.isEmpty()) {
            if (!keyFiles.isEmpty()) {
                throw new UsageException("ssl-keyfile: " + keyFiles.get(0) + " (expected: an ssl-certfile too)");
            }
            return null;
        }
        if (certReqs != ClientAuthentication.NONE && caCerts == null) {
            throw new UsageException("ssl-cert-reqs: " + Values.CERT_REQS.write(certReqs)
                    + " (expected: ssl-ca-certs too, for nobody could be trusted)");
        }
        Tls tls = Tls.of(certificates())
                .withMinimum(minimum)
                .withClientAuthentication(certReqs)
                .withCertificateAuthorities(caCerts)
                .withProvider(provider)
                .withHandshakeTimeout(handshakeTimeout)
                .withReloadInterval(reloadInterval);
        return ciphers.isEmpty() ? tls : tls.withCiphers(ciphers);
    }

    private List<TlsCertificate> certificates() {
        if (!keyFiles.isEmpty() && keyFiles.size() != certFiles.size()) {
            throw new UsageException("ssl-keyfile: " + keyFiles.size()
                    + (keyFiles.size() == 1 ? " file" : " files") + " (expected: none, or one for each ssl-certfile: "
                    + certFiles.size() + ")");
        }
        List<TlsCertificate> certificates = new ArrayList<>();
        for (int i = 0; i < certFiles.size(); i++) {
            certificates.add(
                    new TlsCertificate(certFiles.get(i), keyFiles.isEmpty() ? null : keyFiles.get(i), keyPassword));
        }
        return certificates;
    }

    TlsSettings withCertFiles(List<Path> value) {
        return new TlsSettings(
                value,
                keyFiles,
                keyPassword,
                minimum,
                ciphers,
                certReqs,
                caCerts,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    TlsSettings withKeyFiles(List<Path> value) {
        return new TlsSettings(
                certFiles,
                value,
                keyPassword,
                minimum,
                ciphers,
                certReqs,
                caCerts,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    TlsSettings withKeyPassword(String value) {
        return new TlsSettings(
                certFiles,
                keyFiles,
                value,
                minimum,
                ciphers,
                certReqs,
                caCerts,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    TlsSettings withMinimum(TlsVersion value) {
        return new TlsSettings(
                certFiles,
                keyFiles,
                keyPassword,
                value,
                ciphers,
                certReqs,
                caCerts,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    TlsSettings withCiphers(List<String> value) {
        return new TlsSettings(
                certFiles,
                keyFiles,
                keyPassword,
                minimum,
                value,
                certReqs,
                caCerts,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    TlsSettings withCertReqs(ClientAuthentication value) {
        return new TlsSettings(
                certFiles,
                keyFiles,
                keyPassword,
                minimum,
                ciphers,
                value,
                caCerts,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    TlsSettings withCaCerts(Path value) {
        return new TlsSettings(
                certFiles,
                keyFiles,
                keyPassword,
                minimum,
                ciphers,
                certReqs,
                value,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    TlsSettings withProvider(TlsProvider value) {
        return new TlsSettings(
                certFiles,
                keyFiles,
                keyPassword,
                minimum,
                ciphers,
                certReqs,
                caCerts,
                value,
                handshakeTimeout,
                reloadInterval);
    }

    TlsSettings withHandshakeTimeout(Duration value) {
        return new TlsSettings(
                certFiles, keyFiles, keyPassword, minimum, ciphers, certReqs, caCerts, provider, value, reloadInterval);
    }

    TlsSettings withReloadInterval(Duration value) {
        return new TlsSettings(
                certFiles,
                keyFiles,
                keyPassword,
                minimum,
                ciphers,
                certReqs,
                caCerts,
                provider,
                handshakeTimeout,
                value);
    }
}

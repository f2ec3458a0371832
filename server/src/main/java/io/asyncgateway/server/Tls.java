package io.asyncgateway.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken: on every TCP address of the server. Unix domain sockets stay without it.
 *
 * <p>The files are read at start, where anything wrong with them fails in a line, and again when they have changed
 * ({@link #reloadInterval()}) or {@link RunningServer#reload()} is called: new handshakes get the new certificates, connections stay. If
 * the new files are not good the old certificates stay, and the log says why.
 *
 * @param certificates the first for clients that ask for no name or for one that no certificate has; the others for the names in them
 *     (SNI, RFC 6066 section 3), where the first with a name wins. At least one
 * @param minimum the lowest version. Default {@link TlsVersion#TLS_1_2}
 * @param ciphers cipher suites in the server's order of preference, by their names in RFC 8446 and 5246 or in OpenSSL. Default those
 *     with forward secrecy and authenticated encryption
 * @param clientAuthentication whether clients show a certificate. Default {@link ClientAuthentication#NONE}
 * @param certificateAuthorities a PEM file with the certificates that clients' certificates must go back to; needed where they are asked
 *     for. Default {@code null}
 * @param provider the implementation. Default {@link TlsProvider#AUTO}
 * @param handshakeTimeout from the opening of a connection to the end of its handshake; past it the connection is closed. Default 10 s
 * @param reloadInterval how often the files are looked at; zero for never. Default 1 s
 */
public record Tls(
        List<TlsCertificate> certificates,
        TlsVersion minimum,
        List<String> ciphers,
        ClientAuthentication clientAuthentication,
        @Nullable Path certificateAuthorities,
        TlsProvider provider,
        Duration handshakeTimeout,
        Duration reloadInterval) {
    /** Validates each value and copies the lists. */
    public Tls {
        certificates = List.copyOf(certificates);
        ciphers = ciphers.stream().map(CipherSuites::standardName).toList();
        Objects.requireNonNull(minimum, "minimum");
        Objects.requireNonNull(provider, "provider");
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("certificates: none (expected: at least one)");
        }
        if (ciphers.isEmpty()) {
            throw new IllegalArgumentException("ciphers: none (expected: at least one)");
        }
        Check.positive("handshakeTimeout", handshakeTimeout);
        Check.notNegative("reloadInterval", reloadInterval);
    }

    /**
     * TLS with one certificate, and the defaults.
     *
     * @param certificate a PEM file with the certificate and those of its issuers
     * @param key a PEM file with its private key
     * @return the configuration
     */
    public static Tls of(Path certificate, Path key) {
        return of(List.of(TlsCertificate.of(certificate, key)));
    }

    /**
     * TLS with the defaults.
     *
     * @param certificates at least one
     * @return the configuration
     */
    public static Tls of(List<TlsCertificate> certificates) {
        return new Tls(
                certificates,
                TlsVersion.TLS_1_2,
                CipherSuites.DEFAULTS,
                ClientAuthentication.NONE,
                null,
                TlsProvider.AUTO,
                Duration.ofSeconds(10),
                Duration.ofSeconds(1));
    }

    /**
     * The same with other {@link #certificates()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if there is none
     */
    public Tls withCertificates(List<TlsCertificate> value) {
        return new Tls(
                value,
                minimum,
                ciphers,
                clientAuthentication,
                certificateAuthorities,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    /**
     * The same with another {@link #minimum()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public Tls withMinimum(TlsVersion value) {
        return new Tls(
                certificates,
                value,
                ciphers,
                clientAuthentication,
                certificateAuthorities,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    /**
     * The same with other {@link #ciphers()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if one is not known, or there is none
     */
    public Tls withCiphers(List<String> value) {
        return new Tls(
                certificates,
                minimum,
                value,
                clientAuthentication,
                certificateAuthorities,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    /**
     * The same with another {@link #clientAuthentication()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public Tls withClientAuthentication(ClientAuthentication value) {
        return new Tls(
                certificates,
                minimum,
                ciphers,
                value,
                certificateAuthorities,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    /**
     * The same with other {@link #certificateAuthorities()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public Tls withCertificateAuthorities(@Nullable Path value) {
        return new Tls(
                certificates,
                minimum,
                ciphers,
                clientAuthentication,
                value,
                provider,
                handshakeTimeout,
                reloadInterval);
    }

    /**
     * The same with another {@link #provider()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public Tls withProvider(TlsProvider value) {
        return new Tls(
                certificates,
                minimum,
                ciphers,
                clientAuthentication,
                certificateAuthorities,
                value,
                handshakeTimeout,
                reloadInterval);
    }

    /**
     * The same with another {@link #handshakeTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Tls withHandshakeTimeout(Duration value) {
        return new Tls(
                certificates,
                minimum,
                ciphers,
                clientAuthentication,
                certificateAuthorities,
                provider,
                value,
                reloadInterval);
    }

    /**
     * The same with another {@link #reloadInterval()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public Tls withReloadInterval(Duration value) {
        return new Tls(
                certificates,
                minimum,
                ciphers,
                clientAuthentication,
                certificateAuthorities,
                provider,
                handshakeTimeout,
                value);
    }
}

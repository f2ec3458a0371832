package io.asyncgateway.server;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate of the server and its private key are.
 *
 * @param certificate a PEM file with the certificate and those of its issuers, in this order; or a PKCS#12 file
 * @param key a PEM file with the private key: PKCS#8, also encrypted, PKCS#1 or SEC 1; {@code null} where it is in {@code certificate}
 * @param password of the key, or of the PKCS#12 file; {@code null} for none. Never logged
 */
public record TlsCertificate(
        Path certificate, @Nullable Path key, @Nullable String password) {
    /** Checks that there is a certificate. */
    public TlsCertificate {
        Objects.requireNonNull(certificate, "certificate");
    }

    /**
     * A certificate and a key without a password.
     *
     * @param certificate a PEM file
     * @param key a PEM file
     * @return the pair
     */
    public static TlsCertificate of(Path certificate, Path key) {
        return new TlsCertificate(certificate, Objects.requireNonNull(key, "key"), null);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return key == null ? certificate.toString() : certificate + " with " + key;
    }
}

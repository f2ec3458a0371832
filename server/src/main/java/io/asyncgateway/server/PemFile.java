package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The certificates and the private key in a PEM file (RFC 7468). Blocks; not for event loops. */
record PemFile(List<X509Certificate> certificates, @Nullable PrivateKey key) {
    /** No chain of certificates is nearly as large. */
    private static final long LARGEST = 1024 * 1024;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    /**
     * Reads a file.
     *
     * @param password of an encrypted key, or {@code null}
     * @throws TlsException if it can't be read
     */
    static PemFile read(Path file, @Nullable String password) {
        List<X509Certificate> certificates = new ArrayList<>();
        PrivateKey key = null;
        Matcher blocks = BLOCK.matcher(new String(octets(file), ISO_8859_1));
        while (blocks.find()) {
            String label = blocks.group(1);
            try {
                if (label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE")) {
                    certificates.add(certificate(Base64.getMimeDecoder().decode(blocks.group(2))));
                } else if (label.endsWith("PRIVATE KEY") && key == null) {
                    key = PrivateKeys.of(label, blocks.group(2), password);
                }
            } catch (GeneralSecurityException | IllegalArgumentException failure) {
                throw new TlsException(file, "no good " + label.toLowerCase(java.util.Locale.ROOT), failure);
            }
        }
        return new PemFile(List.copyOf(certificates), key);
    }

    private static X509Certificate certificate(byte[] encoded) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    /** All octets of a file of a reasonable size. */
    static byte[] octets(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new TlsException(file, "larger than " + LARGEST + " bytes", null);
            }
            return Files.readAllBytes(file);
        } catch (IOException failure) {
            throw TlsException.unreadable(file, failure);
        }
    }
}

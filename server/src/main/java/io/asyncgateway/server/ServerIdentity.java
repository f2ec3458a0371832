package io.asyncgateway.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One certificate of the server with those of its issuers, its private key, and the host names that it is for. Its reading blocks; not for event loops. */
record ServerIdentity(List<X509Certificate> chain, PrivateKey key, List<String> hostNames) {
    private static final int DER_SEQUENCE = 0x30;
    private static final int DNS_NAME = 2;

    /**
     * Reads and checks it: the key belongs to the certificate, which is valid now.
     *
     * @throws TlsException if it is not good
     */
    static ServerIdentity read(TlsCertificate files) {
        byte[] octets = PemFile.octets(files.certificate());
        ServerIdentity identity =
                octets.length > 0 && octets[0] == DER_SEQUENCE ? readPkcs12(files, octets) : readPem(files);
        identity.check(files);
        return identity;
    }

    private static ServerIdentity readPem(TlsCertificate files) {
        PemFile certificates = PemFile.read(files.certificate(), files.password());
        if (certificates.certificates().isEmpty()) {
            throw new TlsException(files.certificate(), "no certificate (expected: PEM or PKCS#12)", null);
        }
        Path keyFile = files.key();
        PrivateKey key = keyFile == null
                ? certificates.key()
                : PemFile.read(keyFile, files.password()).key();
        if (key == null) {
            throw new TlsException(
                    keyFile == null ? files.certificate() : keyFile, "no private key (expected: PEM)", null);
        }
        return of(files, certificates.certificates(), key);
    }

    private static ServerIdentity readPkcs12(TlsCertificate files, byte[] octets) {
        char[] password =
                files.password() == null ? new char[0] : files.password().toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(octets), password);
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password) instanceof PrivateKey key) {
                    List<X509Certificate> chain = Arrays.stream(store.getCertificateChain(alias))
                            .map(X509Certificate.class::cast)
                            .toList();
                    return of(files, chain, key);
                }
            }
        } catch (IOException | GeneralSecurityException failure) {
            throw new TlsException(files.certificate(), "not to be read as PKCS#12", failure);
        }
        throw new TlsException(files.certificate(), "no private key", null);
    }

    private static ServerIdentity of(TlsCertificate files, List<X509Certificate> chain, PrivateKey key) {
        try {
            return new ServerIdentity(List.copyOf(chain), key, hostNames(chain.get(0)));
        } catch (CertificateParsingException failure) {
            throw new TlsException(files.certificate(), "its names are not to be read", failure);
        }
    }

    private static List<String> hostNames(X509Certificate certificate) throws CertificateParsingException {
        List<String> names = new ArrayList<>();
        @Nullable Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add(alternative.get(1).toString().toLowerCase(Locale.ROOT));
                }
            }
        }
        return List.copyOf(names);
    }

    private void check(TlsCertificate files) {
        X509Certificate certificate = chain.get(0);
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException expired) {
            throw new TlsException(
                    files.certificate(),
                    "expired at " + certificate.getNotAfter().toInstant(),
                    null);
        } catch (CertificateNotYetValidException early) {
            throw new TlsException(
                    files.certificate(),
                    "not valid before " + certificate.getNotBefore().toInstant(),
                    null);
        }
        if (!belongTogether(certificate)) {
            Path keyFile = files.key();
            throw new TlsException(
                    keyFile == null ? files.certificate() : keyFile,
                    "not the key of the certificate" + (keyFile == null ? "" : " in " + files.certificate()),
                    null);
        }
    }

    /** Whether the certificate verifies what the key signs. */
    private boolean belongTogether(X509Certificate certificate) {
        byte[] text = {1, 2, 3};
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(text);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException anotherKind) {
            return false;
        }
    }
}

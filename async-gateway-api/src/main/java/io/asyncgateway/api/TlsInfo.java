package io.asyncgateway.api;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What TLS knows of a connection (the ASGI TLS extension, typed).
 *
 * @param version the protocol version under its standard name, for example {@code TLSv1.3}
 * @param cipherSuite the cipher suite under its standard name, for example {@code TLS_AES_128_GCM_SHA256}
 * @param peerCertificates the client's certificate chain, its own first; empty where it sent none
 * @param serverName the host name that the client asked for (SNI), or {@code null}
 */
public record TlsInfo(
        String version,
        String cipherSuite,
        List<X509Certificate> peerCertificates,
        @Nullable String serverName) {
    /** Copies the list. */
    public TlsInfo {
        peerCertificates = List.copyOf(peerCertificates);
    }
}

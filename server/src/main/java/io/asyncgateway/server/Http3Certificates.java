package io.asyncgateway.server;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import java.security.cert.X509Certificate;

/**
 * The certificates of {@link Tls} for QUIC, whose handshake is always that of TLS 1.3 (RFC 9001 section 4.2) and always the native library's: minimum version, cipher suites and provider are
 * those of TCP alone.
 */
final class Http3Certificates {
    private static final String ALPN = "h3";

    private Http3Certificates() {}

    /** Makes the context of one certificate. */
    static TlsContexts.QuicMaker maker() {
        return identity -> {
            try {
                return QuicSslContextBuilder.forServer(
                                identity.key(), null, identity.chain().toArray(X509Certificate[]::new))
                        .applicationProtocols(ALPN)
                        .build();
            } catch (IllegalArgumentException failure) {
                throw new TlsException("tls: not for QUIC: " + failure.getMessage(), failure);
            }
        };
    }

    /** The context that chooses by the name that the client asks for, and what is current then. */
    static QuicSslContext byName(TlsContexts contexts) {
        return QuicSslContextBuilder.buildForServerWithSni(name -> (QuicSslContext) contexts.quicForName(name));
    }
}

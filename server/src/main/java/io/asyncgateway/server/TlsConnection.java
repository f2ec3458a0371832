package io.asyncgateway.server;

import io.asyncgateway.api.TlsInfo;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What TLS knows of a connection after its handshake. */
final class TlsConnection {
    /** The host name that the client asked for. */
    static final AttributeKey<String> SERVER_NAME = AttributeKey.valueOf("async-gateway.server-name");

    private TlsConnection() {}

    /** The facts, or {@code null} where the connection has no TLS. To be asked after the handshake. */
    static @Nullable TlsInfo of(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls == null ? null : of(channel, tls.engine());
    }

    /** The same where the engine is not in the pipeline. */
    static @Nullable TlsInfo of(Channel channel, @Nullable SSLEngine engine) {
        if (engine == null) {
            return null;
        }
        SSLSession session = engine.getSession();
        return new TlsInfo(
                session.getProtocol(),
                session.getCipherSuite(),
                peerCertificates(session),
                channel.attr(SERVER_NAME).get());
    }

    private static List<X509Certificate> peerCertificates(SSLSession session) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : session.getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return chain;
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }
}

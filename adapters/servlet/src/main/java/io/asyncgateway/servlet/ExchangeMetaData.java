package io.asyncgateway.servlet;

import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.TlsInfo;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Attributes;
import org.jspecify.annotations.Nullable;

/** What the engine may know of the connection that a request came by. */
final class ExchangeMetaData extends Attributes.Lazy implements ConnectionMetaData {
    /** Servlet 6.1 section 3.9. */
    private static final String SECURE_PROTOCOL = "jakarta.servlet.request.secure_protocol";

    private final Exchange exchange;
    private final HttpScope scope;
    private final String prefix;
    private final Connector connector;
    private final HttpConfiguration configuration;

    ExchangeMetaData(Exchange exchange, String prefix, Connector connector, HttpConfiguration configuration) {
        this.exchange = exchange;
        this.prefix = prefix;
        this.scope = exchange.scope();
        this.connector = connector;
        this.configuration = configuration;
    }

    /** The engine has begun to handle the request: the last moment before the application sees it, and the first at which it can be failed. */
    static Request begin(Request request) {
        if (request.getConnectionMetaData() instanceof ExchangeMetaData known) {
            TlsInfo tls = known.scope.tls();
            if (tls != null) {
                request.setAttribute(EndPoint.SslSessionData.ATTRIBUTE, sessionData(tls));
                request.setAttribute(SECURE_PROTOCOL, tls.version());
            }
            known.exchange.handled(HttpChannel.from(request));
            return new ExchangeRequest(request, known.exchange);
        }
        return request;
    }

    private static EndPoint.SslSessionData sessionData(TlsInfo tls) {
        X509Certificate[] chain = tls.peerCertificates().toArray(X509Certificate[]::new);
        return EndPoint.SslSessionData.from(null, null, tls.cipherSuite(), chain.length == 0 ? null : chain);
    }

    /** What the root path has in front of the one that the context was started with, percent-encoded. */
    String prefix() {
        return prefix;
    }

    /** Contract and HTTP/2 know no connections here, so this is as unique as the request. */
    @Override
    public String getId() {
        return exchange.getId();
    }

    @Override
    public HttpConfiguration getHttpConfiguration() {
        return configuration;
    }

    @Override
    public HttpVersion getHttpVersion() {
        return RequestHead.version(scope.httpVersion());
    }

    @Override
    public String getProtocol() {
        return getHttpVersion().asString();
    }

    @Override
    public @Nullable Connection getConnection() {
        return null;
    }

    @Override
    public Connector getConnector() {
        return connector;
    }

    /** Whether the connection goes on is the server's business; the engine is not to fail a response for the sake of it. */
    @Override
    public boolean isPersistent() {
        return false;
    }

    @Override
    public boolean isSecure() {
        return scope.scheme().equals("https");
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return scope.client();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return scope.server();
    }
}

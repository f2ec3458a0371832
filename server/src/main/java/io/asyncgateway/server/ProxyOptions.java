package io.asyncgateway.server;

import java.net.SocketAddress;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is believed of proxies in front of the server. By default nothing: an address or a scheme in a request field is worth as much as the peer that
 * wrote it, so those who are believed must be named.
 *
 * <pre>{@code
 * ProxyOptions behindNginx = ProxyOptions.defaults()
 *         .withForwardedAllowIps(TrustedProxies.of("unix"))
 *         .withForwardedHeaders(Set.of(X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST));
 * }</pre>
 *
 * @param headers whether {@link #forwardedHeaders()} of those whom {@link #forwardedAllowIps()} names are believed. Default true
 * @param forwardedAllowIps whose fields are believed. Default nobody
 * @param forwardedHeaders which fields those proxies set. A field that they don't set, and so pass on as the client wrote it, must not be named
 *     here; so {@code Forwarded} excludes its older relatives but for the prefix. Default {@code X-Forwarded-For} and {@code X-Forwarded-Proto}
 * @param protocol whether connections of those whom {@link #proxyAllowFrom()} names begin with a header of the PROXY protocol. Default off
 * @param proxyAllowFrom who must begin with that header. Default nobody; a server with the protocol on does not start then
 */
public record ProxyOptions(
        boolean headers,
        TrustedProxies forwardedAllowIps,
        Set<ForwardedHeader> forwardedHeaders,
        ProxyProtocol protocol,
        TrustedProxies proxyAllowFrom) {
    private static final Set<ForwardedHeader> IN_FORWARDED_TOO = EnumSet.of(
            ForwardedHeader.X_FORWARDED_FOR, ForwardedHeader.X_FORWARDED_PROTO, ForwardedHeader.X_FORWARDED_HOST);

    private static final ProxyOptions DEFAULTS = new ProxyOptions(
            true,
            TrustedProxies.none(),
            EnumSet.of(ForwardedHeader.X_FORWARDED_FOR, ForwardedHeader.X_FORWARDED_PROTO),
            ProxyProtocol.OFF,
            TrustedProxies.none());

    /** Validates each value. */
    public ProxyOptions {
        if (forwardedHeaders.isEmpty()) {
            throw new IllegalArgumentException("forwardedHeaders: none (expected: at least one)");
        }
        forwardedHeaders = Collections.unmodifiableSet(EnumSet.copyOf(forwardedHeaders));
        if (forwardedHeaders.contains(ForwardedHeader.FORWARDED)) {
            for (ForwardedHeader other : forwardedHeaders) {
                if (IN_FORWARDED_TOO.contains(other)) {
                    throw new IllegalArgumentException("forwardedHeaders: forwarded and " + other.field()
                            + " (expected: the one of them that the proxy sets; the other would be the client's)");
                }
            }
        }
    }

    /** Whether a connection from there must begin with a header of the PROXY protocol. */
    boolean demandsHeader(@Nullable SocketAddress peer, boolean onUnixSocket) {
        return protocol != ProxyProtocol.OFF && proxyAllowFrom.trustsPeer(peer, onUnixSocket);
    }

    /** What no single change can violate, but all of them together can. */
    void check() {
        if (protocol != ProxyProtocol.OFF && proxyAllowFrom.isEmpty()) {
            throw new ServerException(
                    "proxyAllowFrom: none (expected: whose connections begin with a PROXY header)", null);
        }
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static ProxyOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #headers()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ProxyOptions withHeaders(boolean value) {
        return new ProxyOptions(value, forwardedAllowIps, forwardedHeaders, protocol, proxyAllowFrom);
    }

    /**
     * The same with other {@link #forwardedAllowIps()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ProxyOptions withForwardedAllowIps(TrustedProxies value) {
        return new ProxyOptions(headers, value, forwardedHeaders, protocol, proxyAllowFrom);
    }

    /**
     * The same with other {@link #forwardedHeaders()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ProxyOptions withForwardedHeaders(Set<ForwardedHeader> value) {
        return new ProxyOptions(headers, forwardedAllowIps, value, protocol, proxyAllowFrom);
    }

    /**
     * The same with another {@link #protocol()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ProxyOptions withProtocol(ProxyProtocol value) {
        return new ProxyOptions(headers, forwardedAllowIps, forwardedHeaders, value, proxyAllowFrom);
    }

    /**
     * The same with other {@link #proxyAllowFrom()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ProxyOptions withProxyAllowFrom(TrustedProxies value) {
        return new ProxyOptions(headers, forwardedAllowIps, forwardedHeaders, protocol, value);
    }
}

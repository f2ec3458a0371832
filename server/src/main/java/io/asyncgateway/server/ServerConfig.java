package io.asyncgateway.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set of a server, grouped by subject. Immutable.
 *
 * @param addresses where to listen: {@link InetSocketAddress} (port 0 for any free one), {@link java.net.UnixDomainSocketAddress} or
 *     {@link InheritedSocketAddress}; at least one. Default 127.0.0.1:8000
 * @param limits what a peer may make the server hold or do
 * @param timeouts how long the server waits
 * @param http what is added to HTTP exchanges
 * @param http2 how HTTP/2 is served
 * @param http3 how HTTP/3 is served
 * @param webSocket how WebSockets are served
 * @param transport how sockets are served
 * @param tls how TLS is spoken on the TCP addresses, or {@code null} for not at all. Default {@code null}
 * @param proxies what is believed of proxies in front of the server. Default nothing
 * @param lifespan whether the application is given a lifespan. Default {@link LifespanMode#AUTO}
 * @param settings the application's own settings, which it finds in its lifespan scope. Default none
 * @param accessLog told of each exchange. Default {@link AccessLog#NONE}
 */
public record ServerConfig(
        List<SocketAddress> addresses,
        Limits limits,
        Timeouts timeouts,
        HttpOptions http,
        Http2Options http2,
        Http3Options http3,
        WebSocketOptions webSocket,
        TransportOptions transport,
        @Nullable Tls tls,
        ProxyOptions proxies,
        LifespanMode lifespan,
        Map<String, String> settings,
        AccessLog accessLog) {
    private static final ServerConfig DEFAULTS = new ServerConfig(
            List.of(InetSocketAddress.createUnresolved("127.0.0.1", 8000)),
            Limits.defaults(),
            Timeouts.defaults(),
            HttpOptions.defaults(),
            Http2Options.defaults(),
            Http3Options.defaults(),
            WebSocketOptions.defaults(),
            TransportOptions.defaults(),
            null,
            ProxyOptions.defaults(),
            LifespanMode.AUTO,
            Map.of(),
            AccessLog.NONE);

    /** Copies the collections. */
    public ServerConfig {
        addresses = List.copyOf(addresses);
        settings = Map.copyOf(settings);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses: none (expected: at least one)");
        }
    }

    /**
     * The defaults.
     *
     * @return a constant
     */
    public static ServerConfig defaults() {
        return DEFAULTS;
    }

    /**
     * The same listening on one TCP address.
     *
     * @param host a name or an address literal; {@code 0.0.0.0} or {@code ::} for all
     * @param port 0-65535; 0 for any free one
     * @return a changed copy
     * @throws IllegalArgumentException if the port is out of range
     */
    public ServerConfig withAddress(String host, int port) {
        Check.range("port", port, 0, 65535);
        return withAddresses(List.of(InetSocketAddress.createUnresolved(host, port)));
    }

    /**
     * The same with other {@link #addresses()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withAddresses(List<SocketAddress> value) {
        return new ServerConfig(
                value, limits, timeouts, http, http2, http3, webSocket, transport, tls, proxies, lifespan, settings,
                accessLog);
    }

    /**
     * The same with other {@link #limits()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withLimits(Limits value) {
        return new ServerConfig(
                addresses, value, timeouts, http, http2, http3, webSocket, transport, tls, proxies, lifespan, settings,
                accessLog);
    }

    /**
     * The same with other {@link #timeouts()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withTimeouts(Timeouts value) {
        return new ServerConfig(
                addresses, limits, value, http, http2, http3, webSocket, transport, tls, proxies, lifespan, settings,
                accessLog);
    }

    /**
     * The same with other {@link #http()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withHttp(HttpOptions value) {
        return new ServerConfig(
                addresses, limits, timeouts, value, http2, http3, webSocket, transport, tls, proxies, lifespan,
                settings, accessLog);
    }

    /**
     * The same with other {@link #http2()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withHttp2(Http2Options value) {
        return new ServerConfig(
                addresses, limits, timeouts, http, value, http3, webSocket, transport, tls, proxies, lifespan, settings,
                accessLog);
    }

    /**
     * The same with other {@link #http3()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withHttp3(Http3Options value) {
        return new ServerConfig(
                addresses, limits, timeouts, http, http2, value, webSocket, transport, tls, proxies, lifespan, settings,
                accessLog);
    }

    /**
     * The same with other {@link #webSocket()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withWebSocket(WebSocketOptions value) {
        return new ServerConfig(
                addresses, limits, timeouts, http, http2, http3, value, transport, tls, proxies, lifespan, settings,
                accessLog);
    }

    /**
     * The same with other {@link #transport()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withTransport(TransportOptions value) {
        return new ServerConfig(
                addresses, limits, timeouts, http, http2, http3, webSocket, value, tls, proxies, lifespan, settings,
                accessLog);
    }

    /**
     * The same with other {@link #tls()}.
     *
     * @param value the new value; {@code null} for none
     * @return a changed copy
     */
    public ServerConfig withTls(@Nullable Tls value) {
        return new ServerConfig(
                addresses, limits, timeouts, http, http2, http3, webSocket, transport, value, proxies, lifespan,
                settings, accessLog);
    }

    /**
     * The same with other {@link #proxies()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withProxies(ProxyOptions value) {
        return new ServerConfig(
                addresses, limits, timeouts, http, http2, http3, webSocket, transport, tls, value, lifespan, settings,
                accessLog);
    }

    /**
     * The same with other {@link #lifespan()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withLifespan(LifespanMode value) {
        return new ServerConfig(
                addresses, limits, timeouts, http, http2, http3, webSocket, transport, tls, proxies, value, settings,
                accessLog);
    }

    /**
     * The same with other {@link #settings()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withSettings(Map<String, String> value) {
        return new ServerConfig(
                addresses, limits, timeouts, http, http2, http3, webSocket, transport, tls, proxies, lifespan, value,
                accessLog);
    }

    /**
     * The same with other {@link #accessLog()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServerConfig withAccessLog(AccessLog value) {
        return new ServerConfig(
                addresses, limits, timeouts, http, http2, http3, webSocket, transport, tls, proxies, lifespan, settings,
                value);
    }
}

package io.asyncgateway.api;

import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server that stands behind trusted proxies was told by them of a request, and believed; and how the connection looks without it.
 *
 * <p>What was believed is in the scope already: {@link RequestScope#client()}, {@link RequestScope#server()}, {@link RequestScope#scheme()},
 * the field {@code host} of {@link RequestScope#headers()}, {@link RequestScope#rootPath()}. The fields {@code forwarded} and {@code x-forwarded-*}
 * of a request stay as they came, whoever wrote them: an application that reads them itself believes everybody.
 *
 * @param peer the other end of the connection itself, mostly the proxy; {@code null} where the transport knows none
 * @param local the address on which the server took the connection itself; {@code null} where the transport knows none
 * @param host the field {@code host} as it came, or {@code null} where there was none
 * @param node the client in the words of the proxy, where that is no address: {@code unknown}, or an obfuscated identifier such as
 *     {@code _hidden} (RFC 7239 section 6); {@link RequestScope#client()} is {@code null} then. Otherwise {@code null}
 * @param believed each fact that was believed, and by which means it came; not empty
 */
public record ProxyInfo(
        @Nullable SocketAddress peer,
        @Nullable SocketAddress local,
        @Nullable String host,
        @Nullable String node,
        Map<Fact, Source> believed) {
    /** Copies the map. */
    public ProxyInfo {
        if (believed.isEmpty()) {
            throw new IllegalArgumentException("believed: nothing (expected: at least one fact)");
        }
        believed = Map.copyOf(believed);
    }

    /** A part of a scope that a proxy can tell. */
    public enum Fact {
        /** {@link RequestScope#client()}. */
        CLIENT,
        /** {@link RequestScope#server()}. */
        SERVER,
        /** {@link RequestScope#scheme()}. */
        SCHEME,
        /** The field {@code host} of {@link RequestScope#headers()}. */
        HOST,
        /** {@link RequestScope#rootPath()}. */
        ROOT_PATH
    }

    /** A way in which a proxy tells. */
    public enum Source {
        /** The header of the PROXY protocol, version 1 or 2, at the beginning of the connection. */
        PROXY_PROTOCOL,
        /** The field {@code forwarded} (RFC 7239). */
        FORWARDED,
        /** The fields {@code x-forwarded-for}, {@code x-forwarded-proto}, {@code x-forwarded-host} and {@code x-forwarded-prefix}. */
        X_FORWARDED
    }
}

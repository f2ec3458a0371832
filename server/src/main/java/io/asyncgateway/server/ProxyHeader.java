package io.asyncgateway.server;

import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the header of the PROXY protocol says of a connection.
 *
 * @param kind whether it says anything
 * @param source the client's end; {@code null} for an unnamed Unix domain socket, and where the kind is another than {@code TOLD}
 * @param destination the end that the client connected to; {@code null} likewise
 * @param secure whether the client came over TLS; version 2 alone can tell
 */
record ProxyHeader(
        Kind kind, @Nullable SocketAddress source, @Nullable SocketAddress destination, boolean secure) {
    /** What a connection is. */
    enum Kind {
        /** One of a client, whose addresses are told. */
        TOLD,
        /** One of a client of which nothing is told. */
        UNKNOWN,
        /** One of the proxy itself, as a health check is. */
        LOCAL
    }

    /** The header of a connection that had one. */
    static final AttributeKey<ProxyHeader> KEY = AttributeKey.valueOf(ProxyHeader.class, "header");

    static ProxyHeader unknown(boolean secure) {
        return new ProxyHeader(Kind.UNKNOWN, null, null, secure);
    }

    static ProxyHeader local() {
        return new ProxyHeader(Kind.LOCAL, null, null, false);
    }
}

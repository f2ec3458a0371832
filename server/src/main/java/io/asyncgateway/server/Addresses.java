package io.asyncgateway.server;

import io.asyncgateway.api.TlsInfo;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** The two ends of a connection and what TLS knows of it, asked of the channel once. */
final class Addresses {
    private final @Nullable SocketAddress client;
    private final @Nullable SocketAddress server;
    private final @Nullable TlsInfo tls;

    /** To be asked when the connection has been opened, with its handshake if it has one. */
    Addresses(Channel channel) {
        this.client = standard(channel.remoteAddress());
        this.server = standard(channel.localAddress());
        this.tls = TlsConnection.of(channel);
    }

    @Nullable
    SocketAddress client() {
        return client;
    }

    @Nullable
    SocketAddress server() {
        return server;
    }

    boolean isSecure() {
        return tls != null;
    }

    @Nullable
    TlsInfo tls() {
        return tls;
    }

    /** No type of Netty's reaches an application. */
    static @Nullable SocketAddress standard(@Nullable SocketAddress address) {
        if (address instanceof DomainSocketAddress unix) {
            return unix.path().isEmpty() ? null : UnixDomainSocketAddress.of(unix.path());
        }
        if (address instanceof UnixDomainSocketAddress unix
                && unix.getPath().toString().isEmpty()) {
            return null; // a client that has bound itself to no file
        }
        return address;
    }
}

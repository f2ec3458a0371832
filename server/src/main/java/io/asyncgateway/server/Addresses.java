package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.ProxyInfo;
import io.asyncgateway.api.TlsInfo;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;

/** The two ends of a connection and what TLS knows of it, asked of the channel once; or what a trusted proxy told of them. Immutable. */
final class Addresses {
    /** The address that a listening socket is known by, where its connections would tell another. */
    static final AttributeKey<SocketAddress> LISTENING = AttributeKey.valueOf(Addresses.class, "listening");

    private final @Nullable SocketAddress client;
    private final @Nullable SocketAddress server;
    private final @Nullable TlsInfo tls;
    private final boolean secure;
    private final boolean trusted;
    private final @Nullable String host;
    private final @Nullable String rootPath;
    private final @Nullable ProxyInfo proxy;

    private Addresses(
            @Nullable SocketAddress client, @Nullable SocketAddress server, @Nullable TlsInfo tls, boolean trusted) {
        this.client = client;
        this.server = server;
        this.tls = tls;
        this.secure = tls != null;
        this.trusted = trusted;
        this.host = null;
        this.rootPath = null;
        this.proxy = null;
    }

    Addresses(@Nullable TlsInfo tls, Belief belief, ProxyInfo proxy, boolean trusted) {
        this.client = belief.client();
        this.server = belief.server();
        this.tls = tls;
        this.secure = belief.isSecure();
        this.trusted = trusted;
        this.host = belief.host();
        this.rootPath = belief.rootPath();
        this.proxy = proxy;
    }

    /** Those of a connection, when what comes before its first request is over: the header of the PROXY protocol, the handshake of TLS. */
    static Addresses of(Channel channel, Forwarding forwarding) {
        SocketAddress listening = channel.attr(LISTENING).get();
        SocketAddress peer = standard(channel.remoteAddress());
        ProxyHeader header = channel.attr(ProxyHeader.KEY).get();
        boolean own = header == null || header.kind() == ProxyHeader.Kind.LOCAL;
        Addresses connection = new Addresses(
                peer,
                listening == null ? standard(channel.localAddress()) : listening,
                TlsConnection.of(channel),
                own && forwarding.trustsPeer(peer, isOnUnixSocket(channel)));
        return header == null ? connection : new Belief(connection).told(header, forwarding);
    }

    /** Those of a connection of QUIC, which has no header of the PROXY protocol. */
    static Addresses of(
            @Nullable SocketAddress peer, @Nullable SocketAddress local, @Nullable TlsInfo tls, Forwarding forwarding) {
        return new Addresses(peer, local, tls, forwarding.trustsPeer(peer, false));
    }

    @Nullable
    SocketAddress client() {
        return client;
    }

    @Nullable
    SocketAddress server() {
        return server;
    }

    /** Whether the client came over TLS, to us or to a proxy. */
    boolean isSecure() {
        return secure;
    }

    @Nullable
    TlsInfo tls() {
        return tls;
    }

    /** Whether the fields of a proxy are believed in requests of this connection. */
    boolean isTrusted() {
        return trusted;
    }

    /** The prefix that a proxy told, or {@code null}. */
    @Nullable
    String rootPath() {
        return rootPath;
    }

    @Nullable
    ProxyInfo proxy() {
        return proxy;
    }

    /** The fields of a request, with the host that a proxy told in the place of its own. */
    Headers headers(Headers received) {
        if (host == null) {
            return received;
        }
        Headers.Builder fields = Headers.builder();
        boolean told = received.contains("host");
        if (!told) {
            fields.add("host", host);
        }
        for (int i = 0, size = received.size(); i < size; i++) {
            String name = received.name(i);
            fields.add(name, name.equals("host") ? host : received.value(i));
        }
        return fields.build();
    }

    static boolean isOnUnixSocket(Channel channel) {
        return channel instanceof DomainSocketChannel || channel instanceof NioDomainSocketChannel;
    }

    /** No type of Netty's reaches an application. */
    static @Nullable SocketAddress standard(@Nullable SocketAddress address) {
        if (address instanceof DomainSocketAddress unix) {
            return unix(unix.path());
        }
        if (address instanceof UnixDomainSocketAddress unix
                && unix.getPath().toString().isEmpty()) {
            return null; // a client that has bound itself to no file
        }
        return address;
    }

    /** The address of a file; {@code null} where there is none: a socket without a name, or with an abstract one, or one that is no path here. */
    private static @Nullable SocketAddress unix(String path) {
        try {
            return path.isEmpty() || path.charAt(0) == '\0' ? null : UnixDomainSocketAddress.of(path);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}

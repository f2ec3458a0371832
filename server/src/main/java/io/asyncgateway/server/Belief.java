package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.ProxyInfo;
import io.asyncgateway.api.ProxyInfo.Fact;
import io.asyncgateway.api.ProxyInfo.Source;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was believed so far of one request (or of the header of the PROXY protocol, for all of a connection), on top of what its connection says. */
final class Belief {
    private final Addresses connection;
    private final Map<Fact, Source> believed = new EnumMap<>(Fact.class);

    private @Nullable SocketAddress client;
    private @Nullable SocketAddress server;
    private boolean secure;
    private @Nullable String node;
    private @Nullable String host;
    private @Nullable String rootPath;

    Belief(Addresses connection) {
        this.connection = connection;
        this.client = connection.client();
        this.server = connection.server();
        this.secure = connection.isSecure();
        ProxyInfo before = connection.proxy();
        if (before != null) {
            believed.putAll(before.believed());
        }
    }

    /** What the PROXY protocol tells, for all requests of the connection. */
    Addresses told(ProxyHeader header, Forwarding forwarding) {
        if (header.kind() == ProxyHeader.Kind.TOLD) {
            client = header.source();
            server = header.destination();
            believed.put(Fact.CLIENT, Source.PROXY_PROTOCOL);
            believed.put(Fact.SERVER, Source.PROXY_PROTOCOL);
        }
        if (header.secure()) {
            secure(true, Source.PROXY_PROTOCOL);
        }
        boolean trusted =
                switch (header.kind()) {
                    case TOLD -> forwarding.trustsHop(client);
                    case UNKNOWN -> false;
                    case LOCAL -> connection.isTrusted();
                };
        return believed.isEmpty() ? connection : new Addresses(connection.tls(), this, info(null), trusted);
    }

    void client(ForwardedNode told, Source source) {
        client = told.socketAddress();
        node = told.address() == null ? told.text() : null;
        believed.put(Fact.CLIENT, source);
    }

    void secure(boolean told, Source source) {
        secure = told;
        believed.put(Fact.SCHEME, source);
    }

    void host(String told, Source source) {
        host = told;
        believed.put(Fact.HOST, source);
    }

    void rootPath(String told) {
        rootPath = told;
        believed.put(Fact.ROOT_PATH, Source.X_FORWARDED);
    }

    /** The addresses with what was believed; those of the connection where that is nothing new. */
    Addresses addresses(Headers headers) {
        ProxyInfo before = connection.proxy();
        if (before == null ? believed.isEmpty() : believed.equals(before.believed())) {
            return connection;
        }
        return new Addresses(connection.tls(), this, info(host == null ? null : headers.first("host")), false);
    }

    private ProxyInfo info(@Nullable String hostAsItCame) {
        ProxyInfo before = connection.proxy();
        return new ProxyInfo(
                before == null ? connection.client() : before.peer(),
                before == null ? connection.server() : before.local(),
                hostAsItCame,
                node,
                believed);
    }

    // ------------------------------------------------------------------------------------------------ what came of it

    @Nullable
    SocketAddress client() {
        return client;
    }

    @Nullable
    SocketAddress server() {
        return server;
    }

    boolean isSecure() {
        return secure;
    }

    @Nullable
    String host() {
        return host;
    }

    @Nullable
    String rootPath() {
        return rootPath;
    }
}

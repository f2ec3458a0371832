package io.asyncgateway.api;

import java.net.SocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What {@link RequestScopeBuilder} builds. The methods of {@link RequestScope}, once for both kinds. */
abstract class FixedRequestScope {
    private final HttpVersion httpVersion;
    private final String scheme;
    private final String method;
    private final String target;
    private final String rawPath;
    private final String path;
    private final String queryString;
    private final String rootPath;
    private final Headers headers;
    private final @Nullable SocketAddress client;
    private final @Nullable SocketAddress server;
    private final @Nullable TlsInfo tls;
    private final @Nullable ProxyInfo proxy;
    private final State state;
    private final Mono<Void> disconnected;
    private final Mono<Void> draining;
    private final Mono<Void> deadline;
    private final @Nullable Instant deadlineAt;

    FixedRequestScope(RequestScopeBuilder<?> from, String method) {
        this.httpVersion = from.httpVersion;
        this.scheme = from.scheme != null ? from.scheme : from.defaultScheme(from.tls != null);
        this.method = method;
        this.target = from.target;
        this.rawPath = RequestTargets.rawPath(target);
        this.path = RequestTargets.decode(rawPath);
        this.queryString = RequestTargets.queryString(target);
        RootPaths.check(from.rootPath, path);
        this.rootPath = from.rootPath;
        this.headers = from.headers;
        this.client = from.client;
        this.server = from.server;
        this.tls = from.tls;
        this.proxy = from.proxy;
        this.state = from.state != null ? from.state : new State();
        this.disconnected = from.disconnected;
        this.draining = from.draining;
        this.deadline = from.deadline;
        this.deadlineAt = from.deadlineAt;
    }

    public State state() {
        return state;
    }

    public HttpVersion httpVersion() {
        return httpVersion;
    }

    public String scheme() {
        return scheme;
    }

    public String method() {
        return method;
    }

    public String target() {
        return target;
    }

    public String rawPath() {
        return rawPath;
    }

    public String path() {
        return path;
    }

    public String queryString() {
        return queryString;
    }

    public String rootPath() {
        return rootPath;
    }

    public Headers headers() {
        return headers;
    }

    public @Nullable SocketAddress client() {
        return client;
    }

    public @Nullable SocketAddress server() {
        return server;
    }

    public @Nullable TlsInfo tls() {
        return tls;
    }

    public @Nullable ProxyInfo proxy() {
        return proxy;
    }

    public Mono<Void> disconnected() {
        return disconnected;
    }

    public Mono<Void> draining() {
        return draining;
    }

    public Mono<Void> deadline() {
        return deadline;
    }

    public @Nullable Instant deadlineAt() {
        return deadlineAt;
    }

    /** The kind and the path, for messages of tests. Header fields and query may be secrets. */
    @Override
    public String toString() {
        return scheme + " " + method + " " + rawPath + " " + httpVersion;
    }

    static final class OfHttp extends FixedRequestScope implements HttpScope {
        OfHttp(RequestScopeBuilder.ForHttp from) {
            super(from, from.method);
        }
    }

    static final class OfWebSocket extends FixedRequestScope implements WebSocketScope {
        private final List<String> subprotocols;
        private final Supplier<Instant> lastHeard;

        OfWebSocket(RequestScopeBuilder.ForWebSocket from) {
            super(from, from.httpVersion.compareTo(HttpVersion.HTTP_2) < 0 ? "GET" : "CONNECT");
            this.subprotocols = from.subprotocols;
            Instant built = Instant.now();
            this.lastHeard = from.lastHeard != null ? from.lastHeard : () -> built;
        }

        @Override
        public List<String> subprotocols() {
            return subprotocols;
        }

        @Override
        public Instant lastHeard() {
            return lastHeard.get();
        }
    }
}

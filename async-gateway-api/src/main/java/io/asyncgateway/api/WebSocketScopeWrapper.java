package io.asyncgateway.api;

import java.net.SocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A WebSocket's scope that answers as another one does, but for what a subclass overrides: how a middleware changes single fields for the
 * application inside.
 *
 * <pre>{@code
 * WebSocketScope seen = new WebSocketScopeWrapper(scope) {
 *     @Override
 *     public String scheme() {
 *         return "wss";
 *     }
 * };
 * }</pre>
 *
 * <p>{@link #target()}, {@link #rawPath()}, {@link #path()} and {@link #queryString()} are parts of one thing, and
 * {@link #rootPath()} is a prefix of {@link #path()}: who overrides one keeps the others in step.
 */
public abstract class WebSocketScopeWrapper implements WebSocketScope {
    /** The scope inside. */
    protected final WebSocketScope scope;

    /**
     * A view of a scope.
     *
     * @param scope the scope inside
     */
    protected WebSocketScopeWrapper(WebSocketScope scope) {
        this.scope = Objects.requireNonNull(scope, "scope");
    }

    @Override
    public State state() {
        return scope.state();
    }

    @Override
    public HttpVersion httpVersion() {
        return scope.httpVersion();
    }

    @Override
    public String scheme() {
        return scope.scheme();
    }

    @Override
    public String method() {
        return scope.method();
    }

    @Override
    public String target() {
        return scope.target();
    }

    @Override
    public String rawPath() {
        return scope.rawPath();
    }

    @Override
    public String path() {
        return scope.path();
    }

    @Override
    public String queryString() {
        return scope.queryString();
    }

    @Override
    public String rootPath() {
        return scope.rootPath();
    }

    @Override
    public Headers headers() {
        return scope.headers();
    }

    @Override
    public @Nullable SocketAddress client() {
        return scope.client();
    }

    @Override
    public @Nullable SocketAddress server() {
        return scope.server();
    }

    @Override
    public @Nullable TlsInfo tls() {
        return scope.tls();
    }

    @Override
    public @Nullable ProxyInfo proxy() {
        return scope.proxy();
    }

    @Override
    public Mono<Void> disconnected() {
        return scope.disconnected();
    }

    @Override
    public Mono<Void> draining() {
        return scope.draining();
    }

    @Override
    public Mono<Void> deadline() {
        return scope.deadline();
    }

    @Override
    public @Nullable Instant deadlineAt() {
        return scope.deadlineAt();
    }

    @Override
    public List<String> subprotocols() {
        return scope.subprotocols();
    }

    @Override
    public Instant lastHeard() {
        return scope.lastHeard();
    }
}

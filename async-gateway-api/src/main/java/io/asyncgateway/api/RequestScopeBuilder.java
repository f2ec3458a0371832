package io.asyncgateway.api;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Builds scopes of fixed values, for tests and for middleware that calls an application by itself. Its two forms come from
 * {@link HttpScope#builder()} and {@link WebSocketScope#builder()}.
 *
 * <p>What is not given: HTTP/1.1, {@code GET}, target {@code /}, no header fields, root path {@code ""}, client {@code 127.0.0.1:54321},
 * server {@code 127.0.0.1:8000}, no TLS, no proxy, a new {@link State}, and signals that never fire. Not safe for use from several threads; can be used
 * further after {@code build()}.
 *
 * @param <B> the type of the builder itself
 */
public abstract sealed class RequestScopeBuilder<B extends RequestScopeBuilder<B>> {
    HttpVersion httpVersion = HttpVersion.HTTP_1_1;

    @Nullable
    String scheme;

    String method = "GET";
    String target = "/";
    String rootPath = "";
    Headers headers = Headers.empty();

    @Nullable
    SocketAddress client = loopback(54321);

    @Nullable
    SocketAddress server = loopback(8000);

    @Nullable
    TlsInfo tls;

    @Nullable
    ProxyInfo proxy;

    @Nullable
    State state;

    Mono<Void> disconnected = Mono.never();
    Mono<Void> draining = Mono.never();
    Mono<Void> deadline = Mono.never();

    @Nullable
    Instant deadlineAt;

    private RequestScopeBuilder() {}

    abstract B self();

    /** The scheme of a connection with or without TLS, where none was given. */
    abstract String defaultScheme(boolean secure);

    /**
     * The HTTP version.
     *
     * @param httpVersion the version
     * @return this
     */
    public B httpVersion(HttpVersion httpVersion) {
        this.httpVersion = Objects.requireNonNull(httpVersion, "httpVersion");
        return self();
    }

    /**
     * The scheme. By default {@code http} or {@code ws}, with {@link #tls(TlsInfo)} {@code https} or {@code wss}.
     *
     * @param scheme the scheme in lower case
     * @return this
     */
    public B scheme(String scheme) {
        this.scheme = Objects.requireNonNull(scheme, "scheme");
        return self();
    }

    /**
     * The request target, from which raw path, path and query follow exactly as at a server ({@link RequestTargets}).
     *
     * @param target for example {@code /a%20b?c=d}
     * @return this
     * @throws IllegalArgumentException if it is empty or has white space, control characters or characters above U+00FF
     */
    public B target(String target) {
        boolean valid = !target.isEmpty() && target.chars().allMatch(c -> c > ' ' && c != 0x7f && c <= 0xff);
        if (!valid) {
            throw new IllegalArgumentException("target: " + target
                    + " (expected: not empty, percent-encoded, without white space and control characters)");
        }
        this.target = target;
        return self();
    }

    /**
     * Where the application is mounted.
     *
     * @param rootPath a prefix of the decoded path that ends before a {@code /} or at the end; checked by {@code build()}
     * @return this
     */
    public B rootPath(String rootPath) {
        this.rootPath = Objects.requireNonNull(rootPath, "rootPath");
        return self();
    }

    /**
     * All header fields.
     *
     * @param headers the fields; they replace those given before
     * @return this
     */
    public B headers(Headers headers) {
        this.headers = Headers.copyOf(headers);
        return self();
    }

    /**
     * One more header field.
     *
     * @param name the name
     * @param value the value
     * @return this
     * @throws IllegalArgumentException if name or value is not valid
     */
    public B header(String name, String value) {
        this.headers = headers.toBuilder().add(name, value).build();
        return self();
    }

    /**
     * The address of the peer.
     *
     * @param client the address, or {@code null} for none
     * @return this
     */
    public B client(@Nullable SocketAddress client) {
        this.client = client;
        return self();
    }

    /**
     * The address of the server.
     *
     * @param server the address, or {@code null} for none
     * @return this
     */
    public B server(@Nullable SocketAddress server) {
        this.server = server;
        return self();
    }

    /**
     * What TLS knows.
     *
     * @param tls the facts, or {@code null} for a connection without TLS
     * @return this
     */
    public B tls(@Nullable TlsInfo tls) {
        this.tls = tls;
        return self();
    }

    /**
     * What trusted proxies told. It says so and no more: client, scheme and the rest are given by themselves.
     *
     * @param proxy the facts, or {@code null} for none
     * @return this
     */
    public B proxy(@Nullable ProxyInfo proxy) {
        this.proxy = proxy;
        return self();
    }

    /**
     * The state. By default a new one for each {@code build()}.
     *
     * @param state the state as the application will see it: where it stands for what a lifespan made, pass a {@link State#layer()} of that
     * @return this
     */
    public B state(State state) {
        this.state = Objects.requireNonNull(state, "state");
        return self();
    }

    /**
     * The signal that the peer is gone.
     *
     * @param disconnected completes then; late subscribers must get it too
     * @return this
     */
    public B disconnected(Mono<Void> disconnected) {
        this.disconnected = Objects.requireNonNull(disconnected, "disconnected");
        return self();
    }

    /**
     * The signal that the server begins to shut down.
     *
     * @param draining completes then; late subscribers must get it too
     * @return this
     */
    public B draining(Mono<Void> draining) {
        this.draining = Objects.requireNonNull(draining, "draining");
        return self();
    }

    /**
     * The signal that the deadline has passed.
     *
     * @param deadline completes then; late subscribers must get it too
     * @return this
     */
    public B deadline(Mono<Void> deadline) {
        this.deadline = Objects.requireNonNull(deadline, "deadline");
        return self();
    }

    /**
     * When the deadline passes. It says so and no more: the signal is {@link #deadline(Mono)}.
     *
     * @param deadlineAt the time, or {@code null} for none
     * @return this
     */
    public B deadlineAt(@Nullable Instant deadlineAt) {
        this.deadlineAt = deadlineAt;
        return self();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Builds an {@link HttpScope}. */
    public static final class ForHttp extends RequestScopeBuilder<ForHttp> {
        ForHttp() {}

        /**
         * The request method.
         *
         * @param method the method, case-sensitive
         * @return this
         */
        public ForHttp method(String method) {
            this.method = Objects.requireNonNull(method, "method");
            return this;
        }

        /**
         * The scope.
         *
         * @return an immutable scope
         * @throws IllegalArgumentException if the root path is no prefix of the path
         */
        public HttpScope build() {
            return new FixedRequestScope.OfHttp(this);
        }

        @Override
        ForHttp self() {
            return this;
        }

        @Override
        String defaultScheme(boolean secure) {
            return secure ? "https" : "http";
        }
    }

    /** Builds a {@link WebSocketScope}. */
    public static final class ForWebSocket extends RequestScopeBuilder<ForWebSocket> {
        List<String> subprotocols = List.of();

        @Nullable
        Supplier<Instant> lastHeard;

        ForWebSocket() {}

        /**
         * The subprotocols that the client offers.
         *
         * @param subprotocols the names, in its order of preference
         * @return this
         */
        public ForWebSocket subprotocols(String... subprotocols) {
            this.subprotocols = List.of(subprotocols);
            return this;
        }

        /**
         * When anything last came from the peer. By default the time of {@code build()}, for ever.
         *
         * @param lastHeard is asked each time
         * @return this
         */
        public ForWebSocket lastHeard(Supplier<Instant> lastHeard) {
            this.lastHeard = Objects.requireNonNull(lastHeard, "lastHeard");
            return this;
        }

        /**
         * The scope.
         *
         * @return an immutable scope; its method is {@code GET}, over HTTP/2 and later {@code CONNECT}
         * @throws IllegalArgumentException if the root path is no prefix of the path
         */
        public WebSocketScope build() {
            return new FixedRequestScope.OfWebSocket(this);
        }

        @Override
        ForWebSocket self() {
            return this;
        }

        @Override
        String defaultScheme(boolean secure) {
            return secure ? "wss" : "ws";
        }
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpVersion;
import io.asyncgateway.api.ProxyInfo;
import io.asyncgateway.api.RequestTargets;
import io.asyncgateway.api.State;
import io.asyncgateway.api.TlsInfo;
import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What both kinds of request scope have in common, decoded when it is first asked for. The fields that are derived are computed again where two threads ask at
 * once, which does no harm.
 */
abstract class ServerRequestScope {
    final Exchange exchange;
    private final RequestHead head;
    private @Nullable String path;
    private @Nullable Headers headers;
    private volatile @Nullable State state;

    ServerRequestScope(Exchange exchange, RequestHead head) {
        this.exchange = exchange;
        this.head = head;
    }

    /** The prefix that a proxy told comes in the place of the one that the operator has set for all requests. */
    private String mounted() {
        String told = exchange.addresses.rootPath();
        return told == null ? exchange.context.config.http().rootPath() : told;
    }

    public State state() {
        State known = state;
        if (known == null) {
            synchronized (this) {
                known = state;
                if (known == null) {
                    known = exchange.context.requestState();
                    state = known;
                }
            }
        }
        return known;
    }

    public HttpVersion httpVersion() {
        return head.version();
    }

    public String method() {
        return head.method();
    }

    public String target() {
        return head.target();
    }

    public String rawPath() {
        String raw = RequestTargets.rawPath(head.target());
        String root = mounted();
        return root.isEmpty() || raw.equals("*") ? raw : root + raw;
    }

    public String path() {
        String known = path;
        if (known == null) {
            String raw = RequestTargets.rawPath(head.target());
            known = raw.equals("*") ? raw : mounted() + RequestTargets.decode(raw);
            path = known;
        }
        return known;
    }

    public String queryString() {
        return RequestTargets.queryString(head.target());
    }

    public String rootPath() {
        return head.target().equals("*") ? "" : mounted();
    }

    public Headers headers() {
        Headers known = headers;
        if (known == null) {
            known = exchange.addresses.headers(head.headers());
            headers = known;
        }
        return known;
    }

    public @Nullable SocketAddress client() {
        return exchange.addresses.client();
    }

    public @Nullable SocketAddress server() {
        return exchange.addresses.server();
    }

    public @Nullable TlsInfo tls() {
        return exchange.addresses.tls();
    }

    public @Nullable ProxyInfo proxy() {
        return exchange.addresses.proxy();
    }

    public Mono<Void> disconnected() {
        return exchange.disconnected();
    }

    public Mono<Void> draining() {
        return exchange.context.draining;
    }

    public Mono<Void> deadline() {
        return exchange.deadline();
    }

    public @Nullable Instant deadlineAt() {
        return exchange.deadlineAt();
    }
}

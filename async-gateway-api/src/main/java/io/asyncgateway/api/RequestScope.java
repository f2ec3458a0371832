package io.asyncgateway.api;

import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The scope of a request: plain HTTP ({@link HttpScope}), or the opening of a WebSocket ({@link WebSocketScope}), which begins as one.
 *
 * <p>Everything is decoded when it is first asked for. Safe for use from any thread, also after the exchange has ended.
 */
public sealed interface RequestScope extends Scope permits HttpScope, WebSocketScope {
    /**
     * The HTTP version of the request.
     *
     * @return the version as received, {@link HttpVersion#HTTP_1_0} or later
     */
    HttpVersion httpVersion();

    /**
     * The scheme: {@code http} or {@code https}, for a WebSocket {@code ws} or {@code wss}. That of the connection, unless a trusted proxy
     * told of another ({@link #proxy()}).
     *
     * @return the scheme in lower case
     */
    String scheme();

    /**
     * The request method (RFC 9110 section 9), case-sensitive, as received: {@code GET}. For a WebSocket {@code GET}, or
     * {@code CONNECT} over HTTP/2 and later (RFC 8441).
     *
     * @return the method
     */
    String method();

    /**
     * The request target as received (RFC 9112 section 3.2): {@code /a%20b?c=d}, {@code http://host/a}, or {@code *}.
     *
     * @return the target, Latin-1
     */
    String target();

    /**
     * The path of the target as received, still percent-encoded and without the query. Of an absolute target its path alone; {@code /}
     * where that is empty; {@code *} for {@code OPTIONS *}.
     *
     * @return the raw path
     */
    String rawPath();

    /**
     * The path, percent-decoded as UTF-8; octets that are not UTF-8 become U+FFFD, and a {@code %} without two hexadecimal digits
     * stays as it is. Dot segments are not removed. {@link #rootPath()} is always a prefix of it.
     *
     * @return the decoded path
     */
    String path();

    /**
     * The query of the target as received, percent-encoded, without {@code ?}; empty where there is none.
     *
     * @return the query string
     */
    String queryString();

    /**
     * Where the application is mounted: a prefix of {@link #path()}, {@code ""} by default, never ending in {@code /}. The rest of
     * {@code path} is the application's own ({@link #localPath()}). A server behind a proxy that strips a prefix is told that prefix, and puts
     * it before {@code path} and {@link #rawPath()}.
     *
     * @return the root path
     */
    String rootPath();

    /**
     * The part of {@link #path()} after {@link #rootPath()}: what an application routes by.
     *
     * @return the local path
     */
    default String localPath() {
        return path().substring(rootPath().length());
    }

    /**
     * The request's header fields in the order received, names in lower case, duplicates kept. Over HTTP/2 and later the
     * pseudo-header {@code :authority} is here as {@code host}.
     *
     * @return the header fields
     */
    Headers headers();

    /**
     * The address of the client: an {@link java.net.InetSocketAddress}, or a {@link java.net.UnixDomainSocketAddress}. That of the peer of the
     * connection, unless a trusted proxy told of another ({@link #proxy()}), whose port is 0 then where it did not tell that too.
     *
     * @return the address, or {@code null} where the transport knows none, and where a trusted proxy does not tell
     */
    @Nullable
    SocketAddress client();

    /**
     * The address on which the server took the connection, or on which a trusted proxy did, where it says so ({@link #proxy()}).
     *
     * @return the address, or {@code null} where the transport knows none
     */
    @Nullable
    SocketAddress server();

    /**
     * What TLS knows of the connection itself, whatever the {@link #scheme()} is.
     *
     * @return the facts, or {@code null} for a connection without TLS
     */
    @Nullable
    TlsInfo tls();

    /**
     * What trusted proxies told of the request, and which parts of this scope come from them.
     *
     * @return the facts, or {@code null} where nothing of a proxy was believed: everything is that of the connection then
     */
    @Nullable
    ProxyInfo proxy();

    /**
     * Fires (completes) when the peer is gone before the exchange has ended: its connection or stream closed or reset. It does not
     * fire when an exchange ends in order. Late subscribers get it at once. After it, the application has the disconnect grace period
     * (3 s by default) to end by itself before its subscription is cancelled.
     *
     * <p>A WebSocket's fires when it was closed by the peer or the server, in whatever way; not when the application closed or denied it.
     *
     * <p>A peer that closed only its own direction after its whole request (half-close) is still there.
     *
     * @return the signal; completes on the event loop of the connection, or never
     */
    Mono<Void> disconnected();

    /**
     * Fires (completes) when the server begins to shut down: finish soon. Streams and long polls end themselves here.
     *
     * @return the signal; completes on any thread, or never. Late subscribers get it at once
     */
    Mono<Void> draining();

    /**
     * Fires (completes) when the deadline of the request passes. Then {@code receive} and {@code send} fail with
     * {@link DeadlineExceededException}, the subscription of the application is cancelled, and the server answers 504 if the response
     * had not begun and aborts it otherwise.
     *
     * @return the signal; never completes where there is no deadline ({@link #deadlineAt()}), which is the default, and always the case for a WebSocket
     */
    Mono<Void> deadline();

    /**
     * When {@link #deadline()} fires, for passing on to the services that the application calls.
     *
     * @return the time, or {@code null} where there is no deadline
     */
    @Nullable
    Instant deadlineAt();
}

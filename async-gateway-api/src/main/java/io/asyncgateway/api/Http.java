package io.asyncgateway.api;

import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What most HTTP applications need, built on the public contract alone: read a body, send a response.
 *
 * <pre>{@code
 * HttpApplication echo = (scope, receive, send) ->
 *         Http.stream(send, new HttpEvent.ResponseStart(200), Http.body(receive));
 * }</pre>
 */
public final class Http {
    private static final HttpEvent.ResponseStart TEXT =
            HttpEvent.ResponseStart.of(200, "content-type", "text/plain; charset=utf-8");

    private Http() {}

    /**
     * The body of the request as a stream. Each element asked for is one pull, so the demand of the subscriber reaches the socket of the peer.
     * Empty parts are left out; trailers are not seen here.
     *
     * <p>Fails with {@link DisconnectedException} where the peer leaves before the end. A subscriber that cancels has lost nothing:
     * the next pull or the next {@code body} goes on behind its last element. Once the body has ended there is none to read, and one more
     * subscription waits for the peer's leaving.
     *
     * @param receive the channel of an {@link HttpScope}
     * @return the parts, read-only and the subscriber's own for ever; empty for a request without a body
     */
    public static Flux<ByteBuffer> body(Receive receive) {
        return new HttpBody(receive);
    }

    /**
     * The whole body of the request in one buffer.
     *
     * @param receive the channel of an {@link HttpScope}
     * @param limit the largest body in bytes. A larger one fails with {@link RequestException} (413) as soon as that is known; never more
     *     than the limit and one part is held
     * @return the body, read-only and the subscriber's own for ever; empty for a request without one. Fails with
     *     {@link DisconnectedException} where the peer leaves before the end
     * @throws IllegalArgumentException if the limit is negative
     */
    public static Mono<ByteBuffer> collect(Receive receive, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: >= 0)");
        }
        return new CollectedBody(receive, limit);
    }

    /**
     * The same, and a body whose {@code content-length} is over the limit is refused before anything of it is read, so that a peer
     * that waits for {@code 100 Continue} never sends it.
     *
     * @param scope the request
     * @param receive its channel
     * @param limit the largest body in bytes
     * @return the body
     * @throws IllegalArgumentException if the limit is negative
     */
    public static Mono<ByteBuffer> collect(HttpScope scope, Receive receive, int limit) {
        Mono<ByteBuffer> body = collect(receive, limit);
        String announced = scope.headers().first("content-length");
        if (announced == null || !isMore(announced, limit)) {
            return body;
        }
        return Mono.error(
                new RequestException(413, "content-length: " + announced + " (expected: at most " + limit + ")"));
    }

    /** Whether a content-length is over a limit. The server has checked its syntax; what is too long for a number is over any limit. */
    private static boolean isMore(String contentLength, int limit) {
        return contentLength.length() > 18 || Long.parseLong(contentLength) > limit;
    }

    /**
     * Sends a whole response. The server adds the {@code content-length} and writes it at once.
     *
     * @param send the channel of an {@link HttpScope}, or of a {@link WebSocketScope} that is denied
     * @param status the status code, 200 to 599
     * @param headers the header fields
     * @param body the bytes from position to limit; must not be changed until the result completes
     * @return completes when the response is on its way; cold, can be subscribed once
     */
    public static Mono<Void> respond(Send send, int status, Headers headers, ByteBuffer body) {
        return respond(send, new HttpEvent.ResponseStart(status, headers), body);
    }

    /**
     * Sends a whole response with a start that was made before, perhaps for many.
     *
     * @param send the channel of an {@link HttpScope}, or of a {@link WebSocketScope} that is denied
     * @param start status and header fields
     * @param body the bytes from position to limit; must not be changed until the result completes
     * @return completes when the response is on its way; cold, can be subscribed once
     */
    public static Mono<Void> respond(Send send, HttpEvent.ResponseStart start, ByteBuffer body) {
        return new WholeResponse(send, start, HttpEvent.ResponseBody.last(body));
    }

    /**
     * Sends a text as {@code text/plain; charset=utf-8}.
     *
     * @param send the channel of an {@link HttpScope}, or of a {@link WebSocketScope} that is denied
     * @param status the status code, 200 to 599
     * @param text the body
     * @return completes when the response is on its way; cold, can be subscribed once
     */
    public static Mono<Void> respond(Send send, int status, String text) {
        HttpEvent.ResponseStart start =
                status == TEXT.status() ? TEXT : new HttpEvent.ResponseStart(status, TEXT.headers());
        return new WholeResponse(send, start, HttpEvent.ResponseBody.last(text));
    }

    /**
     * Streams a response. An element is asked for when the transport has taken the one before, so a slow peer slows down its source, and at
     * most one element is held.
     *
     * <p>The start leaves with the first element ({@link HttpEvent.ResponseStart} is held back). Where the peer is gone, the next send
     * fails, the source is cancelled, and the result fails with {@link DisconnectedException}. A source that is silent at that
     * time learns of it when the server cancels the application after the disconnect grace period; for one that should know at once, add
     * {@code .takeUntilOther(scope.disconnected())}. Where the source fails, the result fails with it and the server aborts the response, so
     * that the peer does not take it for complete.
     *
     * @param send the channel of an {@link HttpScope}, or of a {@link WebSocketScope} that is denied
     * @param start status and header fields
     * @param body the parts; each must not be changed until the next one is asked for
     * @return completes when the response is on its way; cold, can be subscribed once
     */
    public static Mono<Void> stream(Send send, HttpEvent.ResponseStart start, Publisher<ByteBuffer> body) {
        return send.send(start)
                .then(new OneByOne<>(
                        body,
                        part -> send.send(HttpEvent.ResponseBody.more(part)),
                        () -> send.send(HttpEvent.ResponseBody.last())));
    }
}

package io.asyncgateway.api;

import reactor.core.publisher.Mono;

/**
 * An application: one function from a scope and two channels of events to the end of its work.
 *
 * <p>The server calls it once for each HTTP request, once for each WebSocket and once for the lifespan of the server, always on an
 * event loop, so it must not block. It may switch threads; {@code receive} and {@code send} can be used from any thread.
 *
 * <pre>{@code
 * Application hello = (scope, receive, send) -> {
 *     if (!(scope instanceof HttpScope)) {
 *         return Mono.error(new UnsupportedScopeException(scope));
 *     }
 *     return send.send(HttpEvent.ResponseStart.of(200, "content-type", "text/plain"))
 *             .then(send.send(HttpEvent.ResponseBody.last("hello\n")));
 * };
 * }</pre>
 *
 * <p>The counterpart of ASGI's {@code async def application(scope, receive, send)}. The rules of the events are in the documentation
 * of this package.
 */
@FunctionalInterface
public interface Application {
    /**
     * Handles one scope.
     *
     * <p>The server subscribes to the result once. What it does with the end of it:
     *
     * <ul>
     *   <li><b>completes</b>: if the response has not been completed, that is the application's fault: 500 before the
     *       {@link HttpEvent.ResponseStart} has left, an aborted connection (or stream) after it. A WebSocket that is still open is
     *       closed with 1000; one that was never accepted nor denied is refused with 500.
     *   <li><b>fails</b>: the same with 500 or 1011, except where the failure names the peer's fault ({@link RequestException}:
     *       its own status) or the peer's absence ({@link DisconnectedException}: nothing, and nothing is logged). A lifespan that
     *       fails with {@link UnsupportedScopeException} says that the application has none; any other failure of start-up stops
     *       the server.
     * </ul>
     *
     * <p>The server cancels the subscription when the disconnect grace period or the deadline of the request has passed.
     * Work may go on after the response is complete: the next request of the connection does not wait for it.
     *
     * @param scope what came in
     * @param receive pulls the events of the peer
     * @param send pushes the events of the answer
     * @return completes when the work is done; cold; never {@code null}. A {@code null} or an exception thrown here count as failure
     */
    Mono<Void> handle(Scope scope, Receive receive, Send send);
}

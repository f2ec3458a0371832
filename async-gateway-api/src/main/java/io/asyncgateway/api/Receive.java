package io.asyncgateway.api;

import reactor.core.publisher.Mono;

/**
 * Pulls the events of one scope from the server, one by one. The server reads from the socket only as far as is asked here, plus one
 * bounded window.
 *
 * <p>The right loop:
 *
 * <pre>{@code
 * Mono<Long> count(Receive receive) {
 *     return receive.receive()
 *             .repeat()
 *             .map(event -> {
 *                 if (event instanceof HttpEvent.Request part) {
 *                     return part;
 *                 }
 *                 throw new DisconnectedException();
 *             })
 *             .takeUntil(part -> !part.more())
 *             .reduce(0L, (sofar, part) -> sofar + part.body().remaining());
 * }
 * }</pre>
 *
 * <p>{@link Http#body(Receive)} does it as a {@code Flux}.
 */
@FunctionalInterface
public interface Receive {
    /**
     * The next event. Cold: each subscription to the returned {@code Mono} pulls one event, and nothing happens before it.
     *
     * <ul>
     *   <li>At most one pull is outstanding. A second fails at once with {@link ProtocolViolationException}; the first goes on.
     *   <li>Cancelling a pull gives it up: no event is lost, the next pull gets it.
     *   <li>After the last body event of a request it waits for the peer's leaving and then yields {@link HttpEvent.Disconnect}; every
     *       later pull yields it again. A WebSocket yields {@link WebSocketEvent.Disconnect} likewise.
     *   <li>When the response is complete there is nothing to wait for: a pull that is outstanding then, or comes later, fails with
     *       {@link ExchangeEndedException}. That is another fact than a disconnect.
     *   <li>Where the peer broke the protocol or a limit while its body was read, it fails with {@link RequestException}, and an
     *       application that lets the failure through answers with the status in it.
     * </ul>
     *
     * <p>Events are delivered on the event loop of the connection. Buffers in them belong to the application for ever.
     *
     * @return the next event; never empty
     */
    Mono<ReceiveEvent> receive();
}

package io.asyncgateway.api;

import reactor.core.publisher.Mono;

/**
 * Pushes the events of the answer to the server, one by one.
 *
 * <p>Right: wait for each before the next, so that the peer's speed becomes yours.
 *
 * <pre>{@code
 * Mono<Void> table(Flux<ByteBuffer> rows, Send send) {
 *     return send.send(new ResponseStart(200))
 *             .then(rows.concatMap(row -> send.send(ResponseBody.more(row)), 1).then())
 *             .then(Mono.defer(() -> send.send(ResponseBody.last())));
 * }
 * }</pre>
 *
 * <p>Wrong: {@code rows.flatMap(row -> send.send(...))}. It has several sends outstanding, which fails.
 */
@FunctionalInterface
public interface Send {
    /**
     * Sends one event. Cold: nothing happens before the returned {@code Mono} is subscribed, and it can be subscribed once; a second
     * subscription fails with {@link ProtocolViolationException}.
     *
     * <ul>
     *   <li>It completes when the transport is ready to take more: awaiting it is backpressure. It does not say that the peer has
     *       the bytes.
     *   <li>A buffer in the event must not be changed until it completes, fails or, after a cancellation, until the application's
     *       {@code Mono} has ended and {@link RequestScope#disconnected()} has fired.
     *   <li>At most one is outstanding; a second fails at once with {@link ProtocolViolationException}.
     *   <li>An event that is illegal now (a body before the start, a second start, more bytes than the announced content-length, an
     *       event of another protocol) fails with {@link ProtocolViolationException} and changes nothing on the wire.
     *   <li>After the peer is gone it fails with {@link DisconnectedException}; after the deadline with
     *       {@link DeadlineExceededException}.
     *   <li>Cancelling it does not take the event back; it stays outstanding until the transport has taken the event.
     * </ul>
     *
     * <p>It may be subscribed on any thread. It completes on the event loop of the connection, or on the subscribing thread where it
     * can complete at once.
     *
     * @param event the event
     * @return completes when the next event may be sent
     */
    Mono<Void> send(SendEvent event);
}

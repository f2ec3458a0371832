package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketScope;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Decides about a WebSocket before it is accepted: who is it, may it come in, which subprotocol. {@link Handshakes} has the usual ones; combine
 * them with {@link #and}.
 *
 * <pre>{@code
 * Handshake tokens = scope -> users.byToken(scope.headers().first("authorization"))
 *         .<HandshakeResult>map(user -> HandshakeResult.accept().withPrincipal(user))
 *         .defaultIfEmpty(HandshakeResult.refuse(401, "who are you?\n"));
 * }</pre>
 *
 * <p>Values for later go into {@link WebSocketScope#state()}, which is the {@link WebSocketSession#attributes()} of the session.
 */
@FunctionalInterface
public interface Handshake {
    /**
     * Looks at the opening request. Called on the event loop of the connection; must not block.
     *
     * @param scope the opening request
     * @return the decision, exactly one. A failure is answered as the contract says: 500, or the status of a
     *     {@link io.asyncgateway.api.RequestException}. It is cancelled where the peer leaves or the time is over
     */
    Mono<HandshakeResult> check(WebSocketScope scope);

    /**
     * This handshake and, where it accepts, another one. Of what both set, subprotocol and principal of the later count; header fields add up.
     *
     * @param next is asked where this one accepts
     * @return both
     */
    default Handshake and(Handshake next) {
        Objects.requireNonNull(next, "next");
        return scope -> check(scope)
                .flatMap(first -> first instanceof HandshakeResult.Accept accepted
                        ? next.check(scope).map(accepted::merge)
                        : Mono.just(first));
    }
}

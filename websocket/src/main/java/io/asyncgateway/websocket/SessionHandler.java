package io.asyncgateway.websocket;

import reactor.core.publisher.Mono;

/** The work of a service for one session, from its opening to its end. */
@FunctionalInterface
public interface SessionHandler {
    /**
     * Handles a session that was accepted. Called on the event loop of its connection; must not block.
     *
     * @param session the session
     * @return the work. When it completes, the session is closed with 1000 once all that was sent before is out. Fails it, the session is closed with
     *     1011, or with the code of an {@link InvalidMessageException}, or, for a {@link io.asyncgateway.api.RequestException}, with 1008, 1013 (503) or 1011. It is
     *     cancelled when the session ends before
     */
    Mono<Void> handle(WebSocketSession session);
}

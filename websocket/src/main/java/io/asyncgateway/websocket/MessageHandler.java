package io.asyncgateway.websocket;

import reactor.core.publisher.Mono;

/**
 * Handles one message of a session.
 *
 * @param <T> the type of the message
 */
@FunctionalInterface
public interface MessageHandler<T> {
    /**
     * Handles a message. Must not block.
     *
     * @param session the session from which it came
     * @param message the message
     * @return the work; cancelled when the session ends before
     */
    Mono<Void> handle(WebSocketSession session, T message);
}

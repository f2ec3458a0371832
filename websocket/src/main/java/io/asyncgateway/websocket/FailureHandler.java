package io.asyncgateway.websocket;

import reactor.core.publisher.Mono;

/**
 * Answers a failure, such as a message that is not valid, and lets the session go on.
 *
 * @param <E> the type of the failure
 */
@FunctionalInterface
public interface FailureHandler<E extends Throwable> {
    /**
     * Answers a failure. Must not block.
     *
     * @param session the session whose message it was
     * @param failure what went wrong
     * @return the answer. When it completes the session goes on; fails it, the session ends with that failure
     */
    Mono<Void> handle(WebSocketSession session, E failure);
}

package io.asyncgateway.api;

import reactor.core.publisher.Mono;

/** An application of WebSockets alone: {@link Application} without the other scopes. See {@link Applications}. */
@FunctionalInterface
public interface WebSocketApplication {
    /**
     * Handles one WebSocket from its opening request to its end. What {@link Application#handle} says holds.
     *
     * @param scope the opening request
     * @param receive pulls the messages
     * @param send accepts, and pushes messages
     * @return completes when the work is done
     */
    Mono<Void> handle(WebSocketScope scope, Receive receive, Send send);
}

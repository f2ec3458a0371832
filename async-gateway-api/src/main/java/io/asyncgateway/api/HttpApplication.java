package io.asyncgateway.api;

import reactor.core.publisher.Mono;

/** An application of HTTP requests alone: {@link Application} without the other scopes. See {@link Applications}. */
@FunctionalInterface
public interface HttpApplication {
    /**
     * Handles one request. What {@link Application#handle} says holds.
     *
     * @param scope the request
     * @param receive pulls its body
     * @param send pushes the response
     * @return completes when the work is done
     */
    Mono<Void> handle(HttpScope scope, Receive receive, Send send);
}

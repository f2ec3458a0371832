package io.asyncgateway.samples;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.UnsupportedScopeException;
import reactor.core.publisher.Mono;

/** Greets whoever asks, over HTTP. */
public final class Hello implements Application {
    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return scope instanceof HttpScope
                ? Http.respond(send, 200, "Hello, World!\n")
                : Mono.error(new UnsupportedScopeException(scope));
    }
}

package io.asyncgateway.samples.readme;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.UnsupportedScopeException;
import reactor.core.publisher.Mono;

/** Greets over HTTP; says that it serves nothing else. */
public final class Greeter implements Application {
    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        if (!(scope instanceof HttpScope http)) {
            return Mono.error(new UnsupportedScopeException(scope));
        }
        ResponseStart start = ResponseStart.of(200, "content-type", "text/plain; charset=utf-8");
        return send.send(start).then(send.send(ResponseBody.last("Hello, " + http.path() + "\n")));
    }
}

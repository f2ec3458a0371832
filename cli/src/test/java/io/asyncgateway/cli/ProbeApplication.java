package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.UnsupportedScopeException;
import reactor.core.publisher.Mono;

/**
 * What the tests of the process serve. Settings say how its lifespan goes: {@code startup} and {@code shutdown} can {@code fail} or {@code
 * hang}. {@code /draining} is answered when the server shuts down, {@code /never} never; both say on standard error that they are in
 * flight.
 */
public final class ProbeApplication implements Application {
    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        if (scope instanceof LifespanScope lifespan) {
            return lifespan(lifespan, receive, send);
        }
        if (scope instanceof HttpScope http) {
            return http(http, send);
        }
        return Mono.error(new UnsupportedScopeException(scope));
    }

    private static Mono<Void> lifespan(LifespanScope scope, Receive receive, Send send) {
        return receive.receive()
                .then(step(
                        scope,
                        "startup",
                        send,
                        new LifespanEvent.StartupComplete(),
                        new LifespanEvent.StartupFailed("no database")))
                .then(Mono.defer(receive::receive))
                .then(step(
                        scope,
                        "shutdown",
                        send,
                        new LifespanEvent.ShutdownComplete(),
                        new LifespanEvent.ShutdownFailed("disk full")));
    }

    private static Mono<Void> step(LifespanScope scope, String name, Send send, SendEvent complete, SendEvent failed) {
        return Mono.defer(() -> {
            System.err.println(name);
            return switch (scope.settings().getOrDefault(name, "complete")) {
                case "fail" -> send.send(failed);
                case "hang" -> Mono.never();
                default -> send.send(complete);
            };
        });
    }

    private static Mono<Void> http(HttpScope scope, Send send) {
        Mono<Void> answer = Mono.defer(() -> send.send(HttpEvent.ResponseStart.of(200, "content-type", "text/plain"))
                .then(Mono.defer(() -> send.send(HttpEvent.ResponseBody.last("hello from " + scope.path())))));
        return switch (scope.path()) {
            case "/draining" -> inFlight(scope).then(scope.draining()).then(answer);
            case "/never" -> inFlight(scope).then(Mono.never());
            default -> answer;
        };
    }

    private static Mono<Void> inFlight(HttpScope scope) {
        return Mono.fromRunnable(() -> System.err.println("in flight: " + scope.path()));
    }
}

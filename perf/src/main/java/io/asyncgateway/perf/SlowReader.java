package io.asyncgateway.perf;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSockets;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** A WebSocket application that takes its time: ten messages a second, whatever the peer sends. */
final class SlowReader implements Application {
    /** Between two messages. */
    static final Duration PAUSE = Duration.ofMillis(100);

    private final Application sockets = Applications.webSocket((scope, receive, send) -> send.send(
                    new WebSocketEvent.Accept())
            .then(WebSockets.forEach(receive, message -> Mono.delay(PAUSE).then())));

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return sockets.handle(scope, receive, send);
    }
}

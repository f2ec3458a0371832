package io.asyncgateway.server;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.WebSocketEvent;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A flawed {@code receive}: takes everything that comes from the server at once, asked or not, and keeps it. */
final class GreedyReceive implements Receive {
    private final Sinks.Many<ReceiveEvent> kept = Sinks.many().replay().all();
    private long next;

    GreedyReceive(Receive receive) {
        receive.receive()
                .repeat()
                .takeUntil(GreedyReceive::isLast)
                .onErrorComplete()
                .subscribe(event -> kept.emitNext(event, Sinks.EmitFailureHandler.FAIL_FAST));
    }

    @Override
    public Mono<ReceiveEvent> receive() {
        // Not even cold: the event is chosen here.
        return kept.asFlux().skip(next++).next();
    }

    private static boolean isLast(ReceiveEvent event) {
        return event instanceof HttpEvent.Disconnect
                || event instanceof WebSocketEvent.Disconnect
                || event instanceof LifespanEvent.Shutdown
                || event instanceof HttpEvent.Request part && !part.more();
    }
}

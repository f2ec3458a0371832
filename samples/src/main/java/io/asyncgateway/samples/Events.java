package io.asyncgateway.samples;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.ServerSentEvent;
import io.asyncgateway.api.ServerSentEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A page that shows live server-sent events: each second the time of the server and how many pages listen. {@code /} is the page,
 * {@code /events} the stream.
 *
 * <p>One clock ticks for all listeners, and only while there are any. A listener that is slow gets the latest tick when it is ready, so nothing
 * piles up. The streams end when the server drains; the pages say so and connect again.
 */
public final class Events implements Application {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Resources page = Resources.of("events.html", "events.css", "events.js");
    private final AtomicInteger listeners = new AtomicInteger();
    private final Flux<ServerSentEvent> ticks;
    private final Application routes = Applications.http(this::http);

    /** With the clock of the system. */
    public Events() {
        this(Clock.systemUTC());
    }

    Events(Clock clock) {
        ticks = Flux.interval(Duration.ZERO, INTERVAL)
                .onBackpressureDrop()
                .map(tick -> tick(clock))
                .share();
    }

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return routes.handle(scope, receive, send);
    }

    private Mono<Void> http(HttpScope scope, Receive receive, Send send) {
        return switch (scope.localPath()) {
            case "/" -> page.send(scope, send, "events.html");
            case "/events.css" -> page.send(scope, send, "events.css");
            case "/events.js" -> page.send(scope, send, "events.js");
            case "/events" -> ServerSentEvents.respond(scope, send, listen());
            default -> Http.respond(send, 404, "not found (expected: / or /events)\n");
        };
    }

    private Flux<ServerSentEvent> listen() {
        return Flux.defer(() -> {
            listeners.incrementAndGet();
            return ticks.onBackpressureLatest().doFinally(end -> listeners.decrementAndGet());
        });
    }

    private ServerSentEvent tick(Clock clock) {
        String time = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return ServerSentEvent.of("{\"time\":\"" + time + "\",\"listeners\":" + listeners.get() + "}")
                .withEvent("tick")
                .withRetry(RETRY);
    }
}

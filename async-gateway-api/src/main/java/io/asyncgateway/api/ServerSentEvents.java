package io.asyncgateway.api;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Turns a {@code Publisher} of {@link ServerSentEvent}s into a response ({@code text/event-stream}, {@code cache-control: no-store}).
 *
 * <pre>{@code
 * HttpApplication clock = (scope, receive, send) -> ServerSentEvents.respond(scope, send,
 *         Flux.interval(Duration.ofSeconds(1)).onBackpressureDrop().map(n -> ServerSentEvent.of("tick " + n)));
 * }</pre>
 *
 * <p>The header fields leave at once, so that the client sees the stream open before its first event. An event is asked for when the transport
 * has taken the one before: at most one is held, and what to do with more than a slow client takes is up to the source
 * ({@code onBackpressureDrop}, {@code onBackpressureLatest}). The stream ends, and the source is cancelled, when the source completes, when the
 * server is {@linkplain RequestScope#draining() draining} (the client reconnects, elsewhere), and when the peer is
 * {@linkplain RequestScope#disconnected() gone}; then the result fails with {@link DisconnectedException}, which nobody logs. To
 * {@code HEAD} the header fields are the whole answer.
 */
public final class ServerSentEvents {
    private static final HttpEvent.ResponseStart START =
            HttpEvent.ResponseStart.of(200, "content-type", "text/event-stream", "cache-control", "no-store");
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();
    private static final ByteBuffer HEARTBEAT =
            ByteBuffer.wrap(new byte[] {':', '\n', '\n'}).asReadOnlyBuffer();

    private ServerSentEvents() {}

    /**
     * Responds with events.
     *
     * @param scope the request
     * @param send its channel
     * @param events the events
     * @return completes when the stream has ended; cold, can be subscribed once
     */
    public static Mono<Void> respond(HttpScope scope, Send send, Publisher<ServerSentEvent> events) {
        return stream(scope, send, Flux.from(events).map(ServerSentEvent::encode));
    }

    /**
     * Responds with events and, between them, an empty comment at a fixed interval, which keeps proxies from taking the stream for dead and
     * finds peers that are gone. Uses {@link Schedulers#parallel()}.
     *
     * @param scope the request
     * @param send its channel
     * @param events the events
     * @param heartbeat the interval; 15 s is what the WHATWG advises
     * @return completes when the stream has ended; cold, can be subscribed once
     */
    public static Mono<Void> respond(
            HttpScope scope, Send send, Publisher<ServerSentEvent> events, Duration heartbeat) {
        return respond(scope, send, events, heartbeat, Schedulers.parallel());
    }

    /**
     * The same with a timer of the caller's choice. A heartbeat that the transport does not take is left out.
     *
     * @param scope the request
     * @param send its channel
     * @param events the events
     * @param heartbeat the interval, more than zero
     * @param timer where the interval runs
     * @return completes when the stream has ended; cold, can be subscribed once
     * @throws IllegalArgumentException if the interval is not more than zero
     */
    public static Mono<Void> respond(
            HttpScope scope, Send send, Publisher<ServerSentEvent> events, Duration heartbeat, Scheduler timer) {
        if (heartbeat.isZero() || heartbeat.isNegative()) {
            throw new IllegalArgumentException("heartbeat: " + heartbeat + " (expected: > 0)");
        }
        // As signals, so that the end of the events comes behind the last of them and ends the interval too.
        Flux<Signal<ByteBuffer>> encoded =
                Flux.from(events).map(ServerSentEvent::encode).materialize();
        Flux<Signal<ByteBuffer>> beats =
                Flux.interval(heartbeat, timer).onBackpressureDrop().map(n -> Signal.next(HEARTBEAT.duplicate()));
        return stream(scope, send, Flux.merge(1, encoded, beats).dematerialize());
    }

    private static Mono<Void> stream(HttpScope scope, Send send, Flux<ByteBuffer> encoded) {
        Mono<Void> end = Mono.firstWithSignal(scope.draining(), scope.disconnected());
        Flux<ByteBuffer> events = scope.method().equals("HEAD") ? Flux.empty() : encoded.takeUntilOther(end);
        // An empty part releases the start, which is held back otherwise.
        return Http.stream(send, START, events.startWith(NOTHING.duplicate()));
    }
}

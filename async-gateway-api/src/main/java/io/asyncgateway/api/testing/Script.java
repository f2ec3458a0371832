package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.UnsupportedScopeException;
import io.asyncgateway.api.WebSocketScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * An application that sends a list of events, one after the other, whatever becomes of each: on the thread of the server that calls it,
 * or for the path {@link #ELSEWHERE} on threads of its own.
 */
final class Script implements Application {
    static final String ELSEWHERE = "/elsewhere";

    private final List<SendEvent> events;
    private final Mailbox<List<Optional<Throwable>>> outcomes = new Mailbox<>();

    Script(List<SendEvent> events) {
        this.events = events;
    }

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        if (scope instanceof LifespanScope) {
            return Mono.error(new UnsupportedScopeException(scope));
        }
        boolean elsewhere = ((RequestScope) scope).path().equals(ELSEWHERE);
        Mono<?> first = scope instanceof WebSocketScope ? receive.receive() : Mono.empty();
        return first.thenMany(Flux.fromIterable(events))
                .concatMap(event -> elsewhere
                        ? Mono.defer(() -> outcome(send.send(event))).subscribeOn(Schedulers.parallel())
                        : outcome(send.send(event)))
                .collect(ArrayList<Optional<Throwable>>::new, List::add)
                .doOnNext(outcomes::put)
                .then();
    }

    /** Waits for the end of a call of the script in which one event was a mistake and the others were not. */
    void assertRefused(int mistake) {
        List<Optional<Throwable>> results = outcomes.take("the end of the script");
        for (int i = 0; i < events.size(); i++) {
            boolean violation = results.get(i)
                    .map(ProtocolViolationException.class::isInstance)
                    .orElse(false);
            if (i == mistake && !violation) {
                throw new AssertionError(
                        events.get(i) + ": " + described(results.get(i)) + " (expected: ProtocolViolationException)");
            }
            if (i != mistake && results.get(i).isPresent()) {
                throw new AssertionError(
                        events.get(i) + " failed (expected: sent)",
                        results.get(i).get());
            }
        }
    }

    private static Mono<Optional<Throwable>> outcome(Mono<Void> sent) {
        return sent.thenReturn(Optional.<Throwable>empty()).onErrorResume(failure -> Mono.just(Optional.of(failure)));
    }

    private static String described(Optional<Throwable> outcome) {
        return outcome.map(Throwable::toString).orElse("sent");
    }
}

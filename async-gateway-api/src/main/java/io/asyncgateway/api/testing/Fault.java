package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.UnsupportedScopeException;
import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The ways in which a call of an application can go wrong. */
@SuppressWarnings("ImmutableEnumChecker") // The suppliers keep nothing.
enum Fault {
    FAILS(() -> Mono.error(new IllegalStateException(Fault.SECRET))),
    FAILS_WITH_AN_ERROR(() -> Mono.error(new AssertionError(Fault.SECRET))),
    FAILS_WITHOUT_A_MESSAGE(() -> Mono.error(new IllegalStateException())),
    FAILS_LATER(
            () -> Mono.<Void>error(new IllegalStateException(Fault.SECRET)).delaySubscription(Duration.ofMillis(1))),
    THROWS(() -> {
        throw new IllegalStateException(Fault.SECRET);
    }),
    THROWS_AN_ERROR(() -> {
        throw new AssertionError(Fault.SECRET);
    }),
    RETURNS_NULL(Fault::nothing),
    COMPLETES(Mono::empty);

    /** What must never reach a peer. */
    static final String SECRET = "secret-of-the-application";

    private final Supplier<Mono<Void>> call;

    Fault(Supplier<Mono<Void>> call) {
        this.call = call;
    }

    /** What a call with the fault returns, if anything. */
    Mono<Void> call() {
        return call.get();
    }

    /** An application that has no lifespan, and this fault in every call for a request. */
    Application application() {
        return (scope, receive, send) ->
                scope instanceof LifespanScope ? Mono.error(new UnsupportedScopeException(scope)) : call();
    }

    @SuppressWarnings({"NullAway", "ReturnsNullCollection"}) // That is the fault.
    private static Mono<Void> nothing() {
        return null;
    }
}

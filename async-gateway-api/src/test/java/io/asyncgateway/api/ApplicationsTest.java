package io.asyncgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class ApplicationsTest {
    private static final StateKey<String> GREETING = StateKey.of("greeting", String.class);
    private static final Receive NO_EVENTS = Mono::never;
    private static final Send NO_ANSWERS = event -> Mono.error(new AssertionError("sent " + event));

    private final HttpScope http = HttpScope.builder().build();
    private final WebSocketScope webSocket = WebSocketScope.builder().build();
    private final LifespanScope lifespan = LifespanScope.of(Map.of());
    private final List<Scope> seen = new ArrayList<>();

    private Mono<Void> see(Scope scope) {
        seen.add(scope);
        return Mono.empty();
    }

    @Test
    void eachKindOfScopeGoesToItsHandler() {
        Application app = Applications.builder()
                .http((scope, receive, send) -> see(scope))
                .webSocket((scope, receive, send) -> see(scope))
                .lifespan((scope, receive, send) -> see(scope))
                .build();

        for (Scope scope : List.of(http, webSocket, lifespan)) {
            StepVerifier.create(app.handle(scope, NO_EVENTS, NO_ANSWERS)).verifyComplete();
        }
        assertThat(seen).containsExactly(http, webSocket, lifespan);
    }

    @Test
    void aScopeWithoutAHandlerIsRefusedByName() {
        Application none = Applications.builder().build();

        StepVerifier.create(none.handle(http, NO_EVENTS, NO_ANSWERS)).verifyErrorSatisfies(f -> assertThat(f)
                .isInstanceOf(UnsupportedScopeException.class)
                .hasMessageEndingWith("http"));
        StepVerifier.create(none.handle(webSocket, NO_EVENTS, NO_ANSWERS)).verifyErrorSatisfies(f -> assertThat(f)
                .isInstanceOf(UnsupportedScopeException.class)
                .hasMessageEndingWith("websocket"));
        StepVerifier.create(none.handle(lifespan, NO_EVENTS, NO_ANSWERS)).verifyErrorSatisfies(f -> assertThat(f)
                .isInstanceOf(UnsupportedScopeException.class)
                .hasMessageEndingWith("lifespan"));
    }

    @Test
    void aBuilderCanBeUsedFurtherWithoutChangingWhatItHasBuilt() {
        Applications.Builder builder = Applications.builder();
        Application before = builder.build();
        builder.http((scope, receive, send) -> see(scope));

        StepVerifier.create(before.handle(http, NO_EVENTS, NO_ANSWERS)).verifyError(UnsupportedScopeException.class);
        StepVerifier.create(builder.build().handle(http, NO_EVENTS, NO_ANSWERS)).verifyComplete();
    }

    @Test
    void aMissingHandlerIsRefusedWhenItIsGiven() {
        assertThatThrownBy(() -> Applications.http(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void whatTheLifespanPutsIsSeenByRequests() {
        Application app = Applications.builder()
                .http((scope, receive, send) ->
                        Http.respond(send, 200, scope.state().require(GREETING)))
                .lifespan(LifespanApplication.of(
                        scope -> Mono.fromRunnable(() ->
                                scope.state().put(GREETING, scope.settings().get("greeting"))),
                        scope -> Mono.empty()))
                .build();

        try (LifespanDriver life = ApplicationDriver.lifespan(app, LifespanScope.of(Map.of("greeting", "hi")))) {
            life.startup();
            life.expect(LifespanEvent.StartupComplete.class);
            try (HttpDriver request =
                    ApplicationDriver.http(app, HttpScope.builder().state(life.requestState()))) {
                assertThat(request.expectResponse().text()).isEqualTo("hi");
                request.expectEnd();
            }
            life.shutdown();
            life.expect(LifespanEvent.ShutdownComplete.class);
            life.expectEnd();
        }
    }

    @Test
    void startAndStopAreAwaitedBeforeTheyAreAnswered() {
        Sinks.Empty<Void> started = Sinks.empty();
        Sinks.Empty<Void> stopped = Sinks.empty();

        try (LifespanDriver life = lifespan(started.asMono(), stopped.asMono())) {
            life.expectNothing();
            life.startup();
            life.expectNothing();
            started.tryEmitEmpty();
            life.expect(LifespanEvent.StartupComplete.class);
            life.expectPull();
            assertThat(stopped.currentSubscriberCount()).isZero();
            life.shutdown();
            life.expectNothing();
            stopped.tryEmitEmpty();
            life.expect(LifespanEvent.ShutdownComplete.class);
            life.expectEnd();
        }
    }

    @Test
    void aFailedStartIsAnsweredWithItsFirstLineAndFails() {
        Sinks.Empty<Void> stopped = Sinks.empty();
        try (LifespanDriver life =
                lifespan(Mono.error(new IllegalStateException("no database\nat all")), stopped.asMono())) {
            life.startup();
            assertThat(life.expect(LifespanEvent.StartupFailed.class).message()).isEqualTo("no database");
            assertThat(life.expectFailure(IllegalStateException.class)).hasMessageStartingWith("no database");
        }
        assertThat(stopped.currentSubscriberCount()).isZero();
    }

    @Test
    void aStartThatThrowsWithoutAMessageIsAnsweredWithItsType() {
        Application app = Applications.builder()
                .lifespan(LifespanApplication.of(
                        scope -> {
                            throw new IllegalStateException();
                        },
                        scope -> Mono.empty()))
                .build();

        try (LifespanDriver life = ApplicationDriver.lifespan(app, lifespan)) {
            life.startup();
            assertThat(life.expect(LifespanEvent.StartupFailed.class).message())
                    .isEqualTo("java.lang.IllegalStateException");
            life.expectFailure(IllegalStateException.class);
        }
    }

    @Test
    void aFailedStopIsAnsweredAndFails() {
        try (LifespanDriver life = lifespan(Mono.empty(), Mono.error(new IllegalStateException("still open")))) {
            life.startup();
            life.expect(LifespanEvent.StartupComplete.class);
            life.shutdown();
            assertThat(life.expect(LifespanEvent.ShutdownFailed.class).message())
                    .isEqualTo("still open");
            life.expectFailure(IllegalStateException.class);
        }
    }

    @Test
    void middlewareWrapsFromTheOutsideIn() {
        Application inner = Applications.http((scope, receive, send) -> Http.respond(send, 200, scope.scheme()));
        Application app = scheme("outer").andThen(scheme("inner")).wrap(inner);

        try (HttpDriver driver = ApplicationDriver.get(app, "/")) {
            assertThat(driver.expectResponse().text()).isEqualTo("inner of outer of http");
            driver.expectEnd();
        }
    }

    private static Middleware scheme(String name) {
        return next -> (scope, receive, send) -> next.handle(
                new HttpScopeWrapper((HttpScope) scope) {
                    @Override
                    public String scheme() {
                        return name + " of " + scope.scheme();
                    }
                },
                receive,
                send);
    }

    private LifespanDriver lifespan(Mono<Void> start, Mono<Void> stop) {
        Application app = Applications.builder()
                .lifespan(LifespanApplication.of(scope -> start, scope -> stop))
                .build();
        return ApplicationDriver.lifespan(app, lifespan);
    }
}

package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.LifespanApplication;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.StateKey;
import io.asyncgateway.api.UnsupportedScopeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The state machine of the lifespan, with the test as the application. */
class LifespanTest {
    private final Sinks.Empty<Void> result = Sinks.empty();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final LoggedErrors errors = new LoggedErrors();
    private Receive receive;
    private Send send;
    private LifespanScope seen;
    private boolean called;

    private final Application application = (scope, receive, send) -> {
        called = true;
        this.seen = (LifespanScope) scope;
        this.receive = receive;
        this.send = send;
        return result.asMono().doOnCancel(() -> cancelled.set(true));
    };

    @AfterEach
    void noErrorIsLoggedThatNobodyAskedFor() {
        errors.close();
        assertThat(errors.take()).isEmpty();
    }

    private Outcome<ReceiveEvent> receive() {
        return Outcome.of(receive.receive());
    }

    private Outcome<Void> send(SendEvent event) {
        return Outcome.of(send.send(event));
    }

    private static Lifespan lifespan(LifespanMode mode) {
        return new Lifespan(Map.of("database", "there"), "/shop", mode);
    }

    /** A lifespan that runs. */
    private Lifespan running() {
        Lifespan lifespan = lifespan(LifespanMode.AUTO);
        Outcome<Void> start = Outcome.of(lifespan.start(application));
        send(new LifespanEvent.StartupComplete()).value();
        start.value();
        return lifespan;
    }

    // ------------------------------------------------------------------------------------------------ start-up

    @Test
    void theStartWaitsForTheApplicationsAnswer() {
        Outcome<Void> start = Outcome.of(lifespan(LifespanMode.AUTO).start(application));
        assertThat(receive().value()).isInstanceOf(LifespanEvent.Startup.class);
        assertThat(start.isPending()).isTrue();
        send(new LifespanEvent.StartupComplete()).value();
        assertThat(start.isComplete()).isTrue();
    }

    @Test
    void aStartUpThatFailsSaysWhyInOneLine() {
        Outcome<Void> start = Outcome.of(lifespan(LifespanMode.AUTO).start(application));
        send(new LifespanEvent.StartupFailed("no database\nat line 2")).value();
        assertThat(start.failure())
                .isInstanceOf(ServerException.class)
                .hasMessage("application start-up failed: no database");
        result.tryEmitError(new IllegalStateException("a consequence")).orThrow();
    }

    @Test
    void anApplicationThatFailsInItsStartUpStopsTheServer() {
        Outcome<Void> start = Outcome.of(lifespan(LifespanMode.AUTO).start(application));
        result.tryEmitError(new IllegalStateException("no database\nat line 2")).orThrow();
        assertThat(start.failure())
                .isInstanceOf(ServerException.class)
                .hasMessage("application start-up failed: java.lang.IllegalStateException: no database")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void anApplicationThatThrowsOrReturnsNullStopsTheServer() {
        Application throwing = (scope, receive, send) -> {
            throw new NoClassDefFoundError("missing");
        };
        assertThat(Outcome.of(lifespan(LifespanMode.AUTO).start(throwing)).failure())
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("missing");
        assertThat(Outcome.of(lifespan(LifespanMode.AUTO).start((scope, receive, send) -> null))
                        .failure())
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("NullPointerException");
    }

    @Test
    void anApplicationThatCompletesWithoutAnAnswerStopsTheServer() {
        Outcome<Void> start = Outcome.of(lifespan(LifespanMode.AUTO).start(application));
        result.tryEmitEmpty().orThrow();
        assertThat(start.failure())
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("without StartupComplete or StartupFailed");
    }

    @Test
    void anApplicationMayHaveNoLifespan() {
        Lifespan lifespan = lifespan(LifespanMode.AUTO);
        assertThat(Outcome.of(lifespan.start(
                                (scope, receive, send) -> Mono.error(new UnsupportedScopeException(scope))))
                        .isComplete())
                .isTrue();
        assertThat(Outcome.of(lifespan.stop()).isComplete()).isTrue();
    }

    @Test
    void anApplicationMustHaveALifespanWhereTheOperatorSaysSo() {
        assertThat(Outcome.of(lifespan(LifespanMode.ON)
                                .start((scope, receive, send) -> Mono.error(new UnsupportedScopeException(scope))))
                        .failure())
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("application start-up failed");
    }

    @Test
    void anApplicationIsNotAskedWhereTheOperatorSaysSo() {
        Lifespan lifespan = lifespan(LifespanMode.OFF);
        assertThat(Outcome.of(lifespan.start(application)).isComplete()).isTrue();
        assertThat(Outcome.of(lifespan.stop()).isComplete()).isTrue();
        assertThat(called).isFalse();
    }

    @Test
    void givingUpTheStartCancelsTheApplication() {
        Outcome<Void> start = Outcome.of(lifespan(LifespanMode.AUTO).start(application));
        start.cancel();
        assertThat(cancelled).isTrue();
    }

    @Test
    void settingsRootPathAndStateAreThereForTheApplication() {
        Lifespan lifespan = running();
        assertThat(seen.settings()).containsExactly(Map.entry("database", "there"));
        assertThat(seen.rootPath()).isEqualTo("/shop");
        StateKey<String> key = StateKey.of("pool", String.class);
        seen.state().put(key, "a pool");
        assertThat(lifespan.state().layer().require(key)).isEqualTo("a pool");
    }

    // ------------------------------------------------------------------------------------------------ running

    @ParameterizedTest
    @EnumSource
    void anAnswerOutOfPlaceIsAViolation(Mistake mistake) {
        running();
        assertThat(send(mistake.event).failure())
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining(mistake.event.getClass().getSimpleName());
    }

    private enum Mistake {
        STARTUP_COMPLETE(new LifespanEvent.StartupComplete()),
        STARTUP_FAILED(new LifespanEvent.StartupFailed("late")),
        SHUTDOWN_COMPLETE(new LifespanEvent.ShutdownComplete()),
        SHUTDOWN_FAILED(new LifespanEvent.ShutdownFailed("early")),
        RESPONSE_START(new HttpEvent.ResponseStart(200));

        private final SendEvent event;

        Mistake(SendEvent event) {
            this.event = event;
        }
    }

    @Test
    void aSecondPullIsAViolationAndTheFirstGoesOn() {
        Lifespan lifespan = running();
        receive().value();
        Outcome<ReceiveEvent> first = receive();
        assertThat(receive().failure()).isInstanceOf(ProtocolViolationException.class);
        Outcome.of(lifespan.stop());
        assertThat(first.value()).isInstanceOf(LifespanEvent.Shutdown.class);
    }

    @Test
    void aPullThatIsCancelledLeavesTheShutdownToTheNext() {
        Lifespan lifespan = running();
        receive().value();
        receive().cancel();
        Outcome<ReceiveEvent> next = receive();
        Outcome.of(lifespan.stop());
        assertThat(next.value()).isInstanceOf(LifespanEvent.Shutdown.class);
        assertThat(receive().failure()).isInstanceOf(ExchangeEndedException.class);
    }

    @Test
    void theServerGoesOnWithoutALifespanThatEnds() {
        Lifespan lifespan = running();
        result.tryEmitEmpty().orThrow();
        assertThat(Outcome.of(lifespan.stop()).isComplete()).isTrue();
    }

    @Test
    void aLifespanThatFailsWhileTheServerRunsIsLogged() {
        Lifespan lifespan = running();
        result.tryEmitError(new IllegalStateException("on purpose")).orThrow();
        assertThat(errors.take()).singleElement().asString().contains("lifespan", "on purpose");
        assertThat(Outcome.of(lifespan.stop()).isComplete()).isTrue();
    }

    // ------------------------------------------------------------------------------------------------ shutdown

    @Test
    void theStopWaitsForTheApplicationsAnswerAndItsEnd() {
        Lifespan lifespan = running();
        receive().value();
        Outcome<Void> stop = Outcome.of(lifespan.stop());
        assertThat(receive().value()).isInstanceOf(LifespanEvent.Shutdown.class);
        assertThat(stop.isPending()).isTrue();
        send(new LifespanEvent.ShutdownComplete()).value();
        assertThat(send(new LifespanEvent.ShutdownComplete()).failure()).isInstanceOf(ProtocolViolationException.class);
        result.tryEmitEmpty().orThrow();
        assertThat(stop.isComplete()).isTrue();
    }

    @Test
    void anApplicationMayAnswerTheShutdownByItsEnd() {
        Outcome<Void> stop = Outcome.of(running().stop());
        result.tryEmitEmpty().orThrow();
        assertThat(stop.isComplete()).isTrue();
    }

    @Test
    void aShutdownThatFailsSaysWhy() {
        Outcome<Void> stop = Outcome.of(running().stop());
        send(new LifespanEvent.ShutdownFailed("the pool is stuck\nbadly")).value();
        result.tryEmitEmpty().orThrow();
        assertThat(stop.failure())
                .isInstanceOf(ServerException.class)
                .hasMessage("application shutdown failed: the pool is stuck");
    }

    @Test
    void anApplicationThatFailsInItsShutdownSaysWhy() {
        Outcome<Void> stop = Outcome.of(running().stop());
        result.tryEmitError(new IllegalStateException("stuck")).orThrow();
        assertThat(stop.failure())
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("application shutdown failed")
                .hasMessageContaining("stuck");
    }

    // ------------------------------------------------------------------------------------------------ with a server

    @Test
    void whatTheLifespanMadeIsThereForEachRequestAndGoneAtTheEnd() {
        StateKey<StringBuilder> key = StateKey.of("log", StringBuilder.class);
        StringBuilder log = new StringBuilder();
        Application application = Applications.builder()
                .lifespan(LifespanApplication.of(
                        scope -> Mono.fromRunnable(() -> start(scope, key, log)),
                        scope -> Mono.fromRunnable(
                                () -> scope.state().require(key).append("stop"))))
                .http((scope, receive, send) -> {
                    scope.state().require(key).append("request,");
                    return Http.respond(send, 200, "hi");
                })
                .build();
        try (TestServer server =
                TestServer.start(application, config -> config.withSettings(Map.of("greeting", "start,")))) {
            server.get("/");
            server.get("/");
        }
        assertThat(log).hasToString("start,request,request,stop");
    }

    private static void start(LifespanScope scope, StateKey<StringBuilder> key, StringBuilder log) {
        log.append(scope.settings().get("greeting"));
        scope.state().put(key, log);
    }

    @Test
    void theShutdownOfAnApplicationIsNotWaitedForForEver() {
        Application application = (scope, receive, send) ->
                send.send(new LifespanEvent.StartupComplete()).then(Mono.never());
        RunningServer server = Server.of(
                        application,
                        TestServer.config()
                                .withTimeouts(Timeouts.defaults().withGracefulShutdown(Duration.ofMillis(100))))
                .start()
                .block();
        assertThat(Outcome.of(server.shutdown()).await().failure())
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("application shutdown failed: not complete");
        assertThat(server.phase()).isEqualTo(RunningServer.Phase.STOPPED);
    }
}

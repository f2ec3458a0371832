package io.asyncgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** The test is the application. */
class LifespanRunTest {
    private final Sinks.Empty<Void> result = Sinks.empty();
    private final List<Throwable> lost = new ArrayList<>();
    private Receive receive;
    private Send send;

    private final LifespanRun run = new LifespanRun(
            (scope, receive, send) -> {
                this.receive = receive;
                this.send = send;
                return result.asMono();
            },
            LifespanScope.of(Map.of()),
            lost::add);

    private void start() {
        StepVerifier.create(run.start())
                .then(() -> send(new LifespanEvent.StartupComplete()))
                .verifyComplete();
    }

    private void send(SendEvent event) {
        StepVerifier.create(send.send(event)).verifyComplete();
    }

    @Test
    void anApplicationReceivesStartupAndShutdownAndThenNothing() {
        start();
        StepVerifier.create(receive.receive())
                .expectNext(new LifespanEvent.Startup())
                .verifyComplete();
        StepVerifier.create(run.stop())
                .then(() -> StepVerifier.create(receive.receive())
                        .expectNext(new LifespanEvent.Shutdown())
                        .verifyComplete())
                .then(() -> send(new LifespanEvent.ShutdownComplete()))
                .then(result::tryEmitEmpty)
                .verifyComplete();
        StepVerifier.create(receive.receive()).verifyError(ExchangeEndedException.class);
    }

    @Test
    void aSecondPullIsAViolationAndTheFirstGoesOn() {
        start();
        receive.receive().block();
        StepVerifier.create(receive.receive())
                .then(() -> StepVerifier.create(receive.receive()).verifyError(ProtocolViolationException.class))
                .then(() -> run.stop().subscribe())
                .expectNext(new LifespanEvent.Shutdown())
                .verifyComplete();
    }

    @Test
    void aPullThatIsGivenUpLeavesItsEventToTheNext() {
        start();
        receive.receive().block();
        StepVerifier.create(receive.receive()).thenCancel().verify();
        run.stop().subscribe();
        StepVerifier.create(receive.receive())
                .expectNext(new LifespanEvent.Shutdown())
                .verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerOutOfPlaceIsAViolation(boolean started) {
        if (started) {
            start();
        } else {
            run.start().subscribe();
        }
        StepVerifier.create(send.send(new LifespanEvent.ShutdownComplete()))
                .verifyError(ProtocolViolationException.class);
        if (started) {
            StepVerifier.create(send.send(new LifespanEvent.StartupComplete()))
                    .verifyErrorMessage("send: StartupComplete (expected: nothing before Shutdown is received)");
        }
    }

    @Test
    void anApplicationWithoutALifespanSaysSo() {
        StepVerifier.create(run.start())
                .then(() -> result.tryEmitError(new UnsupportedScopeException(LifespanScope.of(Map.of()))))
                .verifyError(UnsupportedScopeException.class);
    }

    @Test
    void aFailureWhileItServesIsToldAndLeavesNothingToStop() {
        start();
        IllegalStateException failure = new IllegalStateException("lost");
        result.tryEmitError(failure);

        assertThat(lost).containsExactly(failure);
        StepVerifier.create(run.stop()).verifyComplete();
    }

    @Test
    void aFailureOfTheStopHasItsCause() {
        start();
        StepVerifier.create(run.stop())
                .then(() -> result.tryEmitError(new IllegalStateException("disk full")))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(LifespanException.class)
                        .hasMessageContaining("disk full")
                        .hasCauseInstanceOf(IllegalStateException.class));
    }

    @Test
    void whoCancelsTheStartCancelsTheApplication() {
        List<String> cancelled = new ArrayList<>();
        LifespanRun given = new LifespanRun(
                (scope, receive, send) -> Mono.<Void>never().doOnCancel(() -> cancelled.add("cancelled")),
                LifespanScope.of(Map.of()),
                lost::add);

        StepVerifier.create(given.start()).thenCancel().verify();
        assertThat(cancelled).containsExactly("cancelled");
    }
}

package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.WebSocketDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class WebSocketsTest {
    private static final Application ECHO =
            Applications.webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))));

    private static WebSocketDriver accepted(Application app) {
        WebSocketDriver driver = ApplicationDriver.webSocket(app, WebSocketScope.builder());
        driver.expect(WebSocketEvent.Accept.class);
        return driver;
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1005, 1006, 3000})
    void anEchoAnswersUntilThePeerLeavesHowever(int code) {
        try (WebSocketDriver driver = accepted(ECHO)) {
            driver.text("grün");
            driver.expectText("grün");
            driver.binary(UTF_8.encode("abc"));
            driver.expectBinary(UTF_8.encode("abc"));
            driver.disconnect(code, "");
            driver.expectEnd();
        }
    }

    @Test
    void aMessageIsPulledWhenTheOneBeforeIsHandled() {
        try (WebSocketDriver driver = accepted(ECHO)) {
            driver.expectPull();
            driver.hold();
            driver.text("one");
            driver.text("two");
            driver.expectText("one");
            driver.expectNoPull();
            driver.expectNothing();
            driver.releaseOne();
            driver.expectText("two");
            driver.releaseOne();
            driver.expectPull();
        }
    }

    @Test
    void aFailedHandlerEndsTheLoop() {
        Application app = Applications.webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                .then(WebSockets.forEach(receive, message -> Mono.error(new IllegalStateException("broken")))));

        try (WebSocketDriver driver = accepted(app)) {
            driver.text("one");
            assertThat(driver.expectFailure(IllegalStateException.class)).hasMessage("broken");
        }
    }

    @Test
    void aHandlerThatThrowsEndsTheLoop() {
        Application app = Applications.webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                .then(WebSockets.forEach(receive, message -> {
                    throw new IllegalStateException("broken");
                })));

        try (WebSocketDriver driver = accepted(app)) {
            driver.text("one");
            driver.expectFailure(IllegalStateException.class);
        }
    }

    @Test
    void aHandlerThatClosesEndsTheLoopWithTheAnswerOfThePeer() {
        Application app = Applications.webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Close(3000, "bye")))));

        try (WebSocketDriver driver = accepted(app)) {
            driver.text("one");
            assertThat(driver.expect(WebSocketEvent.Close.class)).isEqualTo(new WebSocketEvent.Close(3000, "bye"));
            driver.expectEnd();
        }
    }

    @Test
    void cancellingTheLoopCancelsPullAndHandler() {
        Sinks.Empty<Void> work = Sinks.empty();
        ScriptedReceive receive = ScriptedReceive.of(new WebSocketEvent.Receive(WebSocketMessage.text("one")));

        Disposable loop = WebSockets.forEach(receive, message -> work.asMono()).subscribe();
        assertThat(work.currentSubscriberCount()).isEqualTo(1);
        loop.dispose();
        assertThat(work.currentSubscriberCount()).isZero();

        ScriptedReceive silent = new ScriptedReceive();
        WebSockets.forEach(silent, message -> Mono.empty()).subscribe().dispose();
        assertThat(silent.cancelled).isEqualTo(1);
    }

    @Test
    void messagesLeaveOutConnectAndAreNotPulledBeforeTheyAreDemanded() {
        ScriptedReceive receive = ScriptedReceive.of(
                WebSocketEvent.Connect.instance(),
                new WebSocketEvent.Receive(WebSocketMessage.text("one")),
                new WebSocketEvent.Disconnect(1000, ""));

        StepVerifier.create(WebSockets.messages(receive), 0)
                .then(() -> assertThat(receive.pulls).isZero())
                .thenRequest(1)
                .expectNext(WebSocketMessage.text("one"))
                .then(() -> assertThat(receive.pulls).isEqualTo(2))
                .thenRequest(1)
                .verifyComplete();
    }

    @Test
    void messagesFailOnAnEventOfAnotherProtocol() {
        StepVerifier.create(WebSockets.messages(ScriptedReceive.of(HttpEvent.Request.empty())))
                .verifyError(ProtocolViolationException.class);
    }

    @Test
    void aLongLoopOverMessagesThatAreThereAlreadyDoesNotOverflowTheStack() {
        AtomicLong left = new AtomicLong(100_000);
        ReceiveEvent message = new WebSocketEvent.Receive(WebSocketMessage.text("x"));
        ReceiveEvent end = new WebSocketEvent.Disconnect(1000, "");
        List<Long> handled = new ArrayList<>();

        StepVerifier.create(WebSockets.forEach(
                        () -> Mono.just(left.decrementAndGet() >= 0 ? message : end),
                        m -> Mono.fromRunnable(() -> handled.add(1L))))
                .verifyComplete();
        assertThat(handled).hasSize(100_000);
    }
}

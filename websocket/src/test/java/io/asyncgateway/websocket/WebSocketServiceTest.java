package io.asyncgateway.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.WebSocketDriver;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class WebSocketServiceTest {
    private static WebSocketDriver drive(SessionHandler handler) {
        return drive(WebSocketService.of(handler));
    }

    private static WebSocketDriver drive(WebSocketService service) {
        return ApplicationDriver.webSocket(
                Applications.webSocket(service), WebSocketScope.builder().subprotocols("chat"));
    }

    private static WebSocketDriver drive(Handshake handshake, SessionHandler handler) {
        return drive(WebSocketService.builder()
                .handshake(handshake)
                .onSession(handler)
                .build());
    }

    private static SessionHandler unreached() {
        return session -> Mono.error(new AssertionError("opened"));
    }

    @Test
    void anEchoAnswersEachMessage() {
        try (WebSocketDriver driver =
                drive(session -> session.messages().concatMap(session::send, 1).then())) {
            driver.expect(WebSocketEvent.Accept.class);
            driver.text("one");
            driver.text("two");
            driver.expectText("one");
            driver.expectText("two");
            driver.disconnect(1001, "");
            driver.expectEnd();
        }
    }

    @Test
    void aServiceNeedsAHandler() {
        assertThatThrownBy(() -> WebSocketService.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("onSession: none (expected: a handler of sessions)");
    }

    @Nested
    class OfTheHandshake {
        @Test
        void whatItChoseIsInTheAnswerAndTheSession() {
            Principal ada = () -> "ada";
            AtomicReference<WebSocketSession> opened = new AtomicReference<>();
            WebSocketService service = WebSocketService.builder()
                    .handshake(scope -> Mono.just(HandshakeResult.accept()
                            .withSubprotocol("chat")
                            .withPrincipal(ada)
                            .withHeader("set-cookie", "seen=1")))
                    .options(SessionOptions.defaults().withMaxMessageSize(1000).withCompression(false))
                    .onSession(session -> {
                        opened.set(session);
                        return Mono.never();
                    })
                    .build();
            try (WebSocketDriver driver = drive(service)) {
                assertThat(driver.expect(WebSocketEvent.Accept.class))
                        .isEqualTo(new WebSocketEvent.Accept("chat", Headers.of("set-cookie", "seen=1"), 1000, false));
                assertThat(opened.get().subprotocol()).isEqualTo("chat");
                assertThat(opened.get().principal()).isSameAs(ada);
            }
        }

        @Test
        void itCanRefuseWithAnyResponse() {
            HandshakeResult refusal = HandshakeResult.refuse(
                    401, Headers.of("www-authenticate", "Bearer"), UTF_8.encode("who are you?\n"));
            for (int i = 0; i < 2; i++) {
                try (WebSocketDriver driver = drive(scope -> Mono.just(refusal), unreached())) {
                    HttpEvent.ResponseStart start = driver.expect(HttpEvent.ResponseStart.class);
                    assertThat(start.status()).isEqualTo(401);
                    assertThat(start.headers().first("www-authenticate")).isEqualTo("Bearer");
                    HttpEvent.ResponseBody body = driver.expect(HttpEvent.ResponseBody.class);
                    assertThat(UTF_8.decode(body.body()).toString()).isEqualTo("who are you?\n");
                    assertThat(body.more()).isFalse();
                    driver.expectEnd();
                }
            }
        }

        @Test
        void itsFailureIsThatOfTheApplication() {
            try (WebSocketDriver driver =
                    drive(scope -> Mono.error(new RequestException(429, "too many")), unreached())) {
                assertThat(driver.expectFailure(RequestException.class).status())
                        .isEqualTo(429);
            }
            try (WebSocketDriver driver = drive(
                    scope -> {
                        throw new IllegalArgumentException("broken");
                    },
                    unreached())) {
                driver.expectFailure(IllegalArgumentException.class);
            }
            try (WebSocketDriver driver = drive(scope -> Mono.empty(), unreached())) {
                assertThat(driver.expectFailure(IllegalStateException.class)).hasMessage("the handshake had no result");
            }
        }

        @Test
        void itsTimeIsBounded() {
            VirtualTimeScheduler.getOrSet();
            AtomicBoolean cancelled = new AtomicBoolean();
            try (WebSocketDriver driver =
                    drive(scope -> Mono.<HandshakeResult>never().doOnCancel(() -> cancelled.set(true)), unreached())) {
                driver.advanceTime(Duration.ofMillis(9999));
                driver.expectNothing();
                driver.advanceTime(Duration.ofMillis(1));
                assertThat(driver.expect(HttpEvent.ResponseStart.class).status())
                        .isEqualTo(503);
                driver.expect(HttpEvent.ResponseBody.class);
                driver.expectEnd();
                assertThat(cancelled).isTrue();
            } finally {
                VirtualTimeScheduler.reset();
            }
        }

        @Test
        void itIsCancelledWhenThePeerLeaves() {
            AtomicBoolean cancelled = new AtomicBoolean();
            try (WebSocketDriver driver =
                    drive(scope -> Mono.<HandshakeResult>never().doOnCancel(() -> cancelled.set(true)), unreached())) {
                driver.expectNothing();
                driver.disconnect(1006, "");
                driver.expectEnd();
                assertThat(cancelled).isTrue();
            }
        }
    }

    @Nested
    class OfTheWork {
        private final AtomicReference<CloseStatus> closed = new AtomicReference<>();

        private SessionHandler watched(SessionHandler handler) {
            return session -> {
                session.closed().subscribe(closed::set);
                return handler.handle(session);
            };
        }

        @Test
        void itsEndClosesWithNormalOnceEverythingIsSent() {
            try (WebSocketDriver driver = drive(watched(session -> {
                session.sendText("not waited for").subscribe();
                return session.sendText("bye");
            }))) {
                driver.hold();
                driver.expect(WebSocketEvent.Accept.class);
                driver.release();
                driver.expectText("not waited for");
                driver.expectText("bye");
                assertThat(driver.expect(WebSocketEvent.Close.class)).isEqualTo(new WebSocketEvent.Close(1000));
                driver.expectEnd();
                assertThat(closed.get()).isEqualTo(new CloseStatus(1000, ""));
            }
        }

        @Test
        void itIsCancelledWhenThePeerLeaves() {
            AtomicBoolean cancelled = new AtomicBoolean();
            try (WebSocketDriver driver =
                    drive(watched(session -> Mono.<Void>never().doOnCancel(() -> cancelled.set(true))))) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.disconnect(4001, "enough");
                driver.expectEnd();
                assertThat(cancelled).isTrue();
                assertThat(closed.get()).isEqualTo(new CloseStatus(4001, "enough"));
            }
        }

        @Test
        void itIsCancelledWhenTheServerCancels() {
            AtomicBoolean cancelled = new AtomicBoolean();
            try (WebSocketDriver driver =
                    drive(watched(session -> Mono.<Void>never().doOnCancel(() -> cancelled.set(true))))) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.cancel();
                driver.expectEnd();
                assertThat(cancelled).isTrue();
                assertThat(closed.get()).isEqualTo(new CloseStatus(1006, ""));
            }
        }

        @Test
        void itIsCancelledWhenItHasClosedTheSession() {
            AtomicBoolean cancelled = new AtomicBoolean();
            try (WebSocketDriver driver = drive(watched(session ->
                    session.close(4000, "").then(Mono.<Void>never().doOnCancel(() -> cancelled.set(true)))))) {
                driver.expect(WebSocketEvent.Accept.class);
                assertThat(driver.expect(WebSocketEvent.Close.class).code()).isEqualTo(4000);
                driver.expectEnd();
                assertThat(cancelled).isTrue();
            }
        }

        @Test
        void itSeesTheEndOfTheMessagesBeforeItIsCancelled() {
            List<String> seen = new ArrayList<>();
            try (WebSocketDriver driver = drive(watched(session -> session.messages()
                    .doOnComplete(() -> seen.add("end of messages"))
                    .then(Mono.<Void>never().doOnCancel(() -> seen.add("cancelled")))))) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.disconnect(1001, "");
                driver.expectEnd();
                assertThat(seen).containsExactly("end of messages", "cancelled");
            }
        }

        @ParameterizedTest
        @CsvSource({"400, 1008", "503, 1013", "500, 1011"})
        void itsRefusalIsThatOfTheApplication(int status, int code) {
            try (WebSocketDriver driver = drive(watched(session -> Mono.error(new RequestException(status, "no"))))) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.expectFailure(RequestException.class);
                assertThat(closed.get()).isEqualTo(new CloseStatus(code, ""));
            }
        }

        @Test
        void itsFailureIsThatOfTheApplication() {
            try (WebSocketDriver driver = drive(watched(session -> Mono.error(new IllegalStateException("bug"))))) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.expectFailure(IllegalStateException.class);
                assertThat(closed.get()).isEqualTo(new CloseStatus(1011, ""));
            }
        }

        @Test
        void itsFailureAfterThePeerHasLeftDoesNotHideHowItLeft() {
            try (WebSocketDriver driver = drive(watched(
                    session -> session.messages().then(Mono.error(new IllegalStateException("after the end")))))) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.disconnect(1001, "left");
                driver.expectFailure(IllegalStateException.class);
                assertThat(closed.get()).isEqualTo(new CloseStatus(1001, "left"));
            }
        }

        @Test
        void aSendThatCameTooLateIsNoFailure() {
            try (WebSocketDriver driver =
                    drive(watched(session -> session.closed().then(Mono.defer(() -> session.sendText("late")))))) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.disconnect(1001, "left");
                driver.expectEnd();
            }
        }

        @Test
        void thePeerOfAnotherSessionThatIsGoneIsAFailure() {
            try (WebSocketDriver driver = drive(watched(session -> Mono.error(new DisconnectedException())))) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.expectFailure(DisconnectedException.class);
            }
        }

        @ParameterizedTest
        @CsvSource({"true, 1007", "false, 1003"})
        void aMessageThatDoesNotFitClosesTheSession(boolean text, int code) {
            try (WebSocketDriver driver =
                    drive(watched(session -> session.messages(Integer.class).then()))) {
                driver.expect(WebSocketEvent.Accept.class);
                if (text) {
                    driver.text("secret");
                } else {
                    driver.binary(UTF_8.encode("1"));
                }
                assertThat(driver.expect(WebSocketEvent.Close.class))
                        .isEqualTo(new WebSocketEvent.Close(code, "invalid message"));
                driver.expectEnd();
            }
        }
    }
}

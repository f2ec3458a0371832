package io.asyncgateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class HeartbeatTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Heartbeat WATCH = Heartbeat.of(INTERVAL, Duration.ofSeconds(30));

    @BeforeEach
    void virtualTime() {
        VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void realTime() {
        VirtualTimeScheduler.reset();
    }

    private static OpenSession open(Heartbeat heartbeat) {
        return OpenSession.open(SessionOptions.defaults().withHeartbeat(heartbeat), session -> session.messages()
                .then());
    }

    /** By {@link #WATCH}, after a last sign of life just now. */
    private static void assertClosedInTime(OpenSession open) {
        open.driver().advanceTime(Duration.ofSeconds(29));
        open.driver().expectNothing();
        open.driver().advanceTime(Duration.ofSeconds(1));
        assertThat(open.driver().expect(WebSocketEvent.Close.class))
                .isEqualTo(new WebSocketEvent.Close(1011, "no sign of life"));
        open.driver().expectEnd();
    }

    @Test
    void aPeerWithoutASignOfLifeIsClosedWith1011() {
        try (OpenSession open = open(WATCH)) {
            assertClosedInTime(open);
        }
    }

    @Test
    void messagesAndPongsAreSignsOfLife() {
        try (OpenSession open = open(WATCH)) {
            Instant start = open.session().lastSeen();
            for (int i = 0; i < 10; i++) {
                open.driver().advanceTime(Duration.ofSeconds(25));
                if (i % 2 == 0) {
                    open.driver().text("here");
                } else {
                    open.driver().heard();
                }
                open.driver().expectNothing();
            }
            assertThat(open.session().lastSeen()).isEqualTo(start.plusSeconds(250));
            open.driver().advanceTime(Duration.ofSeconds(39));
            open.driver().expectNothing();
            open.driver().advanceTime(Duration.ofSeconds(1));
            open.driver().expect(WebSocketEvent.Close.class);
        }
    }

    @Test
    void timeInWhichNobodyReadsDoesNotCount() {
        try (OpenSession open = OpenSession.open(SessionOptions.defaults().withHeartbeat(WATCH))) {
            open.driver().advanceTime(Duration.ofHours(1));
            open.driver().expectNothing();
            open.session().messages().subscribe();
            open.driver().advanceTime(Duration.ofSeconds(29));
            open.driver().expectNothing();
            open.driver().advanceTime(Duration.ofSeconds(1));
            open.driver().expect(WebSocketEvent.Close.class);
        }
    }

    @Test
    void aMessageIsSentAtEachInterval() {
        AtomicInteger number = new AtomicInteger();
        try (OpenSession open =
                open(WATCH.withMessage(() -> WebSocketMessage.text("ping " + number.incrementAndGet())))) {
            for (int i = 1; i < 5; i++) {
                open.driver().expectNothing();
                open.driver().advanceTime(INTERVAL);
                open.driver().expectText("ping " + i);
                open.driver().text("pong");
            }
        }
    }

    @Test
    void noMoreThanOneMessageWaitsForASlowPeer() {
        try (OpenSession open = open(WATCH.withMessage(() -> WebSocketMessage.text("ping")))) {
            open.driver().hold();
            for (int i = 0; i < 20; i++) {
                open.driver().advanceTime(INTERVAL);
                open.driver().heard();
            }
            open.driver().expectText("ping");
            open.driver().releaseOne();
            open.driver().expectText("ping");
            open.driver().releaseOne();
            open.driver().expectNothing();
        }
    }

    @Test
    void aMessageThatCannotBeMadeHarmsNobody() {
        try (OpenSession open = open(WATCH.withMessage(() -> {
            throw new IllegalStateException("supplier");
        }))) {
            open.driver().advanceTime(Duration.ofSeconds(29));
            open.driver().expectNothing();
        }
    }

    @Test
    void theWatchEndsWithTheSession() {
        AtomicInteger made = new AtomicInteger();
        try (OpenSession open = open(WATCH.withMessage(() -> {
            made.incrementAndGet();
            return WebSocketMessage.text("ping");
        }))) {
            open.driver().disconnect(1001, "");
            open.driver().advanceTime(Duration.ofHours(1));
            open.driver().expectEnd();
            assertThat(made).hasValue(0);
        }
    }

    private static OpenSession openRouter(Heartbeat heartbeat, Mono<Void> slow) {
        JsonRouter router = JsonRouter.builder()
                .on("say", Map.class, (session, message) -> slow.then(session.sendText("said")))
                .ignore("pong")
                .build();
        return OpenSession.open(SessionOptions.defaults().withHeartbeat(heartbeat), router);
    }

    @Test
    void aSlowHandlerOfARouterStopsNeitherThePingsNorTheReadingOfTheAnswers() {
        Sinks.Empty<Void> slow = Sinks.empty();
        try (OpenSession open = openRouter(WATCH.withMessage(() -> WebSocketMessage.text("ping")), slow.asMono())) {
            open.driver().text("{\"type\":\"say\"}");
            for (int i = 0; i < 20; i++) {
                open.driver().expectNothing();
                open.driver().advanceTime(INTERVAL);
                open.driver().expectText("ping");
                open.driver().text("{\"type\":\"pong\"}");
            }
            slow.tryEmitEmpty();
            open.driver().expectText("said");
            open.driver().advanceTime(INTERVAL);
            open.driver().expectText("ping");
        }
    }

    @Test
    void whileAHandlerOfARouterIsSlowPongsAreSignsOfLife() {
        try (OpenSession open = openRouter(WATCH, Mono.never())) {
            open.driver().text("{\"type\":\"say\"}");
            for (int i = 0; i < 10; i++) {
                open.driver().advanceTime(Duration.ofSeconds(25));
                open.driver().heard();
                open.driver().expectNothing();
            }
        }
    }

    @Test
    void whileAHandlerOfARouterIsSlowAPeerWithoutASignOfLifeIsClosedAllTheSame() {
        try (OpenSession open = openRouter(WATCH, Mono.never())) {
            open.driver().text("{\"type\":\"say\"}");
            assertClosedInTime(open);
        }
    }

    @Test
    void theTimesAreChecked() {
        assertThatThrownBy(() -> Heartbeat.of(Duration.ZERO, INTERVAL))
                .hasMessage("heartbeat interval: PT0S (expected: > 0)");
        assertThatThrownBy(() -> Heartbeat.of(INTERVAL, Duration.ofSeconds(9)))
                .hasMessage("heartbeat timeout: PT9S (expected: at least the interval, PT10S)");
    }
}

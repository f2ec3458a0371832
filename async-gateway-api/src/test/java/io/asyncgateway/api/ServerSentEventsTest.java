package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class ServerSentEventsTest {
    private static final Duration BEAT = Duration.ofSeconds(15);
    private static final String HEARTBEAT = ":\n\n";

    private final TestPublisher<ServerSentEvent> events = TestPublisher.create();

    @BeforeEach
    void useVirtualTime() {
        VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void useRealTime() {
        VirtualTimeScheduler.reset();
    }

    private static Application plain(Publisher<ServerSentEvent> events) {
        return Applications.http((scope, receive, send) -> ServerSentEvents.respond(scope, send, events));
    }

    private static Application beating(Publisher<ServerSentEvent> events) {
        return Applications.http((scope, receive, send) -> ServerSentEvents.respond(scope, send, events, BEAT));
    }

    private static HttpDriver opened(Application app) {
        HttpDriver driver = ApplicationDriver.get(app, "/events");
        driver.expectStart(200);
        driver.expectPart("");
        return driver;
    }

    private static String encoded(ServerSentEvent event) {
        return UTF_8.decode(event.encode()).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a|data: a#",
                "''|data: #",
                "a\\nb|data: a#data: b#",
                "a\\rb|data: a#data: b#",
                "a\\r\\nb|data: a#data: b#",
                "a\\n\\nb|data: a#data: #data: b#",
                "a\\n\\rb|data: a#data: #data: b#",
                "a\\n|data: a#data: #",
                "' a'|data:  a#",
                "a: b|data: a: b#",
                "grün|data: grün#",
            })
    void everyLineOfTheDataIsAField(String data, String text) {
        String unescaped = data.replace("\\n", "\n").replace("\\r", "\r");

        assertThat(encoded(ServerSentEvent.of(unescaped))).isEqualTo(text.replace('#', '\n') + "\n");
    }

    @Test
    void anEventCarriesAllItsFields() {
        ServerSentEvent event = new ServerSentEvent("7", "tick", "a\nb", Duration.ofMillis(2500), "why\nnot");

        assertThat(encoded(event)).isEqualTo(": why\n: not\nid: 7\nevent: tick\ndata: a\ndata: b\nretry: 2500\n\n");
        assertThat(ServerSentEvent.of("a").withId("7").withEvent("tick").withRetry(Duration.ZERO))
                .isEqualTo(new ServerSentEvent("7", "tick", "a", Duration.ZERO, null));
        assertThat(encoded(ServerSentEvent.comment("x"))).isEqualTo(": x\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "\n", "a\r\ndata: forged"})
    void aLineBreakInIdOrTypeIsRefused(String text) {
        assertThatThrownBy(() -> ServerSentEvent.of("x").withId(text))
                .hasMessageStartingWith("id: contains a line break");
        assertThatThrownBy(() -> ServerSentEvent.of("x").withEvent(text))
                .hasMessageStartingWith("event: contains a line break");
    }

    @Test
    void anEventThatSaysNothingIsRefused() {
        assertThatThrownBy(() -> new ServerSentEvent(null, null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ServerSentEvent.of("x").withId("\0")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> ServerSentEvent.of("x").withRetry(Duration.ofMillis(-1)))
                .hasMessageContaining("retry: PT-0.001S");
    }

    @Test
    void theStreamIsOpenBeforeItsFirstEvent() {
        try (HttpDriver driver = ApplicationDriver.get(plain(events), "/events")) {
            assertThat(driver.expectStart(200).headers())
                    .isEqualTo(Headers.of("content-type", "text/event-stream", "cache-control", "no-store"));
            driver.expectPart("");
            driver.expectNothing();
        }
    }

    @Test
    void theStreamEndsWithItsSource() {
        try (HttpDriver driver = opened(plain(events))) {
            events.next(ServerSentEvent.of("one"));
            driver.expectPart("data: one\n\n");
            events.complete();
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void drainingEndsTheStreamInOrderAndCancelsItsSource() {
        for (Application app : new Application[] {plain(events), beating(events)}) {
            try (HttpDriver driver = opened(app)) {
                driver.drain();
                driver.expectLastPart("");
                driver.expectEnd();
            }
            events.assertCancelled();
        }
    }

    @Test
    void aDisconnectEndsASilentStreamAtOnceAndCancelsItsSource() {
        try (HttpDriver driver = opened(plain(events))) {
            driver.disconnect();
            driver.expectFailure(DisconnectedException.class);
        }
        events.assertCancelled();
    }

    @Test
    void aFailedSourceFailsTheStream() {
        for (Application app : new Application[] {
            plain(Flux.error(new IllegalStateException("broken"))),
            beating(Flux.error(new IllegalStateException("broken")))
        }) {
            try (HttpDriver driver = opened(app)) {
                driver.expectFailure(IllegalStateException.class);
            }
        }
    }

    @Test
    void toHeadTheHeaderFieldsAreTheWholeAnswer() {
        try (HttpDriver driver =
                ApplicationDriver.http(plain(events), HttpScope.builder().method("HEAD"))) {
            assertThat(driver.expectResponse().headers().first("content-type")).isEqualTo("text/event-stream");
            driver.expectEnd();
        }
        events.assertWasNotSubscribed();
    }

    @Test
    void aHeartbeatComesAtEveryInterval() {
        try (HttpDriver driver = opened(beating(events))) {
            driver.advanceTime(BEAT.minusMillis(1));
            driver.expectNothing();
            driver.advanceTime(Duration.ofMillis(1));
            driver.expectPart(HEARTBEAT);
            events.next(ServerSentEvent.of("one"));
            driver.expectPart("data: one\n\n");
            driver.advanceTime(BEAT);
            driver.expectPart(HEARTBEAT);
            driver.expectNothing();
        }
        events.assertCancelled();
    }

    @Test
    void heartbeatsEndWithTheSource() {
        try (HttpDriver driver = opened(beating(events))) {
            events.next(ServerSentEvent.of("one"));
            events.complete();
            driver.expectPart("data: one\n\n");
            driver.expectLastPart("");
            driver.expectEnd();
            driver.advanceTime(BEAT.multipliedBy(10));
        }
    }

    @Test
    void heartbeatsThatTheTransportDoesNotTakeAreLeftOut() {
        try (HttpDriver driver = opened(beating(events))) {
            driver.hold();
            driver.advanceTime(BEAT.multipliedBy(100));
            driver.expectPart(HEARTBEAT);
            driver.release();
            int late = 0;
            events.complete();
            while (driver.expect(HttpEvent.ResponseBody.class).more()) {
                late++;
            }
            assertThat(late).isLessThanOrEqualTo(2);
            driver.expectEnd();
        }
    }

    @Test
    void anEventIsAskedForWhenTheTransportHasTakenTheOneBefore() {
        TestPublisher<ServerSentEvent> source = TestPublisher.create();
        try (HttpDriver driver = opened(plain(source))) {
            driver.hold();
            source.assertMinRequested(1);
            source.next(ServerSentEvent.of("one"));
            driver.expectPart("data: one\n\n");
            source.assertMaxRequested(0);
            driver.releaseOne();
            source.assertMinRequested(1);
        }
    }

    @Test
    void aHeartbeatWithoutAnIntervalIsRefused() {
        assertThatThrownBy(() ->
                        ServerSentEvents.respond(HttpScope.builder().build(), event -> null, events, Duration.ZERO))
                .hasMessage("heartbeat: PT0S (expected: > 0)");
    }
}

package io.asyncgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class EventsTest {
    private final VirtualClock clock = new VirtualClock();
    private Events events;

    @BeforeEach
    void virtualTime() {
        VirtualTimeScheduler.getOrSet();
        events = new Events(clock);
    }

    @AfterEach
    void realTime() {
        VirtualTimeScheduler.reset();
    }

    private HttpDriver listen() {
        HttpDriver driver = ApplicationDriver.get(events, "/events");
        ResponseStart start = driver.expectStart(200);
        assertThat(start.headers().first("content-type")).isEqualTo("text/event-stream");
        // An empty part lets the client see at once that the stream is open.
        driver.expectPart("");
        return driver;
    }

    private static String tick(String time, int listeners) {
        return "event: tick\ndata: {\"time\":\"" + time + "\",\"listeners\":" + listeners + "}\nretry: 2000\n\n";
    }

    @Test
    void sendsATickAtOnceAndThenOneEachSecond() {
        try (HttpDriver driver = listen()) {
            driver.expectPart(tick("2030-01-01T00:00:00Z", 1));
            driver.advanceTime(Duration.ofMillis(999));
            driver.expectNothing();
            driver.advanceTime(Duration.ofMillis(1));
            driver.expectPart(tick("2030-01-01T00:00:01Z", 1));
        }
    }

    @Test
    void countsThePagesThatListen() {
        try (HttpDriver first = listen()) {
            first.expectPart(tick("2030-01-01T00:00:00Z", 1));
            try (HttpDriver second = listen()) {
                second.advanceTime(Duration.ofSeconds(1));
                first.expectPart(tick("2030-01-01T00:00:01Z", 2));
                second.expectPart(tick("2030-01-01T00:00:01Z", 2));
                second.disconnect();
                second.expectEnd();
            }
            first.advanceTime(Duration.ofSeconds(1));
            first.expectPart(tick("2030-01-01T00:00:02Z", 1));
        }
    }

    @Test
    void endsTheStreamInOrderWhenTheServerDrains() {
        try (HttpDriver driver = listen()) {
            driver.expectPart(tick("2030-01-01T00:00:00Z", 1));
            driver.drain();
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void givesASlowClientTheLatestTickAndNoBacklog() {
        try (HttpDriver driver = listen()) {
            driver.expectPart(tick("2030-01-01T00:00:00Z", 1));
            driver.hold();
            driver.advanceTime(Duration.ofSeconds(1));
            driver.expectPart(tick("2030-01-01T00:00:01Z", 1));
            driver.advanceTime(Duration.ofSeconds(59));
            driver.expectNothing();
            driver.release();
            driver.expectPart(tick("2030-01-01T00:01:00Z", 1));
            driver.expectNothing();
        }
    }

    @Test
    void stopsTheClockWhenNobodyListens() {
        try (HttpDriver driver = listen()) {
            driver.expectPart(tick("2030-01-01T00:00:00Z", 1));
        }
        int reads = clock.reads;
        VirtualTimeScheduler.get().advanceTimeBy(Duration.ofSeconds(10));
        assertThat(clock.reads).isEqualTo(reads);
        try (HttpDriver driver = listen()) {
            driver.expectPart(tick("2030-01-01T00:00:10Z", 1));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/           | text/html; charset=utf-8       | <html lang=\"en\">",
                "/events.css | text/css; charset=utf-8        | prefers-color-scheme: dark",
                "/events.js  | text/javascript; charset=utf-8 | new EventSource('events')",
            })
    void servesThePageFromTheJar(String target, String type, String content) {
        try (HttpDriver driver = ApplicationDriver.get(events, target)) {
            HttpDriver.Response response = driver.expectResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers().first("content-type")).isEqualTo(type);
            assertThat(response.headers().first("content-security-policy")).startsWith("default-src 'self'");
            assertThat(response.text()).contains(content);
            driver.expectEnd();
        }
    }

    @Test
    void refusesToBePostedTo() {
        try (HttpDriver driver = ApplicationDriver.http(
                events, HttpScope.builder().method("POST").target("/"))) {
            HttpDriver.Response response = driver.expectResponse();
            assertThat(response.status()).isEqualTo(405);
            assertThat(response.headers().first("allow")).isEqualTo("GET, HEAD");
        }
    }

    @Test
    void knowsNoOtherPath() {
        try (HttpDriver driver = ApplicationDriver.get(events, "/nothing")) {
            assertThat(driver.expectResponse().status()).isEqualTo(404);
        }
    }

    /** Tells the virtual time, counted from the beginning of 2030. */
    private static final class VirtualClock extends Clock {
        private int reads;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            reads++;
            long now = Schedulers.parallel().now(TimeUnit.MILLISECONDS);
            return Instant.parse("2030-01-01T00:00:00Z").plusMillis(now);
        }
    }
}

package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that pipelines and does not read: its answers fill the outbound window and no more. */
class UnreadAnswersTest {
    private static final int REQUESTS = 20_000;
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String KIBIBYTE = "x".repeat(1024);

    private final AtomicInteger calls = new AtomicInteger();
    private final Application counting = Applications.builder()
            .http((scope, receive, send) -> {
                calls.incrementAndGet();
                return Http.respond(send, 200, KIBIBYTE);
            })
            .build();

    @Test
    void requestsWhoseAnswersNobodyTakesAreNotServedUntilSomebodyDoes() throws InterruptedException {
        try (TestServer server = TestServer.start(counting)) {
            RawClient client = server.slowClient();
            Thread sender = sendAll(client);

            await().atMost(Duration.ofSeconds(20)).until(this::countRests);
            // The window, what the kernel takes on both sides, and one read of the socket.
            assertThat(calls.get()).isBetween(1, REQUESTS / 4);

            for (int i = 0; i < REQUESTS; i++) {
                assertThat(client.read().body()).hasSize(1024);
            }
            sender.join();
            assertThat(calls.get()).isEqualTo(REQUESTS);
        }
    }

    @Test
    void aShutdownDoesNotWaitForAClientThatHoldsUpItsOwnRequests() throws InterruptedException {
        try (TestServer server = TestServer.start(
                counting, TestServer.timeouts(timeouts -> timeouts.withResponseGap(Duration.ofMillis(200))))) {
            RawClient client = server.slowClient();
            Thread sender = sendAll(client);

            await().atMost(Duration.ofSeconds(20)).until(() -> calls.get() > 0);
            server.running().shutdown().block(Duration.ofSeconds(10));

            client.close();
            sender.join();
        }
    }

    private static Thread sendAll(RawClient client) {
        Thread sender = new Thread(() -> {
            try {
                client.send(REQUEST.repeat(REQUESTS).getBytes(StandardCharsets.US_ASCII));
            } catch (RuntimeException closed) {
                assertThat(closed).hasRootCauseInstanceOf(java.io.IOException.class);
            }
        });
        sender.start();
        return sender;
    }

    private int before = -1;
    private int rests;

    /** Whether the count has not moved while it was looked at several times. */
    private boolean countRests() {
        int now = calls.get();
        rests = now > 0 && now == before ? rests + 1 : 0;
        before = now;
        return rests == 5;
    }
}

package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.EarlyHints;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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

            // The window, what the kernel takes on both sides, and one read of the socket.
            assertThat(Waiting.awaitRest(calls::get)).isLessThan(REQUESTS / 4);

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

    static Stream<Arguments> requestsForHints() {
        byte[] block = Http2Client.block(Http2Client.request("GET", "/"));
        byte[] http2 = ByteBuffer.allocate(Http2Client.PREFACE.length + 18 + block.length)
                .put(Http2Client.PREFACE)
                .put(new byte[] {0, 0, 0, Http2Client.SETTINGS, 0, 0, 0, 0, 0})
                .put(new byte[] {0, 0, (byte) block.length, Http2Client.HEADERS})
                .put((byte) (Http2Client.END_HEADERS | Http2Client.END_STREAM))
                .putInt(1)
                .put(block)
                .array();
        return Stream.of(
                Arguments.of("HTTP/1.1", REQUEST.getBytes(StandardCharsets.US_ASCII)), Arguments.of("HTTP/2", http2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requestsForHints")
    void earlyHintsThatNobodyTakesAreNotMadeUntilSomebodyDoes(String protocol, byte[] request) {
        Application hinting = Applications.builder()
                .http((scope, receive, send) -> Flux.range(0, REQUESTS)
                        .concatMap(
                                hint -> {
                                    calls.incrementAndGet();
                                    return send.send(new EarlyHints(Headers.of("link", KIBIBYTE + hint)));
                                },
                                1)
                        .then(Mono.defer(() -> Http.respond(send, 200, ""))))
                .build();
        try (TestServer server = TestServer.start(hinting)) {
            RawClient client = server.slowClient().send(request);

            int rested = Waiting.awaitRest(calls::get);
            assertThat(rested).isLessThan(REQUESTS / 4);

            byte[] some = new byte[64 * 1024];
            while (calls.get() < rested + 1_000) {
                assertThat(client.readSome(some)).isPositive();
            }
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
}

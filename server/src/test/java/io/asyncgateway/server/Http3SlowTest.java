package io.asyncgateway.server;

import static io.asyncgateway.server.Http3Client.data;
import static io.asyncgateway.server.Http3Client.headers;
import static io.asyncgateway.server.Http3Client.octets;
import static io.asyncgateway.server.Http3Client.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.EarlyHints;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Peers of HTTP/3 that take their time, and what there may be of each at the same time. */
class Http3SlowTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    /** RFC 9000 section 20.1. */
    private static final int CONNECTION_REFUSED = 2;

    private static final ByteBuffer PART = ByteBuffer.allocate(1000).asReadOnlyBuffer();

    private static final ByteBuffer LARGE_PART = ByteBuffer.allocate(16 * 1024).asReadOnlyBuffer();

    private static final String LARGE_FIELD = "x".repeat(16 * 1024);

    private final CountDownLatch gone = new CountDownLatch(1);
    private final AtomicInteger largeParts = new AtomicInteger();
    private final AtomicInteger hints = new AtomicInteger();

    private final Application application = Applications.builder()
            .http((scope, receive, send) -> switch (scope.localPath()) {
                case "/collect" ->
                    Http.collect(scope, receive, 1 << 20)
                            .flatMap(body -> Http.respond(send, 200, Integer.toString(body.remaining())));
                case "/wait" -> scope.disconnected().doOnSuccess(nothing -> gone.countDown());
                case "/parts" ->
                    Http.stream(
                                    send,
                                    new ResponseStart(200),
                                    Flux.range(0, 1_000_000).map(part -> PART.duplicate()))
                            .doFinally(end -> gone.countDown());
                case "/large" ->
                    Http.stream(
                                    send,
                                    new ResponseStart(200),
                                    Flux.range(0, 5_000)
                                            .doOnNext(part -> largeParts.incrementAndGet())
                                            .map(part -> LARGE_PART.duplicate()))
                            .doFinally(end -> gone.countDown());
                case "/hints" ->
                    Flux.range(0, 5_000)
                            .concatMap(
                                    hint -> {
                                        hints.incrementAndGet();
                                        return send.send(new EarlyHints(Headers.of("link", LARGE_FIELD)));
                                    },
                                    1)
                            .then()
                            .doFinally(end -> gone.countDown());
                default -> Http.respond(send, 200, "hello");
            })
            .build();

    private TestServer start(UnaryOperator<ServerConfig> change) {
        return TestServer.startHttp3(
                application,
                config -> change.apply(config.withTimeouts(
                        config.timeouts().withLinger(SHORT).withDisconnectGrace(Duration.ofMillis(100)))));
    }

    private static void assertServed(Http3Client client) throws IOException {
        assertThat(client.get("/").response().body()).isEqualTo("hello");
    }

    private static byte[] half(byte[] octets) {
        return Arrays.copyOf(octets, octets.length / 2);
    }

    // ------------------------------------------------------------------------------------------------ requests

    @Test
    void aHeadThatDoesNotEndInTimeIsReset() throws IOException {
        try (TestServer server = start(TestServer.timeouts(timeouts -> timeouts.withRequestHead(SHORT)));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream half = client.open().send(half(headers(request("GET", "/"))));
            Http3Client.Stream type = client.open().send(octets(1));
            assertThat(half.awaitReset()).isEqualTo(Http3Error.H3_REQUEST_INCOMPLETE.code());
            assertThat(type.awaitReset()).isEqualTo(Http3Error.H3_REQUEST_INCOMPLETE.code());
            assertServed(client);
        }
    }

    @Test
    void aBodyThatStallsIsAnsweredWith408() throws IOException {
        try (TestServer server = start(TestServer.timeouts(timeouts -> timeouts.withBodyGap(SHORT)));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream stream = client.open().send(headers(request("POST", "/collect")), data("a"));
            assertThat(stream.response().status()).isEqualTo(408);
            assertServed(client);
        }
    }

    /** No pause is ever too long. */
    @Test
    void aBodyThatComesTooSlowlyIsAnsweredWith408() throws IOException {
        try (TestServer server = start(TestServer.timeouts(timeouts -> timeouts.withBodyGap(SHORT)));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream stream = client.open().send(headers(request("POST", "/collect")));
            while (stream.isSilent(Duration.ofMillis(20))) {
                stream.send(data("a"));
            }
            assertThat(stream.response().status()).isEqualTo(408);
            assertServed(client);
        }
    }

    @Test
    void aSectionOfAMegabyteIsAnsweredWith431() throws IOException {
        try (TestServer server = start(config -> config);
                Http3Client client = server.http3Client()) {
            Http3Client.Stream stream = client.open();
            try {
                stream.end(headers(request("GET", "/", "x", "x".repeat(1 << 20))));
            } catch (UncheckedIOException stopped) {
                // in the middle, which is as good
            }
            assertThat(stream.response().status()).isEqualTo(431);
            assertServed(client);
        }
    }

    /** Nobody has to send it all to learn that it is too much. */
    @Test
    void aSectionThatIsAnnouncedTooLargeIsAnsweredAtOnce() throws IOException {
        try (TestServer server = start(config -> config);
                Http3Client client = server.http3Client()) {
            Http3Client.Stream stream =
                    client.open().send(octets(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), new byte[100]);
            assertThat(stream.response().status()).isEqualTo(431);
            assertServed(client);
        }
    }

    /** Flow control of a connection is for the heads of requests too. */
    @Test
    void bodiesThatNobodyReadsDoNotHoldUpOthers() throws IOException {
        try (TestServer server = start(config -> config);
                Http3Client client = server.http3Client()) {
            for (int i = 0; i < 50; i++) {
                client.open().send(headers(request("POST", "/wait")), data("x".repeat(60_000)));
            }
            assertServed(client);
            Http3Client.Stream body =
                    client.open().send(headers(request("POST", "/collect")), data("x".repeat(60_000)));
            body.send(new byte[0], true);
            assertThat(body.response().body()).isEqualTo("60000");
        }
    }

    // ------------------------------------------------------------------------------------------------ responses

    @Test
    void aStreamWhoseWindowIsNotOpenedInTimeIsReset() throws Exception {
        try (TestServer server = start(TestServer.timeouts(timeouts -> timeouts.withResponseGap(SHORT)));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream stream = client.get("/parts");
            assertThat(gone.await(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(stream.awaitReset()).isEqualTo(Http3Error.H3_REQUEST_CANCELLED.code());
            assertServed(client);
        }
    }

    /** Not even where the congestion window lets out what waits piece by piece, which is where Netty's streams call themselves writable too early. */
    @Test
    void aPeerThatTakesLittleIsNotWrittenAheadFor() throws Exception {
        try (TestServer server = start(TestServer.timeouts(timeouts -> timeouts.withResponseGap(SHORT)));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream stream = client.get("/large");
            assertThat(gone.await(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(largeParts).hasValueLessThan(16); // the stream's window takes 4
            assertThat(stream.awaitReset()).isEqualTo(Http3Error.H3_REQUEST_CANCELLED.code());
        }
    }

    @Test
    void earlyHintsAreNotWrittenAheadForAPeerThatTakesNone() throws Exception {
        try (TestServer server = start(TestServer.timeouts(timeouts -> timeouts.withResponseGap(SHORT)));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream stream = client.get("/hints");
            assertThat(gone.await(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(hints).hasValueLessThan(16);
            assertThat(stream.awaitReset()).isEqualTo(Http3Error.H3_REQUEST_CANCELLED.code());
        }
    }

    /** Again and again there is room for a little, and never enough. */
    @Test
    void aResponseThatIsTakenTooSlowlyIsReset() throws Exception {
        UnaryOperator<ServerConfig> slow = TestServer.timeouts(timeouts -> timeouts.withResponseGap(SHORT));
        try (TestServer server = start(
                        config -> slow.apply(config.withLimits(config.limits().withResponseRate(1 << 20))));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream stream = client.get("/parts");
            while (!gone.await(200, TimeUnit.MILLISECONDS) && readIfOpen(stream)) {
                // takes a little each time
            }
            assertThat(gone.await(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertServed(client);
        }
    }

    private static boolean readIfOpen(Http3Client.Stream stream) {
        try {
            return stream.readSome(Duration.ofMillis(20)) || true;
        } catch (IOException reset) {
            return false;
        }
    }

    // ------------------------------------------------------------------------------------------------ connections

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        try (TestServer server = start(config -> config.withHttp3(config.http3().withIdleTimeout(SHORT)));
                Http3Client client = server.http3Client()) {
            assertServed(client);
            Waiting.await().until(() -> !client.isOpen());
            server.awaitNoConnection();
        }
    }

    @Test
    void moreExchangesThanThereMayBeAreRefusedWith503() throws Exception {
        try (TestServer server = start(TestServer.limits(limits -> limits.withConcurrentExchanges(1)));
                Http3Client client = server.http3Client()) {
            Http3Client.Stream first = client.get("/wait");
            Waiting.await().until(() -> server.running().exchanges() == 1);
            Http3Client.Response second = client.get("/").response();
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.headers().first("retry-after")).isNotNull();
            first.stop(Http3Error.H3_REQUEST_CANCELLED);
            server.awaitNoExchange();
            assertServed(client);
        }
    }

    @Test
    void moreConnectionsThanThereMayBeAreRefused() throws Exception {
        try (TestServer server = start(TestServer.limits(limits -> limits.withConnections(1)))) {
            try (Http3Client first = server.http3Client()) {
                assertThat(Http3Client.awaitRefusal(server.http3Address())).isEqualTo(CONNECTION_REFUSED);
                assertServed(first);
            }
            server.awaitNoConnection();
            try (Http3Client next = server.http3Client()) {
                assertServed(next);
            }
        }
    }
}

package io.asyncgateway.server;

import static io.asyncgateway.server.Http3Client.data;
import static io.asyncgateway.server.Http3Client.frame;
import static io.asyncgateway.server.Http3Client.headers;
import static io.asyncgateway.server.Http3Client.join;
import static io.asyncgateway.server.Http3Client.octets;
import static io.asyncgateway.server.Http3Client.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.netty.handler.codec.quic.QuicStreamType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer may do over HTTP/3, but not without end: its connection is ended after a bounded number of steps, and another beside it is served all the time. */
class Http3FloodTest {
    private static final int LIMIT = 30;

    /** Steps that are certainly past every limit, whatever the server has not read yet. */
    private static final int MANY = 3_000;

    private static final int LARGE = 64 * 1024;

    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> switch (scope.localPath()) {
                case "/wait" -> scope.disconnected();
                case "/collect" ->
                    Http.collect(scope, receive, 1 << 20)
                            .flatMap(body -> Http.respond(send, 200, Integer.toString(body.remaining())));
                default -> Http.respond(send, 200, "hello");
            })
            .build();

    /** Sends what one step consists of; steps are counted from 0. */
    @FunctionalInterface
    private interface Step {
        void send(Http3Client client, int step);
    }

    private static TestServer start(UnaryOperator<Http3Options> change) {
        return TestServer.startHttp3(APPLICATION, config -> config.withTimeouts(
                        config.timeouts().withDisconnectGrace(Duration.ofMillis(100)))
                .withHttp3(change.apply(config.http3().withFloodWindow(Duration.ofMinutes(1)))));
    }

    private static TestServer startWithLimits() {
        return start(options -> options.withResets(LIMIT).withEmptyFrames(LIMIT).withUnidirectionalStreams(LIMIT));
    }

    // ------------------------------------------------------------------------------------------------ floods

    private static Arguments flood(String what, Step step) {
        return Arguments.of(what, step);
    }

    /** Octets of one stream of a request. */
    private static Arguments onRequest(String what, byte[] first, byte[] next) {
        return onStream(what, QuicStreamType.BIDIRECTIONAL, first, next);
    }

    /** Octets of one unidirectional stream. */
    private static Arguments onUnidirectional(String what, byte[] first, byte[] next) {
        return onStream(what, QuicStreamType.UNIDIRECTIONAL, first, next);
    }

    private static Arguments onStream(String what, QuicStreamType type, byte[] first, byte[] next) {
        Http3Client.Stream[] stream = {null};
        return flood(what, (client, step) -> {
            if (step == 0) {
                stream[0] = client.open(type).send(first, false);
            }
            stream[0].send(next, false);
        });
    }

    private static Http3Client.Stream begun(Http3Client client, String path) {
        return client.awaitRoom(QuicStreamType.BIDIRECTIONAL).open().send(headers(request("POST", path)));
    }

    private static Http3Client.Stream unidirectional(Http3Client client) {
        return client.awaitRoom(QuicStreamType.UNIDIRECTIONAL).open(QuicStreamType.UNIDIRECTIONAL);
    }

    private static void reset(Http3Client.Stream stream) {
        stream.reset(Http3Error.H3_REQUEST_CANCELLED);
        stream.stop(Http3Error.H3_REQUEST_CANCELLED);
    }

    static Stream<Arguments> floods() {
        byte[] post = headers(request("POST", "/wait"));
        byte[] settings = octets(0, 4, 0);
        byte[] large = new byte[LARGE];
        return Stream.of(
                flood("unidirectional streams of an unknown type", (c, n) -> unidirectional(c)
                        .end(octets(0x21, 1))),
                flood("unidirectional streams without a type", (c, n) -> unidirectional(c)
                        .end()),
                flood(
                        "unidirectional streams that are reset",
                        (c, n) -> unidirectional(c).send(octets(0x21)).reset(Http3Error.H3_NO_ERROR)),
                flood("unidirectional streams that are reset before their type", (c, n) -> unidirectional(c)
                        .reset(Http3Error.H3_NO_ERROR)),
                flood("rapid reset", (c, n) -> reset(begun(c, "/wait"))),
                flood("rapid reset of what is answered at once", (c, n) -> reset(begun(c, "/"))),
                flood(
                        "streams that are reset before they begin",
                        (c, n) ->
                                reset(c.awaitRoom(QuicStreamType.BIDIRECTIONAL).open())),
                flood("answers that are not wanted", (c, n) -> begun(c, "/wait").stop(Http3Error.H3_REQUEST_CANCELLED)),
                flood("malformed requests", (c, n) -> c.awaitRoom(QuicStreamType.BIDIRECTIONAL)
                        .get("/", "A", "b")),
                flood("refused requests", (c, n) -> c.awaitRoom(QuicStreamType.BIDIRECTIONAL)
                        .open()
                        .end(headers(request("TRACE", "/")))),
                flood("streams without a request", (c, n) -> c.awaitRoom(QuicStreamType.BIDIRECTIONAL)
                        .open()
                        .end()),
                onRequest("empty DATA", post, data("")),
                onRequest("reserved frames before a request", frame(0x21, octets()), frame(0x40, octets(1, 2))),
                onRequest("reserved frames behind a request", post, frame(0x21, octets(1))),
                onRequest("an unknown frame that does not end", octets(0x21, 0xff, -1, -1, -1, -1, -1, -1, -1), large),
                onRequest(
                        "an unknown frame that does not end behind a request",
                        join(post, octets(0x21, 0xff, -1, -1, -1, -1, -1, -1, -1)),
                        large),
                onUnidirectional("MAX_PUSH_ID", settings, frame(0x0d, octets(5))),
                onUnidirectional("GOAWAY", settings, frame(0x07, octets(0))),
                onUnidirectional("PRIORITY_UPDATE", settings, frame(0xf0700, octets(0))),
                onUnidirectional("reserved frames of the control stream", settings, frame(0x21, octets())),
                onUnidirectional(
                        "an unknown frame of the control stream that does not end",
                        join(settings, octets(0x21, 0xff, -1, -1, -1, -1, -1, -1, -1)),
                        large),
                onUnidirectional("settings of a table that can't be", octets(2), fill(LARGE, 0x20)),
                onUnidirectional("cancellations of streams", octets(3), fill(LARGE, 0x40)));
    }

    private static byte[] fill(int length, int octet) {
        byte[] octets = new byte[length];
        java.util.Arrays.fill(octets, (byte) octet);
        return octets;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aFloodEndsItsConnection(String what, Step step) throws IOException {
        try (TestServer server = startWithLimits();
                Http3Client client = Http3Client.connect(server.http3Address());
                Http3Client innocent = server.http3Client()) {
            long memory = DirectMemory.used();
            for (int steps = 0; steps < MANY && isTaken(step, client, steps); steps++) {
                if (steps % 10 == 0) {
                    assertServed(innocent);
                    assertThat(DirectMemory.used() - memory).isLessThan(DirectMemory.MUCH);
                }
            }
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_EXCESSIVE_LOAD.code());
            assertServed(innocent);
            server.awaitNoExchange();
        }
    }

    /** Whether the connection is open still after a step, in the middle of which it may end. */
    private static boolean isTaken(Step step, Http3Client client, int steps) {
        try {
            step.send(client, steps);
        } catch (UncheckedIOException | IllegalStateException ended) {
            return false;
        }
        return client.isOpen();
    }

    private static void assertServed(Http3Client client) throws IOException {
        Http3Client.Stream stream =
                client.awaitRoom(QuicStreamType.BIDIRECTIONAL).get("/");
        assertThat(stream.response().body()).isEqualTo("hello");
    }
}

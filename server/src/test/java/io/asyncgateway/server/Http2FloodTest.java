package io.asyncgateway.server;

import static io.asyncgateway.server.Http2Client.ACK;
import static io.asyncgateway.server.Http2Client.CONTINUATION;
import static io.asyncgateway.server.Http2Client.DATA;
import static io.asyncgateway.server.Http2Client.END_HEADERS;
import static io.asyncgateway.server.Http2Client.END_STREAM;
import static io.asyncgateway.server.Http2Client.GOAWAY;
import static io.asyncgateway.server.Http2Client.HEADERS;
import static io.asyncgateway.server.Http2Client.PING;
import static io.asyncgateway.server.Http2Client.PRIORITY;
import static io.asyncgateway.server.Http2Client.RST_STREAM;
import static io.asyncgateway.server.Http2Client.SETTINGS;
import static io.asyncgateway.server.Http2Client.WINDOW_UPDATE;
import static io.asyncgateway.server.Http2Client.block;
import static io.asyncgateway.server.Http2Client.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.server.Http2Client.Frame;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a peer may do, but not without end: its connection is ended after a bounded number of frames, and another beside it is served all the time. */
class Http2FloodTest {
    private static final int LIMIT = 50;

    /** Steps that are certainly past every limit, whatever the server has not read yet. */
    private static final int MANY = 3_000;

    /** Of one connection, in both directions together. */
    private static final int FAR_MORE_THAN_THE_KERNEL_KEEPS = 20 << 20;

    private static final Duration A_MOMENT = Duration.ofMillis(5);

    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> switch (scope.localPath()) {
                case "/wait" -> scope.disconnected();
                case "/large" -> Http.respond(send, 200, "x".repeat(200_000));
                case "/last" ->
                    send.send(HttpEvent.ResponseStart.of(200, "connection", "close"))
                            .then(send.send(HttpEvent.ResponseBody.last()));
                default -> Http.respond(send, 200, "hello");
            })
            .build();

    /** Sends the frames of one step; steps are counted from 0. */
    @FunctionalInterface
    private interface Step {
        void send(Http2Client client, int step);
    }

    private static UnaryOperator<ServerConfig> limits() {
        return config -> config.withHttp2(Http2Options.defaults()
                        .withFloodWindow(Duration.ofMinutes(1))
                        .withResets(LIMIT)
                        .withPings(LIMIT)
                        .withSettings(LIMIT)
                        .withEmptyFrames(LIMIT)
                        .withContinuationFrames(8))
                .withTimeouts(config.timeouts()
                        .withLinger(Duration.ofMillis(300))
                        .withDisconnectGrace(Duration.ofMillis(100)));
    }

    private static Arguments flood(String what, Step step) {
        return flood(what, client -> {}, step);
    }

    private static Arguments flood(String what, Consumer<Http2Client> before, Step step) {
        return Arguments.of(what, before, step);
    }

    private static int id(int step) {
        return 2 * step + 1;
    }

    private static byte[] get(String path) {
        return block(request("GET", path));
    }

    static Stream<Arguments> floods() {
        byte[] empty = {};
        return Stream.of(
                flood("rapid reset", (c, n) -> c.get(id(n), "/wait").send(RST_STREAM, 0, id(n), 8)),
                flood("rapid reset of what is answered at once", (c, n) -> c.get(id(n), "/")
                        .send(RST_STREAM, 0, id(n), 8)),
                flood("resets by the server for a broken window", (c, n) -> c.get(id(n), "/wait")
                        .send(WINDOW_UPDATE, 0, id(n), 0)),
                flood(
                        "resets by the server for malformed requests",
                        (c, n) -> c.headers(id(n), true, request("GET", "/", "A", "b"))),
                flood("resets by the server for its limit of streams", (c, n) -> c.get(id(n), "/wait")),
                flood("refused requests", (c, n) -> c.headers(id(n), true, request("TRACE", "/"))),
                flood(
                        "CONTINUATION",
                        c -> c.send(HEADERS, END_STREAM, 1, get("/")),
                        (c, n) -> c.send(CONTINUATION, 0, 1, block("a", "b".repeat(10_000)))),
                flood(
                        "empty CONTINUATION",
                        c -> c.send(HEADERS, END_STREAM, 1, get("/")),
                        (c, n) -> c.send(CONTINUATION, 0, 1, empty)),
                flood("PING", (c, n) -> c.send(PING, 0, 0, new byte[8])),
                flood("acknowledgements of PING", (c, n) -> c.send(PING, ACK, 0, new byte[8])),
                flood("SETTINGS", (c, n) -> c.settings(3, 100 + n % 2)),
                flood("empty SETTINGS", (c, n) -> c.settings()),
                flood("acknowledgements of SETTINGS", (c, n) -> c.send(SETTINGS, ACK, 0, empty)),
                flood("GOAWAY", c -> c.get(1, "/wait"), (c, n) -> c.send(GOAWAY, 0, 0, new byte[8])),
                flood(
                        "requests behind the last GOAWAY",
                        c -> {
                            c.post(1, "/wait").get(3, "/last");
                            c.await(frame -> frame.type() == GOAWAY);
                            c.await(frame -> frame.type() == GOAWAY);
                        },
                        (c, n) -> c.get(id(n + 2), "/")),
                flood(
                        "trailers of a stream that the server has reset",
                        c -> c.post(1, "/", "content-length", "1").data(1, false, "xy"),
                        (c, n) -> c.headers(1, true, "a", "b")),
                flood("empty DATA", c -> c.post(1, "/wait"), (c, n) -> c.send(DATA, 0, 1, empty)),
                flood("PRIORITY", (c, n) -> c.send(PRIORITY, 0, id(n), new byte[5])),
                flood("unknown frames", (c, n) -> c.send(0xee, 0, 0, new byte[16])),
                flood("WINDOW_UPDATE of the connection", (c, n) -> c.send(WINDOW_UPDATE, 0, 0, 1)),
                flood("a window that is opened octet by octet", c -> c.settings(4, 0), (c, n) -> {
                    if (n < 5) {
                        c.get(id(n), "/large");
                    }
                    c.send(WINDOW_UPDATE, 0, id(n % 5), 1);
                }),
                flood(
                        "references to a large field",
                        c -> {
                            // 40: a literal that is added to the table, by its name and value
                            byte[] field = block("bomb", "v".repeat(3900));
                            field[0] = 0x40;
                            c.send(HEADERS, END_HEADERS | END_STREAM, 1, join(get("/"), field));
                        },
                        (c, n) -> {
                            byte[] references = new byte[10_000];
                            Arrays.fill(references, (byte) 0xbe);
                            c.send(HEADERS, END_HEADERS | END_STREAM, id(n + 1), join(get("/"), references));
                        }),
                flood(
                        "fields without names",
                        (c, n) -> c.send(HEADERS, END_HEADERS | END_STREAM, id(n), join(get("/"), new byte[3000]))));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aFloodEndsItsConnection(String what, Consumer<Http2Client> before, Step step) {
        try (TestServer server = TestServer.start(APPLICATION, limits())) {
            InetSocketAddress address =
                    (InetSocketAddress) server.running().addresses().get(0);
            try (Http2Client client = Http2Client.connect(address).begin();
                    Http2Client innocent = Http2Client.connect(address).begin()) {
                before.accept(client);
                long memory = DirectMemory.used();
                Frame end = null;
                int asked = 0;
                for (int steps = 0; end == null && steps < MANY; steps++) {
                    step.send(client, steps);
                    if (steps % 10 == 9) {
                        end = client.poll(frame -> frame.type() == GOAWAY, A_MOMENT);
                        assertServed(innocent, id(asked++));
                        assertThat(DirectMemory.used() - memory).isLessThan(DirectMemory.MUCH);
                    }
                }
                assertThat(end).as("GOAWAY").isNotNull();
                assertThat(end.error()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
                client.awaitEnd();
                assertServed(innocent, id(asked));
            }
            server.awaitNoExchange();
        }
    }

    private static void assertServed(Http2Client client, int streamId) {
        assertThat(client.get(streamId, "/").awaitBody(streamId)).isEqualTo("hello");
    }

    /** Nothing more is read that would have to be answered, until what there is has been taken. */
    @Test
    void aPeerThatTakesNoAnswersIsNotRead() {
        try (TestServer server = TestServer.start(APPLICATION, pings(Duration.ofMinutes(5)))) {
            RawClient client = server.slowClient();
            AtomicInteger taken = new AtomicInteger();
            Disposable sender = pingOnAndOn(client, taken)
                    .onErrorComplete() // of the close at the end
                    .subscribe();

            int rested = Waiting.awaitRest(taken::get);
            assertThat(rested).isLessThan(FAR_MORE_THAN_THE_KERNEL_KEEPS);

            byte[] some = new byte[64 * 1024];
            while (taken.get() < rested + (1 << 20)) {
                assertThat(client.readSome(some)).isPositive();
            }
            client.close();
            Waiting.await().until(sender::isDisposed);
        }
    }

    @Test
    void aPeerThatNeverTakesItsAnswersIsReset() {
        try (TestServer server = TestServer.start(APPLICATION, pings(Duration.ofMillis(500)))) {
            Mono<Void> flood = pingOnAndOn(server.slowClient(), new AtomicInteger());
            assertThatThrownBy(() -> flood.block(Waiting.PATIENCE)).isInstanceOf(UncheckedIOException.class);
            server.awaitNoConnection();
        }
    }

    private static UnaryOperator<ServerConfig> pings(Duration responseGap) {
        return config -> config.withHttp2(Http2Options.defaults().withPings(Integer.MAX_VALUE))
                .withTimeouts(config.timeouts().withResponseGap(responseGap));
    }

    /** Sends pings on a thread of its own as long as the server takes them, and counts the octets. */
    private static Mono<Void> pingOnAndOn(RawClient client, AtomicInteger taken) {
        client.send(Http2Client.PREFACE);
        client.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        byte[] pings = new byte[17 * 1000];
        for (int i = 0; i < 1000; i++) {
            pings[17 * i + 2] = 8;
            pings[17 * i + 3] = 6;
        }
        return Mono.<Void>fromRunnable(() -> {
                    while (taken.get() < 4 * FAR_MORE_THAN_THE_KERNEL_KEEPS) {
                        client.send(pings);
                        taken.addAndGet(pings.length);
                    }
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    /** A client may do all of that as often as it needs to. */
    @Test
    void whatIsWithinTheLimitsIsNoFlood() {
        try (TestServer server = TestServer.start(APPLICATION)) {
            InetSocketAddress address =
                    (InetSocketAddress) server.running().addresses().get(0);
            try (Http2Client client = Http2Client.connect(address).begin()) {
                for (int i = 0; i < 90; i++) {
                    client.get(id(i), "/wait").send(RST_STREAM, 0, id(i), 8);
                    client.settings(3, i);
                    client.send(PING, 0, 0, new byte[8]);
                    client.send(PRIORITY, 0, id(i), new byte[5]);
                    client.send(WINDOW_UPDATE, 0, 0, 1);
                }
                assertThat(client.get(1001, "/large").awaitBody(1001)).hasSize(200_000);
            }
        }
    }
}

package io.asyncgateway.server;

import static io.asyncgateway.server.Http2Client.ACK;
import static io.asyncgateway.server.Http2Client.CONTINUATION;
import static io.asyncgateway.server.Http2Client.DATA;
import static io.asyncgateway.server.Http2Client.END_HEADERS;
import static io.asyncgateway.server.Http2Client.END_STREAM;
import static io.asyncgateway.server.Http2Client.GOAWAY;
import static io.asyncgateway.server.Http2Client.HEADERS;
import static io.asyncgateway.server.Http2Client.PADDED;
import static io.asyncgateway.server.Http2Client.PING;
import static io.asyncgateway.server.Http2Client.PRIORITIZED;
import static io.asyncgateway.server.Http2Client.PRIORITY;
import static io.asyncgateway.server.Http2Client.PUSH_PROMISE;
import static io.asyncgateway.server.Http2Client.RST_STREAM;
import static io.asyncgateway.server.Http2Client.SETTINGS;
import static io.asyncgateway.server.Http2Client.WINDOW_UPDATE;
import static io.asyncgateway.server.Http2Client.block;
import static io.asyncgateway.server.Http2Client.request;
import static io.asyncgateway.server.Http2Error.REFUSED_STREAM;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.EarlyHints;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.server.Http2Client.Frame;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of RFC 9113 sections 3 to 8 and of RFC 7541, frame by frame: one row for each, with its section. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2RulesTest {
    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> switch (scope.localPath()) {
                case "/echo" -> Http.stream(send, new ResponseStart(200), Http.body(receive));
                case "/wait" -> scope.disconnected();
                case "/large" -> Http.respond(send, 200, "x".repeat(200_000));
                case "/hints" ->
                    send.send(new EarlyHints(Headers.of("link", "</a>"))).then(Http.respond(send, 200, "after hints"));
                default -> Http.respond(send, 200, "hello");
            })
            .webSocket((scope, receive, send) ->
                    send.send(new WebSocketEvent.Accept()).then(scope.disconnected()))
            .build();

    private static final int MOST = 5;
    private static final byte[] NOTHING = {};

    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start(APPLICATION, this::configure);
    }

    ServerConfig configure(ServerConfig config) {
        return config.withHttp2(
                        Http2Options.defaults().withMaxConcurrentStreams(MOST).withConnectionWindow(65_535))
                .withTimeouts(config.timeouts().withLinger(java.time.Duration.ofMillis(300)));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    Http2Client connect() {
        return Http2Client.connect(address());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.running().addresses().get(0);
    }

    private static Arguments rule(String rule, Consumer<Http2Client> script) {
        return Arguments.of(rule, script);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static byte[] join(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] get(String path) {
        return block(request("GET", path));
    }

    // ---------------------------------------------------------------------------------------- errors of the connection

    static Stream<Arguments> connectionErrors() {
        return Stream.of(
                rule("3.4 PROTOCOL_ERROR a first frame other than SETTINGS", c -> {
                    c.write(Http2Client.PREFACE);
                    c.send(PING, 0, 0, new byte[8]);
                }),
                rule(
                        "4.2 FRAME_SIZE_ERROR DATA of more than SETTINGS_MAX_FRAME_SIZE",
                        c -> c.begin().post(1, "/wait").send(DATA, 0, 1, new byte[16_385])),
                rule("4.2 FRAME_SIZE_ERROR HEADERS of more than SETTINGS_MAX_FRAME_SIZE", c -> c.begin()
                        .headers(1, true, request("GET", "/", "a", "b".repeat(16_385)))),
                rule("4.3 COMPRESSION_ERROR a field block that is none", c -> c.begin()
                        .send(HEADERS, END_HEADERS | END_STREAM, 1, hex("ff ff ff ff ff ff ff"))),
                rule(
                        "4.3 PROTOCOL_ERROR PRIORITY within a field block",
                        c -> c.begin().send(HEADERS, END_STREAM, 1, get("/")).send(PRIORITY, 0, 1, hex("00000000 10"))),
                rule("4.3 PROTOCOL_ERROR HEADERS of another stream within a field block", c -> c.begin()
                        .send(HEADERS, END_STREAM, 1, get("/"))
                        .send(HEADERS, END_STREAM | END_HEADERS, 3, get("/"))),
                rule("5.1 PROTOCOL_ERROR DATA on an idle stream", c -> c.begin().data(1, true, "x")),
                rule("5.1 PROTOCOL_ERROR RST_STREAM on an idle stream", c -> c.begin()
                        .send(RST_STREAM, 0, 1, 8)),
                rule("5.1 PROTOCOL_ERROR WINDOW_UPDATE on an idle stream", c -> c.begin()
                        .send(WINDOW_UPDATE, 0, 1, 8)),
                rule("5.1 PROTOCOL_ERROR CONTINUATION on an idle stream", c -> c.begin()
                        .send(CONTINUATION, END_HEADERS, 1, get("/"))),
                rule("5.1 STREAM_CLOSED DATA on a closed stream", c -> {
                    c.begin().get(1, "/").awaitBody(1);
                    c.data(1, true, "x");
                }),
                rule("5.1 STREAM_CLOSED HEADERS on a closed stream", c -> {
                    c.begin().get(1, "/").awaitBody(1);
                    c.get(1, "/");
                }),
                rule("5.1 STREAM_CLOSED DATA on a stream that the client has reset", c -> c.begin()
                        .post(1, "/wait")
                        .send(RST_STREAM, 0, 1, 8)
                        .data(1, false, "x")),
                rule("5.1 STREAM_CLOSED HEADERS on a stream that the client has reset", c -> c.begin()
                        .post(1, "/wait")
                        .send(RST_STREAM, 0, 1, 8)
                        .headers(1, true, "a", "b")),
                rule("5.1 PROTOCOL_ERROR CONTINUATION on a closed stream", c -> {
                    c.begin().get(1, "/").awaitBody(1);
                    c.send(CONTINUATION, END_HEADERS, 1, get("/"));
                }),
                rule("5.1.1 PROTOCOL_ERROR a stream with an even number", c -> c.begin()
                        .get(2, "/")),
                rule("5.1.1 PROTOCOL_ERROR a stream with a smaller number that was never opened", c -> {
                    c.begin().get(5, "/").awaitBody(5);
                    c.get(3, "/");
                }),
                rule(
                        "5.5 PROTOCOL_ERROR an unknown frame within a field block",
                        c -> c.begin().send(HEADERS, END_STREAM, 1, get("/")).send(0xee, 0, 0, NOTHING)),
                rule("6.1 PROTOCOL_ERROR DATA on the connection", c -> c.begin().data(0, true, "x")),
                rule(
                        "6.1 PROTOCOL_ERROR padding as long as DATA",
                        c -> c.begin().post(1, "/wait").send(DATA, PADDED | END_STREAM, 1, hex("05 61 62 63 64"))),
                rule(
                        "6.1 FRAME_SIZE_ERROR DATA without its length of padding",
                        c -> c.begin().post(1, "/wait").send(DATA, PADDED | END_STREAM, 1, NOTHING)),
                rule("6.2 PROTOCOL_ERROR HEADERS on the connection", c -> c.begin()
                        .get(0, "/")),
                rule("6.2 PROTOCOL_ERROR padding longer than HEADERS", c -> c.begin()
                        .send(HEADERS, PADDED | END_HEADERS | END_STREAM, 1, join(hex("ff"), get("/")))),
                rule("6.2 FRAME_SIZE_ERROR HEADERS without its priority", c -> c.begin()
                        .send(HEADERS, PRIORITIZED | END_HEADERS | END_STREAM, 1, hex("0000"))),
                rule("6.3 PROTOCOL_ERROR PRIORITY on the connection", c -> c.begin()
                        .send(PRIORITY, 0, 0, hex("00000000 10"))),
                rule("6.4 PROTOCOL_ERROR RST_STREAM on the connection", c -> c.begin()
                        .send(RST_STREAM, 0, 0, 8)),
                rule(
                        "6.4 FRAME_SIZE_ERROR RST_STREAM of three octets",
                        c -> c.begin().post(1, "/wait").send(RST_STREAM, 0, 1, hex("000008"))),
                rule("6.5 FRAME_SIZE_ERROR an acknowledgement with a payload", c -> c.begin()
                        .send(SETTINGS, ACK, 0, hex("00"))),
                rule("6.5 PROTOCOL_ERROR SETTINGS on a stream", c -> c.begin().send(SETTINGS, 0, 1, NOTHING)),
                rule("6.5 FRAME_SIZE_ERROR SETTINGS of three octets", c -> c.begin()
                        .send(SETTINGS, 0, 0, hex("000300"))),
                rule("6.5.2 PROTOCOL_ERROR SETTINGS_ENABLE_PUSH of 2", c -> c.begin()
                        .settings(2, 2)),
                rule("6.5.2 FLOW_CONTROL_ERROR SETTINGS_INITIAL_WINDOW_SIZE of 2^31", c -> c.begin()
                        .settings(4, Integer.MIN_VALUE)),
                rule("6.5.2 PROTOCOL_ERROR SETTINGS_MAX_FRAME_SIZE below 2^14", c -> c.begin()
                        .settings(5, 16_383)),
                rule("6.5.2 PROTOCOL_ERROR SETTINGS_MAX_FRAME_SIZE of 2^24", c -> c.begin()
                        .settings(5, 1 << 24)),
                rule("8441.3 PROTOCOL_ERROR SETTINGS_ENABLE_CONNECT_PROTOCOL of 2", c -> c.begin()
                        .settings(8, 2)),
                rule("6.6 PROTOCOL_ERROR PUSH_PROMISE", c -> c.begin()
                        .post(1, "/wait")
                        .send(PUSH_PROMISE, END_HEADERS, 1, join(Http2Client.number(2), get("/")))),
                rule("6.7 PROTOCOL_ERROR PING on a stream", c -> c.begin().send(PING, 0, 1, new byte[8])),
                rule("6.7 FRAME_SIZE_ERROR PING of six octets", c -> c.begin().send(PING, 0, 0, new byte[6])),
                rule("6.8 PROTOCOL_ERROR GOAWAY on a stream", c -> c.begin().send(GOAWAY, 0, 1, new byte[8])),
                rule("6.8 FRAME_SIZE_ERROR GOAWAY of four octets", c -> c.begin()
                        .send(GOAWAY, 0, 0, new byte[4])),
                rule("6.9 PROTOCOL_ERROR WINDOW_UPDATE of the connection by nothing", c -> c.begin()
                        .send(WINDOW_UPDATE, 0, 0, 0)),
                rule("6.9 FRAME_SIZE_ERROR WINDOW_UPDATE of three octets", c -> c.begin()
                        .send(WINDOW_UPDATE, 0, 0, hex("000001"))),
                rule("6.9.1 FLOW_CONTROL_ERROR a window of the connection of more than 2^31-1", c -> c.begin()
                        .send(WINDOW_UPDATE, 0, 0, Integer.MAX_VALUE)),
                rule("6.9.2 FLOW_CONTROL_ERROR a window of a stream made too large by SETTINGS", c -> c.begin()
                        .get(1, "/wait")
                        .send(WINDOW_UPDATE, 0, 1, 1_000_000)
                        .settings(4, Integer.MAX_VALUE)),
                rule("6.10 PROTOCOL_ERROR CONTINUATION on the connection", c -> c.begin()
                        .send(HEADERS, END_STREAM, 1, get("/"))
                        .send(CONTINUATION, END_HEADERS, 0, NOTHING)),
                rule(
                        "6.10 PROTOCOL_ERROR a frame other than CONTINUATION",
                        c -> c.begin().send(HEADERS, END_STREAM, 1, get("/")).send(DATA, 0, 1, NOTHING)),
                rule(
                        "6.10 PROTOCOL_ERROR CONTINUATION behind END_HEADERS",
                        c -> c.begin().post(1, "/wait").send(CONTINUATION, END_HEADERS, 1, block("a", "b"))),
                rule("6.10 PROTOCOL_ERROR CONTINUATION behind DATA", c -> c.begin()
                        .post(1, "/wait")
                        .data(1, false, "x")
                        .send(CONTINUATION, END_HEADERS, 1, block("a", "b"))),
                rule("7541.2.3.3 COMPRESSION_ERROR index 0", c -> hpack(c, "80")),
                rule("7541.2.3.3 COMPRESSION_ERROR an index behind the tables", c -> hpack(c, "be")),
                rule("7541.2.3.3 COMPRESSION_ERROR a name by an index behind the tables", c -> hpack(c, "7e 01 61")),
                rule("7541.4.2 COMPRESSION_ERROR a new size of the table behind a field", c -> hpack(c, "20")),
                rule("7541.5.1 COMPRESSION_ERROR an integer without end", c -> hpack(c, "00 7f ff ff ff ff ff")),
                rule("7541.5.2 COMPRESSION_ERROR padding of more than seven bits", c -> hpack(c, "00 01 61 82 1f ff")),
                rule("7541.5.2 COMPRESSION_ERROR padding with zeros", c -> hpack(c, "00 01 61 81 18")),
                rule(
                        "7541.5.2 COMPRESSION_ERROR the end of a string within it",
                        c -> hpack(c, "00 01 61 84 ff ff ff ff")),
                rule("7541.6.1 COMPRESSION_ERROR a string longer than its block", c -> hpack(c, "00 0a 61")),
                rule("7541.6.3 COMPRESSION_ERROR a table larger than was allowed", c -> c.begin()
                        .send(HEADERS, END_HEADERS | END_STREAM, 1, join(hex("3f e2 1f"), get("/")))));
    }

    private static void hpack(Http2Client client, String bad) {
        client.begin().send(HEADERS, END_HEADERS | END_STREAM, 1, join(get("/"), hex(bad)));
    }

    private static Http2Error expected(String rule) {
        return Http2Error.valueOf(rule.split(" ")[1]);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("connectionErrors")
    void aConnectionThatBreaksARuleEnds(String rule, Consumer<Http2Client> script) {
        try (Http2Client client = connect()) {
            script.accept(client);
            Frame end = client.await(frame -> frame.type() == GOAWAY);
            assertThat(end.error()).isEqualTo(expected(rule));
            client.awaitEnd();
        }
    }

    // ---------------------------------------------------------------------------------------------- errors of a stream

    static Stream<Arguments> streamErrors() {
        return Stream.concat(
                malformed(),
                Stream.of(
                        rule("5.1 STREAM_CLOSED DATA on a half-closed stream", c -> c.get(1, "/wait")
                                .data(1, true, "x")),
                        rule("5.1 STREAM_CLOSED HEADERS on a half-closed stream", c -> c.get(1, "/wait")
                                .headers(1, true, "a", "b")),
                        rule(
                                "5.3.1 PROTOCOL_ERROR HEADERS that depends on itself",
                                c -> c.send(
                                        HEADERS,
                                        PRIORITIZED | END_HEADERS | END_STREAM,
                                        1,
                                        join(hex("00000001 10"), get("/wait")))),
                        rule("5.3.1 PROTOCOL_ERROR PRIORITY that depends on itself", c -> c.post(1, "/wait")
                                .send(PRIORITY, 0, 1, hex("00000001 10"))),
                        rule("6.3 FRAME_SIZE_ERROR PRIORITY of four octets", c -> c.post(1, "/wait")
                                .send(PRIORITY, 0, 1, hex("80000001"))),
                        rule("6.9 PROTOCOL_ERROR WINDOW_UPDATE of a stream by nothing", c -> c.get(1, "/wait")
                                .send(WINDOW_UPDATE, 0, 1, 0)),
                        rule("6.9.1 FLOW_CONTROL_ERROR a window of a stream of more than 2^31-1", c -> c.get(1, "/wait")
                                .send(WINDOW_UPDATE, 0, 1, Integer.MAX_VALUE)),
                        rule("6.9.1 FLOW_CONTROL_ERROR more than the window of a stream", c -> {
                            c.post(1, "/wait");
                            for (int i = 0; i < 5; i++) {
                                c.send(DATA, 0, 1, new byte[16_384]);
                            }
                        }),
                        rule(
                                "8.1 PROTOCOL_ERROR HEADERS behind DATA without END_STREAM",
                                c -> c.post(1, "/wait").data(1, false, "x").headers(1, false, "a", "b")),
                        rule(
                                "8.1 PROTOCOL_ERROR a pseudo-header in the trailers",
                                c -> c.post(1, "/wait").data(1, false, "x").headers(1, true, ":method", "GET")),
                        rule(
                                "8.1.1 PROTOCOL_ERROR more DATA than content-length",
                                c -> c.post(1, "/wait", "content-length", "1").data(1, false, "xy")),
                        rule(
                                "8.1.1 PROTOCOL_ERROR less DATA than content-length",
                                c -> c.post(1, "/wait", "content-length", "3").data(1, true, "xy")),
                        rule("8.1.1 PROTOCOL_ERROR less DATA in several frames than content-length", c -> c.post(
                                        1, "/wait", "content-length", "4")
                                .data(1, false, "x")
                                .data(1, true, "y")),
                        rule("8.1.1 PROTOCOL_ERROR less DATA before trailers than content-length", c -> c.post(
                                        1, "/wait", "content-length", "4")
                                .data(1, false, "x")
                                .headers(1, true, "a", "b")),
                        rule(
                                "8.1.1 PROTOCOL_ERROR DATA where content-length is 0",
                                c -> c.post(1, "/wait", "content-length", "0").data(1, true, "y"))));
    }

    @Test
    void aWebSocketWithMoreSubprotocolsThanAnyClientSpeaksIsRefused() {
        try (Http2Client client = connect().begin()) {
            String names = IntStream.range(0, 2_000).mapToObj(i -> "p" + i).collect(Collectors.joining(","));
            client.headers(1, false, webSocket("sec-websocket-protocol", names));
            assertThat(client.awaitStatus(1)).isEqualTo("400");
            client.headers(3, false, webSocket("sec-websocket-protocol", "chat"));
            assertThat(client.awaitStatus(3)).isEqualTo("200");
        }
    }

    private static String[] webSocket(String... more) {
        List<String> fields = new ArrayList<>(List.of(":protocol", "websocket"));
        fields.addAll(List.of(request("CONNECT", "/ws", "sec-websocket-version", "13")));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    /** RFC 8441 section 5: of the frames of a request DATA alone goes over a WebSocket's stream. */
    @Test
    void aWebSocketHasNoTrailers() {
        try (Http2Client client = connect().begin()) {
            client.headers(1, false, webSocket());
            assertThat(client.awaitStatus(1)).isEqualTo("200");
            client.headers(1, true, "a", "b");
            assertThat(client.await(frame -> frame.type() == RST_STREAM).error())
                    .isEqualTo(Http2Error.PROTOCOL_ERROR);
            client.ping();
        }
    }

    /** Each row of {@link RequestSectionParserTest} ends like these. */
    private static Stream<Arguments> malformed() {
        return Stream.of(
                rule(
                        "8.2 PROTOCOL_ERROR a name in upper case",
                        c -> c.headers(1, true, request("GET", "/", "X-Test", "a"))),
                rule(
                        "8.2.2 PROTOCOL_ERROR connection",
                        c -> c.headers(1, true, request("GET", "/", "connection", "keep-alive"))),
                rule(
                        "8.2.2 PROTOCOL_ERROR te other than trailers",
                        c -> c.headers(1, true, request("GET", "/", "te", "trailers, deflate"))),
                rule(
                        "8.3 PROTOCOL_ERROR an unknown pseudo-header",
                        c -> c.headers(
                                1,
                                true,
                                ":test",
                                "a",
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/",
                                ":authority",
                                "a")),
                rule(
                        "8.3 PROTOCOL_ERROR a pseudo-header of responses",
                        c -> c.headers(
                                1,
                                true,
                                ":status",
                                "200",
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/",
                                ":authority",
                                "a")),
                rule(
                        "8.3 PROTOCOL_ERROR a pseudo-header behind a field",
                        c -> c.headers(
                                1,
                                true,
                                ":method",
                                "GET",
                                "a",
                                "b",
                                ":scheme",
                                "http",
                                ":path",
                                "/",
                                ":authority",
                                "a")),
                rule("8.3.1 PROTOCOL_ERROR :path empty", c -> c.headers(1, true, request("GET", ""))),
                rule(
                        "8.3.1 PROTOCOL_ERROR :method missing",
                        c -> c.headers(1, true, ":scheme", "http", ":path", "/", ":authority", "a")),
                rule(
                        "8.3.1 PROTOCOL_ERROR :scheme missing",
                        c -> c.headers(1, true, ":method", "GET", ":path", "/", ":authority", "a")),
                rule(
                        "8.3.1 PROTOCOL_ERROR :path missing",
                        c -> c.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", "a")),
                rule(
                        "8.3.1 PROTOCOL_ERROR :method repeated",
                        c -> c.headers(1, true, request("GET", "/", ":method", "GET"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streamErrors")
    void aStreamThatBreaksARuleIsReset(String rule, Consumer<Http2Client> script) {
        try (Http2Client client = connect().begin()) {
            script.accept(client);
            Frame end = client.await(frame -> frame.type() == RST_STREAM || frame.type() == GOAWAY);
            assertThat(end.type()).isEqualTo(RST_STREAM);
            assertThat(end.streamId()).isEqualTo(1);
            assertThat(end.error()).isEqualTo(expected(rule));
            assertThat(client.get(7, "/").awaitBody(7)).isEqualTo("hello");
        }
    }

    // ------------------------------------------------------------------------------------------------ what is allowed

    static Stream<Arguments> allowed() {
        return Stream.of(
                rule("4.1 a frame of an unknown type", c -> c.send(0xee, 0xff, 0, new byte[10])),
                rule("4.1 undefined flags", c -> c.send(PING, 0xfe, 0, new byte[8])),
                rule("4.1 the reserved bit of a stream's number", c -> c.send(PING, 0, Integer.MIN_VALUE, new byte[8])),
                rule("4.1 the reserved bit of a request's number", c -> c.get(Integer.MIN_VALUE | 1, "/")
                        .awaitBody(1)),
                rule("5.1 PRIORITY on an idle stream", c -> c.send(PRIORITY, 0, 1, hex("00000000 10"))),
                rule("5.1 PRIORITY, WINDOW_UPDATE and RST_STREAM on a closed stream", c -> {
                    c.get(1, "/").awaitBody(1);
                    c.send(PRIORITY, 0, 1, hex("00000000 10"))
                            .send(WINDOW_UPDATE, 0, 1, 1)
                            .send(RST_STREAM, 0, 1, 0);
                }),
                rule(
                        "5.1 WINDOW_UPDATE and PRIORITY on a half-closed stream",
                        c -> c.get(1, "/wait").send(WINDOW_UPDATE, 0, 1, 1).send(PRIORITY, 0, 1, hex("00000000 10"))),
                rule("5.1 frames on a stream that the server has reset", c -> {
                    c.post(1, "/wait", "content-length", "1").data(1, false, "xy");
                    c.await(frame -> frame.type() == RST_STREAM);
                    c.data(1, false, "more").headers(1, true, "a", "b").send(WINDOW_UPDATE, 0, 1, 1);
                }),
                rule("6.1 padding", c -> {
                    c.post(1, "/echo").send(DATA, PADDED | END_STREAM, 1, hex("03 68 69 00 00 00"));
                    assertThat(c.awaitBody(1)).isEqualTo("hi");
                }),
                rule("6.2 padding and priority", c -> {
                    byte[] padded = join(hex("02 80000000 ff"), get("/"), hex("0000"));
                    c.send(HEADERS, PADDED | PRIORITIZED | END_HEADERS | END_STREAM, 1, padded);
                    assertThat(c.awaitBody(1)).isEqualTo("hello");
                }),
                rule("6.5.2 unknown settings", c -> {
                    c.settings(0xff, 1);
                    c.await(frame -> frame.type() == SETTINGS && frame.is(ACK));
                }),
                rule("6.5.3 SETTINGS in their order", c -> {
                    c.settings(4, 100, 4, 3);
                    c.await(frame -> frame.type() == SETTINGS && frame.is(ACK));
                    c.get(1, "/");
                    c.awaitHead(1);
                    assertThat(c.await(frame -> frame.type() == DATA).payload()).hasSize(3);
                }),
                rule("6.7 PING with an acknowledgement that nobody waits for", c -> c.send(PING, ACK, 0, new byte[8])),
                rule("6.10 a field block in three frames", c -> {
                    byte[] block = get("/");
                    c.send(HEADERS, END_STREAM, 1, Arrays.copyOf(block, 5))
                            .send(CONTINUATION, 0, 1, Arrays.copyOfRange(block, 5, 9))
                            .send(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(block, 9, block.length));
                    assertThat(c.awaitBody(1)).isEqualTo("hello");
                }),
                rule("7 unknown error codes", c -> c.post(1, "/wait").send(RST_STREAM, 0, 1, 0xff)),
                rule("8.1 trailers", c -> {
                    c.post(1, "/echo").data(1, false, "x").headers(1, true, "a", "b");
                    assertThat(c.awaitBody(1)).isEqualTo("x");
                }),
                rule("8.3.1 :scheme in the place of which a proxy ended TLS", c -> c.headers(
                                1, true, ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a")
                        .awaitBody(1)),
                rule("7541.4.2 several sizes of the table before the first field", c -> {
                    c.send(HEADERS, END_HEADERS | END_STREAM, 1, join(hex("20 3f e1 1f"), get("/")));
                    assertThat(c.awaitBody(1)).isEqualTo("hello");
                }),
                rule("7541.6.2.1 a field from the dynamic table", c -> {
                    c.send(HEADERS, END_HEADERS | END_STREAM, 1, join(get("/"), hex("40 01 61 01 62")));
                    c.awaitBody(1);
                    c.send(HEADERS, END_HEADERS | END_STREAM, 3, join(get("/"), hex("be")));
                    assertThat(c.awaitBody(3)).isEqualTo("hello");
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allowed")
    void whatIsAllowedLeavesTheConnectionAlone(String rule, Consumer<Http2Client> script) {
        try (Http2Client client = connect().begin()) {
            script.accept(client);
            client.ping();
            assertThat(client.get(9, "/").awaitBody(9)).isEqualTo("hello");
        }
    }

    // -------------------------------------------------------------------------------------------- what the server says

    /** Section 3.4. */
    @Test
    void theServerBeginsWithItsSettings() {
        try (Http2Client client = connect().begin()) {
            assertThat(client.setting(3)).isEqualTo(MOST);
            assertThat(client.setting(8)).isEqualTo(1);
            assertThat(client.setting(2))
                    .as("a server does not say whether it may push")
                    .isNegative();
        }
    }

    /** Section 3.4. */
    @Test
    void anotherPrefaceIsNotHttp2() {
        try (Http2Client client = connect()) {
            client.write("INVALID CONNECTION PREFACE\r\n\r\n".getBytes(ISO_8859_1));
            client.awaitEnd();
        }
    }

    /** Section 6.7. */
    @Test
    void pingIsAnsweredWithItsOwnOctets() {
        try (Http2Client client = connect().begin()) {
            client.ping();
        }
    }

    /** Section 5.1.2. */
    @Test
    void aStreamTooManyIsRefused() {
        try (Http2Client client = connect().begin()) {
            IntStream.rangeClosed(0, MOST).forEach(i -> client.get(2 * i + 1, "/wait"));
            Frame refused = client.await(frame -> frame.type() == RST_STREAM);
            assertThat(refused.streamId()).isEqualTo(2 * MOST + 1);
            assertThat(refused.error()).isEqualTo(REFUSED_STREAM);
            client.send(RST_STREAM, 0, 1, 8);
            assertThat(client.get(2 * MOST + 3, "/").awaitBody(2 * MOST + 3)).isEqualTo("hello");
        }
    }

    /** Section 6.9.2. */
    @Test
    void aWindowMayBecomeNegative() {
        try (Http2Client client = connect().begin(4, 3)) {
            client.get(1, "/");
            client.awaitHead(1);
            assertThat(client.await(frame -> frame.type() == DATA).payload()).hasSize(3);
            client.settings(4, 2);
            client.await(frame -> frame.type() == SETTINGS && frame.is(ACK));
            client.send(WINDOW_UPDATE, 0, 1, 1); // from -1 to 0
            client.ping();
            assertThat(client.all()).noneMatch(frame -> frame.type() == DATA);
            client.send(WINDOW_UPDATE, 0, 1, 2);
            Frame last = client.await(frame -> frame.type() == DATA);
            assertThat(last.payload()).hasSize(2);
            assertThat(last.is(END_STREAM)).isTrue();
        }
    }

    /** Section 6.9: DATA alone is subject to flow control. */
    @Test
    void earlyHintsWaitForNoWindow() {
        try (Http2Client client = connect().begin(4, 0)) {
            client.get(1, "/hints");
            assertThat(client.await(frame -> frame.type() == HEADERS).fields().first(":status"))
                    .isEqualTo("103");
            assertThat(client.awaitStatus(1)).isEqualTo("200");
            client.send(WINDOW_UPDATE, 0, 1, 100);
            assertThat(client.awaitBody(1)).isEqualTo("after hints");
        }
    }

    /** Section 6.9.1. */
    @Test
    void theWindowOfTheConnectionIsForAllStreams() {
        try (Http2Client client = connect().begin(4, 1_000_000)) {
            client.stopAnswering();
            client.get(1, "/large");
            client.get(3, "/large");
            Waiting.await().untilAsserted(() -> assertThat(octets(client.all())).isEqualTo(65_535));
            client.ping();
            assertThat(octets(client.all())).isEqualTo(65_535);
            client.send(WINDOW_UPDATE, 0, 0, 1_000_000);
            Waiting.await().untilAsserted(() -> assertThat(octets(client.all())).isEqualTo(400_000));
            assertThat(client.all()).allMatch(frame -> frame.payload().length <= 16_384);
        }
    }

    private static int octets(List<Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.type() == DATA)
                .mapToInt(frame -> frame.payload().length)
                .sum();
    }

    /** Section 5.2: one that nobody takes does not stall its siblings. */
    @Test
    void aSlowStreamDoesNotStallItsSiblings() {
        try (Http2Client client = connect().begin()) {
            client.get(1, "/large"); // of which a window comes
            for (int unread : new int[] {3, 5}) { // together twice the window of the connection
                client.post(unread, "/wait");
                for (int i = 0; i < 4; i++) {
                    client.send(DATA, 0, unread, new byte[16_384]);
                }
            }
            for (int i = 0; i < 100; i++) {
                int streamId = 2 * i + 7;
                client.post(streamId, "/echo").data(streamId, true, "x".repeat(10_000));
                assertThat(client.awaitBody(streamId)).hasSize(10_000);
            }
        }
    }

    /** Section 8.1: the rest of a request that was answered is not wanted for ever. */
    @Test
    void aRequestThatWasAnsweredAndDoesNotEndIsStopped() {
        try (Http2Client client = connect().begin()) {
            client.post(1, "/");
            assertThat(client.awaitBody(1)).isEqualTo("hello");
            assertThat(client.await(frame -> frame.type() == RST_STREAM).error())
                    .isEqualTo(Http2Error.NO_ERROR);
            client.data(1, true, "late");
            client.ping();
        }
    }

    /** Section 6.8: what the client opens after it has said that it goes is its own affair; what it has opened is answered. */
    @Test
    void aClientThatGoesGetsItsAnswers() {
        try (Http2Client client = connect().begin()) {
            client.post(1, "/echo").send(GOAWAY, 0, 0, new byte[8]);
            client.ping();
            client.data(1, true, "x");
            assertThat(client.awaitBody(1)).isEqualTo("x");
            client.awaitEnd();
        }
    }

    /** Section 8.5: we are no proxy. */
    @Test
    void connectIsNotServed() {
        try (Http2Client client = connect().begin()) {
            client.headers(1, false, ":method", "CONNECT", ":authority", "a:443");
            assertThat(client.awaitStatus(1)).isEqualTo("501");
            assertThat(client.get(3, "/").awaitBody(3)).isEqualTo("hello");
        }
    }
}

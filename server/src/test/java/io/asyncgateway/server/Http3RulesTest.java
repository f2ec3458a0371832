package io.asyncgateway.server;

import static io.asyncgateway.server.Http3Client.data;
import static io.asyncgateway.server.Http3Client.frame;
import static io.asyncgateway.server.Http3Client.headers;
import static io.asyncgateway.server.Http3Client.join;
import static io.asyncgateway.server.Http3Client.octets;
import static io.asyncgateway.server.Http3Client.request;
import static io.asyncgateway.server.Http3Client.section;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of HTTP/3 (RFC 9114) and QPACK (RFC 9204), one row each: what a client must not do, and what becomes of it. */
class Http3RulesTest {
    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> switch (scope.localPath()) {
                case "/trailers" ->
                    send.send(new HttpEvent.ResponseStart(200))
                            .then(send.send(HttpEvent.ResponseBody.more(java.nio.ByteBuffer.wrap(new byte[] {'a'}))))
                            .then(send.send(
                                    new HttpEvent.ResponseTrailers(io.asyncgateway.api.Headers.of("x-checksum", "1"))));
                case "/hints" ->
                    send.send(new HttpEvent.EarlyHints(io.asyncgateway.api.Headers.of("link", "</a.css>")))
                            .then(Http.respond(send, 200, "after hints"));
                default ->
                    Http.collect(receive, 1 << 20)
                            .flatMap(body -> Http.respond(send, 200, "got " + ISO_8859_1.decode(body)));
            })
            .build();

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.startHttp3(APPLICATION);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Http3Client client() {
        return server.http3Client();
    }

    private static Http3Client newClient() {
        return Http3Client.connect(server.http3Address());
    }

    private static byte[] get(String... more) {
        return headers(request("GET", "/", more));
    }

    private static byte[] post(String... more) {
        return headers(request("POST", "/", more));
    }

    // ---------------------------------------------------------------------------------------------- malformed requests

    static Stream<Arguments> malformed() {
        return Stream.of(
                bad("4.1.2 content-length larger than the body", join(post("content-length", "5"), data("abc"))),
                bad("4.1.2 content-length smaller than the body", join(post("content-length", "2"), data("abc"))),
                bad("4.1.2 content-length without a body", post("content-length", "2")),
                bad("4.1.2 content-length that is no number", join(post("content-length", "x"), data("abc"))),
                bad("4.1.2 two lengths", join(post("content-length", "3", "content-length", "4"), data("abc"))),
                bad("4.2 name in upper case", get("X-A", "1")),
                bad("4.2 connection", get("connection", "close")),
                bad("4.2 keep-alive", get("keep-alive", "1")),
                bad("4.2 proxy-connection", get("proxy-connection", "close")),
                bad("4.2 transfer-encoding", join(post("transfer-encoding", "chunked"), data("abc"))),
                bad("4.2 upgrade", get("upgrade", "websocket")),
                bad("4.2 te other than trailers", get("te", "gzip")),
                bad("4.2 an empty name", get("", "1")),
                bad("4.2 a name with a space", get("a b", "1")),
                bad("10.3 a line feed in a value", get("x-a", "1\n2")),
                bad("10.3 a carriage return in a value", get("x-a", "1\r2")),
                bad("10.3 a NUL in a value", get("x-a", "1\0002")),
                bad("10.3 a line feed in :path", headers(request("GET", "/a\nb"))),
                bad("4.3.1 no :method", headers(":scheme", "https", ":authority", "localhost", ":path", "/")),
                bad("4.3.1 no :scheme", headers(":method", "GET", ":authority", "localhost", ":path", "/")),
                bad("4.3.1 no :path", headers(":method", "GET", ":scheme", "https", ":authority", "localhost")),
                bad("4.3.1 neither :authority nor host", headers(":method", "GET", ":scheme", "https", ":path", "/")),
                bad(
                        "4.3.1 an empty :authority",
                        headers(":method", "GET", ":scheme", "https", ":authority", "", ":path", "/")),
                bad("4.3.1 an empty :path", headers(request("GET", ""))),
                bad("4.3.1 a host other than :authority", get("host", "elsewhere")),
                bad("4.3.1 :method twice", headers(twice(":method", "GET"))),
                bad("4.3.1 :scheme twice", headers(twice(":scheme", "https"))),
                bad("4.3.1 :authority twice", headers(twice(":authority", "localhost"))),
                bad("4.3.1 :path twice", headers(twice(":path", "/"))),
                bad(
                        "4.3 a pseudo-header behind a field",
                        headers(
                                ":method",
                                "GET",
                                ":scheme",
                                "https",
                                ":authority",
                                "localhost",
                                "x-a",
                                "1",
                                ":path",
                                "/")),
                bad("4.3 a pseudo-header of a response", headers(twice(":status", "200"))),
                bad("4.3 a pseudo-header that is not known", headers(twice(":x", "1"))),
                bad("4.3 a pseudo-header in the trailers", join(post(), data("a"), headers(":path", "/"))),
                bad("4.2 a name in upper case in the trailers", join(post(), data("a"), headers("X", "1"))),
                bad("4.4 CONNECT with :path", headers(":method", "CONNECT", ":authority", "localhost:1", ":path", "/")),
                bad("4.4 CONNECT without :authority", headers(":method", "CONNECT")),
                bad("4.3.1 a :method that is no token", headers(request("G T", "/"))),
                bad("4.3.1 a :path without its slash", headers(request("GET", "a"))),
                bad("4.3.1 a :path that is an asterisk", headers(request("GET", "*"))),
                bad(
                        "4.3.1 an :authority with user information",
                        headers(":method", "GET", ":scheme", "https", ":authority", "a@localhost", ":path", "/")),
                bad(
                        "4.3.1 a :scheme that is none",
                        headers(":method", "GET", ":scheme", "1:", ":authority", "localhost", ":path", "/")),
                bad("4.3.1 :protocol (RFC 9220) without CONNECT", headers(twice(":protocol", "websocket"))),
                bad(
                        "4.4 CONNECT with :protocol (RFC 9220) and without :path",
                        headers(
                                ":method",
                                "CONNECT",
                                ":protocol",
                                "websocket",
                                ":scheme",
                                "https",
                                ":authority",
                                "localhost")));
    }

    private static Arguments bad(String rule, byte[] octets) {
        return Arguments.of(rule, octets);
    }

    private static String[] twice(String name, String value) {
        String[] fields = new String[10];
        System.arraycopy(new String[] {name, value}, 0, fields, 0, 2);
        System.arraycopy(request("GET", "/"), 0, fields, 2, 8);
        return fields;
    }

    /** RFC 9114 section 4.1.2: the stream is reset, and the connection goes on. */
    @ParameterizedTest(name = "RFC 9114 {0}")
    @MethodSource
    void malformed(String rule, byte[] octets) throws IOException {
        try (Http3Client client = client()) {
            assertThat(client.open().end(octets).awaitReset()).isEqualTo(Http3Error.H3_MESSAGE_ERROR.code());
            assertThat(client.get("/").response().status()).isEqualTo(200);
        }
    }

    // ------------------------------------------------------------------------------------------------ frames

    static Stream<Arguments> connectionErrors() {
        return Stream.of(
                begun("RFC 9114 4.1 DATA before HEADERS", Http3Error.H3_FRAME_UNEXPECTED, data("a")),
                begun(
                        "RFC 9114 4.1 DATA behind the trailers",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), data("a"), headers("x", "1"), data("b"))),
                begun(
                        "RFC 9114 4.1 HEADERS behind the trailers",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), data("a"), headers("x", "1"), headers("y", "1"))),
                begun(
                        "RFC 9114 7.2.3 CANCEL_PUSH on a request",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), frame(0x03, octets(0)))),
                begun(
                        "RFC 9114 7.2.4 SETTINGS on a request",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), frame(0x04, octets()))),
                begun(
                        "RFC 9114 7.2.4 SETTINGS before a request",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        frame(0x04, octets())),
                begun(
                        "RFC 9114 7.2.5 PUSH_PROMISE of a client",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), frame(0x05, join(octets(0), section(request("GET", "/")))))),
                begun(
                        "RFC 9114 7.2.6 GOAWAY on a request",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), frame(0x07, octets(0)))),
                begun(
                        "RFC 9114 7.2.7 MAX_PUSH_ID on a request",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), frame(0x0d, octets(0)))),
                begun(
                        "RFC 9114 7.2.8 PRIORITY of HTTP/2",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), frame(0x02, octets(0, 0, 0, 0, 0)))),
                begun(
                        "RFC 9114 7.2.8 PING of HTTP/2",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), frame(0x06, new byte[8]))),
                begun(
                        "RFC 9114 7.2.8 WINDOW_UPDATE of HTTP/2",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), frame(0x08, new byte[4]))),
                begun(
                        "RFC 9114 7.2.8 CONTINUATION of HTTP/2",
                        Http3Error.H3_FRAME_UNEXPECTED,
                        join(post(), frame(0x09, new byte[4]))),
                ended("RFC 9114 7.1 an end within HEADERS", Http3Error.H3_FRAME_ERROR, cut(get(), 3)),
                ended("RFC 9114 7.1 an end within DATA", Http3Error.H3_FRAME_ERROR, join(post(), cut(data("abc"), 1))),
                ended(
                        "RFC 9114 7.1 an end within the length",
                        Http3Error.H3_FRAME_ERROR,
                        join(post(), octets(0, 0x40))),
                ended("RFC 9114 7.1 an end behind the type", Http3Error.H3_FRAME_ERROR, join(post(), octets(0))),
                ended(
                        "RFC 9114 7.1 an end within an unknown frame",
                        Http3Error.H3_FRAME_ERROR,
                        join(post(), octets(0x21, 5, 1))),
                ended(
                        "RFC 9204 2.2 an index past the static table",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0, 0xff, 36))),
                ended(
                        "RFC 9204 2.2.3 an index into the dynamic table",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0, 0x80))),
                ended(
                        "RFC 9204 4.5.3 a post-base index",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0, 0x10))),
                ended(
                        "RFC 9204 4.5.4 a name of the dynamic table",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0, 0x40, 1, 'a'))),
                ended(
                        "RFC 9204 4.5.5 a post-base name",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0, 0x00, 1, 'a'))),
                ended(
                        "RFC 9204 4.5.1.1 a required insert count",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(1, 0, 0xd1))),
                ended(
                        "RFC 9204 4.5.1.2 a base below zero",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0x80, 0xd1))),
                ended("RFC 9204 4.5 no prefix", Http3Error.QPACK_DECOMPRESSION_FAILED, frame(1, octets())),
                ended(
                        "RFC 9204 4.1.1 an integer without its end",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0, 0xff, 0xff))),
                ended(
                        "RFC 9204 4.1.1 an integer that is too long",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f))),
                ended(
                        "RFC 9204 4.1.1 an integer of more than 62 bits",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(
                                1,
                                octets(
                                        0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xd1, 0xd7, 0xc1,
                                        0x50, 1, 'a'))),
                ended(
                        "RFC 9204 4.1.2 a string longer than its section",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0, 0x51, 5, '/'))),
                ended(
                        "RFC 7541 5.2 a string that is not Huffman code",
                        Http3Error.QPACK_DECOMPRESSION_FAILED,
                        frame(1, octets(0, 0, 0x51, 0x81, 0x00))));
    }

    private static byte[] cut(byte[] octets, int less) {
        return java.util.Arrays.copyOf(octets, octets.length - less);
    }

    private static Arguments begun(String rule, Http3Error error, byte[] octets) {
        return Arguments.of(rule, error, octets, false);
    }

    private static Arguments ended(String rule, Http3Error error, byte[] octets) {
        return Arguments.of(rule, error, octets, true);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void connectionErrors(String rule, Http3Error error, byte[] octets, boolean fin) {
        try (Http3Client client = client()) {
            client.open().send(octets, fin);
            assertThat(client.awaitClose()).isEqualTo(error.code());
        }
    }

    // --------------------------------------------------------------------------------------- control and QPACK streams

    static Stream<Arguments> unidirectional() {
        return Stream.of(
                uni("RFC 9114 6.2.1 a first frame other than SETTINGS", Http3Error.H3_MISSING_SETTINGS, 0, 0x07, 1, 0),
                uni("RFC 9114 6.2.1 an unknown first frame", Http3Error.H3_MISSING_SETTINGS, 0, 0x21, 0),
                uni("RFC 9114 7.2.4 a second SETTINGS", Http3Error.H3_FRAME_UNEXPECTED, 0, 4, 0, 4, 0),
                uni("RFC 9114 7.2.1 DATA on the control stream", Http3Error.H3_FRAME_UNEXPECTED, 0, 4, 0, 0, 1, 1),
                uni("RFC 9114 7.2.2 HEADERS on the control stream", Http3Error.H3_FRAME_UNEXPECTED, 0, 4, 0, 1, 1, 1),
                uni("RFC 9114 7.2.5 PUSH_PROMISE there", Http3Error.H3_FRAME_UNEXPECTED, 0, 4, 0, 5, 1, 1),
                uni("RFC 9114 7.2.8 PING of HTTP/2 there", Http3Error.H3_FRAME_UNEXPECTED, 0, 4, 0, 6, 1, 1),
                uni("RFC 9114 7.2.8 PRIORITY of HTTP/2 there", Http3Error.H3_FRAME_UNEXPECTED, 0, 4, 0, 2, 1, 1),
                uni("RFC 9114 7.2.8 WINDOW_UPDATE of HTTP/2 there", Http3Error.H3_FRAME_UNEXPECTED, 0, 4, 0, 8, 1, 1),
                uni("RFC 9114 7.2.8 CONTINUATION of HTTP/2 there", Http3Error.H3_FRAME_UNEXPECTED, 0, 4, 0, 9, 1, 1),
                uni("RFC 9114 7.2.4.1 a setting of HTTP/2: 0", Http3Error.H3_SETTINGS_ERROR, 0, 4, 2, 0, 1),
                uni("RFC 9297 2.1.1 H3_DATAGRAM of 2", Http3Error.H3_SETTINGS_ERROR, 0, 4, 2, 0x33, 2),
                uni("RFC 9114 7.1 a setting whose value is cut", Http3Error.H3_FRAME_ERROR, 0, 4, 2, 6, 0x40),
                uni("RFC 9114 7.1 a GOAWAY whose number is cut", Http3Error.H3_FRAME_ERROR, 0, 4, 0, 7, 1, 0x40),
                uni("RFC 9114 7.1 a CANCEL_PUSH without its number", Http3Error.H3_FRAME_ERROR, 0, 4, 0, 3, 0),
                uni(
                        "RFC 9204 4.1.1 a cancellation without end",
                        Http3Error.QPACK_DECODER_STREAM_ERROR,
                        3,
                        0x7f,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff,
                        0xff),
                uni("RFC 9114 7.2.4.1 a setting of HTTP/2: 2", Http3Error.H3_SETTINGS_ERROR, 0, 4, 2, 2, 1),
                uni("RFC 9114 7.2.4.1 a setting of HTTP/2: 3", Http3Error.H3_SETTINGS_ERROR, 0, 4, 2, 3, 1),
                uni("RFC 9114 7.2.4.1 a setting of HTTP/2: 4", Http3Error.H3_SETTINGS_ERROR, 0, 4, 2, 4, 1),
                uni("RFC 9114 7.2.4.1 a setting of HTTP/2: 5", Http3Error.H3_SETTINGS_ERROR, 0, 4, 2, 5, 1),
                uni("RFC 9114 7.2.4 a setting twice", Http3Error.H3_SETTINGS_ERROR, 0, 4, 4, 6, 1, 6, 1),
                uni("RFC 9220 3 ENABLE_CONNECT_PROTOCOL of 2", Http3Error.H3_SETTINGS_ERROR, 0, 4, 2, 8, 2),
                uni("RFC 9114 7.1 a setting without its value", Http3Error.H3_FRAME_ERROR, 0, 4, 1, 6),
                uni("RFC 9114 7.1 a GOAWAY without its number", Http3Error.H3_FRAME_ERROR, 0, 4, 0, 7, 0),
                uni("RFC 9114 7.1 a GOAWAY with more than that", Http3Error.H3_FRAME_ERROR, 0, 4, 0, 7, 2, 0, 0),
                uni("RFC 9114 7.1 a MAX_PUSH_ID with more", Http3Error.H3_FRAME_ERROR, 0, 4, 0, 13, 2, 0, 0),
                uni("RFC 9114 5.2 a GOAWAY that grows", Http3Error.H3_ID_ERROR, 0, 4, 0, 7, 1, 1, 7, 1, 2),
                uni("RFC 9114 7.2.7 a MAX_PUSH_ID that shrinks", Http3Error.H3_ID_ERROR, 0, 4, 0, 13, 1, 2, 13, 1, 1),
                uni("RFC 9114 7.2.3 a CANCEL_PUSH of no push", Http3Error.H3_ID_ERROR, 0, 4, 0, 3, 1, 0),
                uni("RFC 9114 6.2.2 a push of a client", Http3Error.H3_STREAM_CREATION_ERROR, 1, 0),
                uni("RFC 9204 4.3.1 a capacity past 0", Http3Error.QPACK_ENCODER_STREAM_ERROR, 2, 0x3f, 1),
                uni("RFC 9204 4.3.2 an entry", Http3Error.QPACK_ENCODER_STREAM_ERROR, 2, 0xc0, 1, 'a'),
                uni("RFC 9204 4.3.3 an entry with a name", Http3Error.QPACK_ENCODER_STREAM_ERROR, 2, 0x41, 'a', 1, 'a'),
                uni("RFC 9204 4.3.4 a duplicate", Http3Error.QPACK_ENCODER_STREAM_ERROR, 2, 0x00),
                uni("RFC 9204 4.4.1 an acknowledgement of nothing", Http3Error.QPACK_DECODER_STREAM_ERROR, 3, 0x80),
                uni("RFC 9204 4.4.3 an increment of 0", Http3Error.QPACK_DECODER_STREAM_ERROR, 3, 0x00),
                uni("RFC 9204 4.4.3 an increment past what was sent", Http3Error.QPACK_DECODER_STREAM_ERROR, 3, 0x01));
    }

    private static Arguments uni(String rule, Http3Error error, int... octets) {
        return Arguments.of(rule, error, octets(octets));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void unidirectional(String rule, Http3Error error, byte[] octets) {
        try (Http3Client client = newClient()) {
            client.uni(octets);
            assertThat(client.awaitClose()).isEqualTo(error.code());
        }
    }

    static Stream<Arguments> critical() {
        return Stream.of(
                Arguments.of("RFC 9114 6.2.1 control stream", octets(0, 4, 0)),
                Arguments.of("RFC 9204 4.2 encoder stream", octets(2)),
                Arguments.of("RFC 9204 4.2 decoder stream", octets(3)));
    }

    @ParameterizedTest(name = "{0} ended")
    @MethodSource("critical")
    void aCriticalStreamDoesNotEnd(String rule, byte[] octets) {
        try (Http3Client client = newClient()) {
            client.uni(octets).end();
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_CLOSED_CRITICAL_STREAM.code());
        }
    }

    @ParameterizedTest(name = "{0} reset")
    @MethodSource("critical")
    void aCriticalStreamIsNotReset(String rule, byte[] octets) throws IOException {
        try (Http3Client client = newClient()) {
            Http3Client.Stream stream = client.uni(octets);
            assertThat(client.get("/").response().status()).isEqualTo(200);
            stream.reset(Http3Error.H3_NO_ERROR);
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_CLOSED_CRITICAL_STREAM.code());
        }
    }

    @ParameterizedTest(name = "{0} twice")
    @MethodSource("critical")
    void aCriticalStreamIsThereOnce(String rule, byte[] octets) {
        try (Http3Client client = newClient()) {
            client.uni(octets);
            client.uni(octets);
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_STREAM_CREATION_ERROR.code());
        }
    }

    /** RFC 9114 section 6.2.1: the server's own may not be stopped either. */
    @Test
    void theControlStreamOfTheServerIsNotStopped() throws IOException {
        try (Http3Client client = client()) {
            Http3Client.Stream control = client.control();
            assertThat(control.type()).isZero();
            control.stop(Http3Error.H3_NO_ERROR);
            assertThat(client.awaitClose()).isEqualTo(Http3Error.H3_CLOSED_CRITICAL_STREAM.code());
        }
    }

    // ------------------------------------------------------------------------------------------------ what is right

    static Stream<Arguments> valid() {
        return Stream.of(
                Arguments.of("RFC 9114 4.1 a body and trailers", join(post(), data("abc"), headers("x", "1")), "abc"),
                Arguments.of("RFC 9114 4.1 an empty DATA", join(post(), data(""), data("abc"), data("")), "abc"),
                Arguments.of(
                        "RFC 9114 9 unknown frames everywhere",
                        join(
                                frame(0x21, octets(1)),
                                post(),
                                frame(0x40, octets()),
                                data("a"),
                                frame(0xf0700, octets(1, 2)),
                                headers("x", "1"),
                                frame(0x2f, octets(0))),
                        "a"),
                Arguments.of("RFC 9114 4.2.1 cookies in pieces", get("cookie", "a=1", "cookie", "b=2"), ""),
                Arguments.of("RFC 9114 4.2 te: trailers", get("te", "trailers"), ""),
                Arguments.of(
                        "RFC 9114 4.3.1 host in the place of :authority",
                        headers(":method", "GET", ":scheme", "https", ":path", "/", "host", "localhost"),
                        ""),
                Arguments.of(
                        "RFC 9204 4.5.2 fields of the static table",
                        frame(1, octets(0, 0, 0xd1, 0xd7, 0xc1, 0x50, 1, 'a')),
                        ""),
                Arguments.of(
                        "RFC 9204 4.5.4 names of the static table, Huffman code",
                        frame(1, octets(0, 0, 0xd1, 0xd7, 0x50, 1, 'a', 0x51, 0x81, 0x63)),
                        ""),
                Arguments.of(
                        "RFC 9204 4.5.1.2 any base where nothing refers to it",
                        frame(
                                1,
                                octets(
                                        0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0xd1, 0xd7, 0xc1,
                                        0x50, 1, 'a')),
                        ""),
                Arguments.of(
                        "RFC 9114 4.1.2 a length that is right",
                        join(post("content-length", "3"), data("abc")),
                        "abc"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void valid(String rule, byte[] octets, String body) throws IOException {
        try (Http3Client client = client()) {
            assertThat(client.open().end(octets).response().body()).isEqualTo("got " + body);
        }
    }

    /** A stream may be cut anywhere (RFC 9000 section 2.2). */
    @Test
    void aRequestMayComeOctetByOctet() throws IOException {
        try (Http3Client client = client()) {
            Http3Client.Stream stream = client.open();
            for (byte octet : join(post(), frame(0x40, octets(7)), data("abc"), headers("x", "1"))) {
                stream.send(new byte[] {octet}, false);
            }
            stream.end();
            assertThat(stream.response().body()).isEqualTo("got abc");
        }
    }

    /** RFC 9114 section 6.2: what is not known is thrown away; section 6.2.3: it may be anything. */
    @Test
    void unknownUnidirectionalStreamsAreIgnored() throws IOException {
        try (Http3Client client = client()) {
            client.uni(octets(0x21, 1, 2, 3)).end();
            client.uni(octets(0x40, 0x54));
            client.uni(octets(0x40));
            client.uni(octets(0x80)).end();
            client.uni(octets(2, 0x20, 0x20));
            client.uni(octets(3, 0x40, 0x7f, 0x80, 0x01));
            assertThat(client.get("/").response().status()).isEqualTo(200);
        }
    }

    @Test
    void unknownSettingsAndFramesOfTheControlStreamAreIgnored() throws IOException {
        try (Http3Client client = newClient()) {
            client.uni(join(octets(0), frame(4, octets(0x21, 5, 0x33, 1, 8, 1)), frame(0x21, octets(1, 2))))
                    .send(frame(0x0d, octets(8)), frame(0x0d, octets(9)), frame(0x07, octets(3)), frame(7, octets(1)));
            assertThat(client.get("/").response().status()).isEqualTo(200);
        }
    }

    /** RFC 9114 section 4.1.1. */
    @Test
    void aStreamWithoutARequestIsIncomplete() throws IOException {
        try (Http3Client client = client()) {
            assertThat(client.open().end(frame(0x21, octets())).awaitReset())
                    .isEqualTo(Http3Error.H3_REQUEST_INCOMPLETE.code());
            assertThat(client.get("/").response().status()).isEqualTo(200);
        }
    }

    /** RFC 9114 section 7.2.4.1 and 6.2.1. */
    @Test
    void theServerBeginsWithItsSettings() throws IOException {
        try (Http3Client client = client()) {
            Http3Client.Stream control = client.control();
            assertThat(control.type()).isZero();
            Http3Client.Frame settings = control.frame();
            assertThat(settings.type()).isEqualTo(Http3FrameDecoder.SETTINGS);
            assertThat(settings.payload()).startsWith(octets(6, 0x80, 0, 0x80, 0));
        }
    }

    /** RFC 9114 section 4.2.2. */
    @Test
    void aSectionThatIsTooLargeIsAnsweredWith431() throws IOException {
        try (Http3Client client = client()) {
            String large = "x".repeat(40_000);
            assertThat(client.get("/", "x-large", large).response().status()).isEqualTo(431);
            String[] many = new String[2 * 200];
            java.util.Arrays.fill(many, "x");
            assertThat(client.get("/", many).response().status()).isEqualTo(431);
            assertThat(client.get("/" + "x".repeat(9000)).response().status()).isEqualTo(414);
            assertThat(client.get("/").response().status()).isEqualTo(200);
        }
    }

    @Test
    void trailersAndInterimResponsesComeInTheirOrder() throws IOException {
        try (Http3Client client = client()) {
            Http3Client.Response response = client.get("/trailers").response();
            assertThat(response.body()).isEqualTo("a");
            assertThat(response.trailers().first("x-checksum")).isEqualTo("1");
            Http3Client.Stream hints = client.get("/hints");
            assertThat(hints.frame().fields().first(":status")).isEqualTo("103");
            assertThat(hints.response().body()).isEqualTo("after hints");
        }
    }
}

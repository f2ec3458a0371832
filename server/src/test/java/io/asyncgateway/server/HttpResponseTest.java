package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResponseTest {
    private static final SendEvent LARGE_HINTS = new HttpEvent.EarlyHints(Headers.of("link", "x".repeat(8_000)));

    private enum Before {
        IDLE,
        HELD,
        STREAMING,
        COMPLETE,
        ABORTED
    }

    private static final Map<String, SendEvent> EVENTS = Map.of(
            "hints", new HttpEvent.EarlyHints(Headers.of("link", "</a>")),
            "start", new HttpEvent.ResponseStart(201),
            "part", HttpEvent.ResponseBody.more(Call.octets("x")),
            "last", HttpEvent.ResponseBody.last("y"),
            "trailers", new HttpEvent.ResponseTrailers(Headers.of("a", "b")),
            "file", HttpEvent.ResponseFile.last(Path.of("/nowhere")),
            "accept", new WebSocketEvent.Accept(),
            "close", new WebSocketEvent.Close(),
            "startup", new LifespanEvent.StartupComplete());

    private static final Map<Before, Set<String>> LEGAL = Map.of(
            Before.IDLE, Set.of("hints", "start"),
            Before.HELD, Set.of("part", "last", "trailers", "file"),
            Before.STREAMING, Set.of("part", "last", "trailers", "file"),
            Before.COMPLETE, Set.of(),
            Before.ABORTED, Set.of());

    // ------------------------------------------------------------------------------------------------ order

    static Stream<Arguments> pairs(boolean legal) {
        List<Arguments> pairs = new ArrayList<>();
        for (Before before : Before.values()) {
            for (String event : EVENTS.keySet()) {
                if (LEGAL.get(before).contains(event) == legal) {
                    pairs.add(Arguments.of(before, event));
                }
            }
        }
        return pairs.stream();
    }

    static Stream<Arguments> legal() {
        return pairs(true).filter(pair -> !pair.get()[1].equals("file")); // which takes a disk: ResponseFileTest
    }

    static Stream<Arguments> illegal() {
        return pairs(false);
    }

    @ParameterizedTest
    @MethodSource("legal")
    void anEventInItsPlaceIsTaken(Before before, String event) {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = reach(before, connection);
            assertThat(call.send(EVENTS.get(event)).isComplete()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("illegal")
    void anEventOutOfPlaceIsAViolationAndChangesNothing(Before before, String event) {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = reach(before, connection);
            String received = connection.received();
            Throwable failure = call.send(EVENTS.get(event)).failure();
            if (before == Before.ABORTED) {
                assertThat(failure).isNotNull();
                return;
            }
            assertThat(failure)
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining(EVENTS.get(event).getClass().getSimpleName())
                    .hasMessageContaining("expected: ");
            assertThat(connection.received()).isEmpty();
            assertThat(finish(before, call, connection)).isEqualTo(received + rest(before));
        }
    }

    private static Call reach(Before state, EmbeddedConnection connection) {
        Call call = connection.get();
        switch (state) {
            case IDLE -> {}
            case HELD -> call.start(200).value();
            case STREAMING -> {
                call.start(200).value();
                call.part("1").value();
            }
            case COMPLETE -> {
                call.start(200).value();
                call.last("1").value();
            }
            case ABORTED -> {
                call.start(200, "content-length", "5").value();
                call.last("1").failure();
            }
        }
        return call;
    }

    /** What the peer gets of a response that goes on legally from a state, together with what it got before. */
    private static String finish(Before before, Call call, EmbeddedConnection connection) {
        String soFar =
                switch (before) {
                    case STREAMING -> "HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n1\n1\n";
                    case COMPLETE -> "HTTP/1.1 200 OK\ncontent-length: 1\n\n1";
                    default -> "";
                };
        switch (before) {
            case IDLE -> {
                call.start(200).value();
                call.last("2").value();
            }
            case HELD, STREAMING -> call.last("2").value();
            default -> {}
        }
        return soFar + connection.received();
    }

    private static String rest(Before before) {
        return switch (before) {
            case IDLE, HELD -> "HTTP/1.1 200 OK\ncontent-length: 1\n\n2";
            case STREAMING -> "1\n2\n0\n\n";
            default -> "";
        };
    }

    // ----------------------------------------------------------------------------------------------- what is held back

    @Test
    void theStartIsHeldBackUntilThereIsABody() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200, "a", "b").value();
            assertThat(connection.received()).isEmpty();
            call.last("hi").value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\na: b\ncontent-length: 2\n\nhi");
        }
    }

    @Test
    void anEmptyPartLetsTheHeadLeave() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            call.part("").value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n");
            call.part("").value();
            assertThat(connection.received())
                    .as("an empty chunk would be the last")
                    .isEmpty();
            call.last("").value();
            assertThat(connection.received()).isEqualTo("0\n\n");
        }
    }

    @Test
    void eachPartLeavesWhenItIsSent() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            connection.received();
            call.part("one").value();
            assertThat(connection.received()).endsWith("\n\n3\none\n");
            call.part("x".repeat(0x1234)).value();
            assertThat(connection.received()).isEqualTo("1234\n" + "x".repeat(0x1234) + "\n");
        }
    }

    // ------------------------------------------------------------------------------------------------ framing

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // request           | status | length | in one event                    | in two events
                "GET / HTTP/1.1      | 200    | -      | content-length: 2;;hi           | transfer-encoding: chunked;;1;h;1;i;0;;",
                "GET / HTTP/1.1      | 200    | 2      | content-length: 2;;hi           | content-length: 2;;hi",
                "GET / HTTP/1.1      | 404    | -      | content-length: 2;;hi           | transfer-encoding: chunked;;1;h;1;i;0;;",
                "HEAD / HTTP/1.1     | 200    | -      | content-length: 2;;             | transfer-encoding: chunked;;",
                "HEAD / HTTP/1.1     | 200    | 7      | content-length: 7;;             | content-length: 7;;",
                "GET / HTTP/1.1      | 204    | -      | ;                               | ;",
                "GET / HTTP/1.1      | 204    | 2      | ;                               | ;",
                "HEAD / HTTP/1.1     | 204    | -      | ;                               | ;",
                "GET / HTTP/1.1      | 304    | -      | ;                               | ;",
                "GET / HTTP/1.1      | 304    | 7      | content-length: 7;;             | content-length: 7;;",
                "HEAD / HTTP/1.1     | 304    | 7      | content-length: 7;;             | content-length: 7;;"
            })
    void theFramingFollowsFromRequestStatusAndLength(
            String request, int status, String length, String whole, String parts) {
        String statusLine = "HTTP/1.1 " + status + " " + StatusLine.reason(status) + "\n";
        assertThat(respond(request, status, length, false)).isEqualTo(statusLine + whole.replace(";", "\n"));
        assertThat(respond(request, status, length, true)).isEqualTo(statusLine + parts.replace(";", "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-          | - | content-length: 2;connection: close;;hi      | connection: close;;hi",
                "keep-alive | - | content-length: 2;connection: keep-alive;;hi | connection: close;;hi",
                "keep-alive | 2 | content-length: 2;connection: keep-alive;;hi | content-length: 2;connection: keep-alive;;hi"
            })
    void http10GetsNoChunks(String connection, String length, String whole, String parts) {
        String request = "GET / HTTP/1.0" + (connection == null ? "" : "\nConnection: " + connection);
        assertThat(respond(request, 200, length, false)).isEqualTo("HTTP/1.1 200 OK\n" + whole.replace(";", "\n"));
        assertThat(respond(request, 200, length, true)).isEqualTo("HTTP/1.1 200 OK\n" + parts.replace(";", "\n"));
    }

    /** The response to a request, whose Host field is added; after a response without a body the next one must be in its place. */
    private static String respond(String request, int status, String length, boolean inParts) {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(request + "\nHost: a\n\n");
            Outcome<Void> start = length == null ? call.start(status) : call.start(status, "content-length", length);
            start.value();
            if (inParts) {
                call.part("h").value();
                call.last("i").value();
            } else {
                call.last("hi").value();
            }
            call.complete();
            String received = connection.received();
            if (!connection.isClosed()) {
                connection.get().answer("next");
                assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ncontent-length: 4\n\nnext");
            } else {
                assertThat(received).contains("connection: close\n");
            }
            return received;
        }
    }

    @Test
    void theApplicationsOwnFramingIsIgnored() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(
                            200,
                            "Transfer-Encoding",
                            "gzip, chunked",
                            "Connection",
                            "x-secret",
                            "Keep-Alive",
                            "max=5",
                            "b",
                            "c")
                    .value();
            call.last("hi").value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\nb: c\ncontent-length: 2\n\nhi");
        }
    }

    @Test
    void anApplicationMayCloseTheConnectionAfterItsResponse() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200, "connection", "Close").value();
            call.last("hi").value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ncontent-length: 2\nconnection: close\n\nhi");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    // ------------------------------------------------------------------------------------------------ trailers

    @Test
    void trailersEndAChunkedBody() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200, "trailer", "sum").value();
            call.part("hi").value();
            call.send(new HttpEvent.ResponseTrailers(Headers.of("sum", "1", "content-length", "9")))
                    .value();
            assertThat(connection.received())
                    .isEqualTo("HTTP/1.1 200 OK\ntrailer: sum\ntransfer-encoding: chunked\n\n2\nhi\n0\nsum: 1\n\n");
        }
    }

    @Test
    void trailersMayComeWithoutABody() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            call.send(new HttpEvent.ResponseTrailers(Headers.of("sum", "0"))).value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n0\nsum: 0\n\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.0", "HEAD / HTTP/1.1"})
    void trailersThatCantBeSentAreLeftOut(String request) {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(request + "\nHost: a\n\n");
            call.start(200).value();
            call.part("hi").value();
            call.send(new HttpEvent.ResponseTrailers(Headers.of("sum", "1"))).value();
            assertThat(connection.received()).doesNotContain("sum");
        }
    }

    @Test
    void trailersAfterAContentLengthAreLeftOut() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200, "content-length", "2").value();
            call.part("hi").value();
            call.send(new HttpEvent.ResponseTrailers(Headers.of("sum", "1"))).value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ncontent-length: 2\n\nhi");
            connection.get().answer("next");
            assertThat(connection.received()).endsWith("next");
        }
    }

    // ----------------------------------------------------------------------------------------------- interim responses

    @Test
    void earlyHintsLeaveAtOnceAndAsOftenAsTheyAreSent() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.send(new HttpEvent.EarlyHints(Headers.of("link", "</a>", "content-length", "5")))
                    .value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 103 Early Hints\nlink: </a>\n\n");
            call.send(new HttpEvent.EarlyHints(Headers.of("link", "</b>"))).value();
            call.answer("hi");
            assertThat(connection.received())
                    .isEqualTo("HTTP/1.1 103 Early Hints\nlink: </b>\n\nHTTP/1.1 200 OK\ncontent-length: 2\n\nhi");
        }
    }

    @Test
    void earlyHintsWaitForAPeerThatTakesNone() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            connection.stopTaking();
            int sent = 1;
            Outcome<Void> last = call.send(LARGE_HINTS);
            for (; last.isComplete() && sent < 100; sent++) {
                last = call.send(LARGE_HINTS);
            }
            assertThat(last.isPending()).isTrue();
            assertThat(call.start(200).failure()).isInstanceOf(ProtocolViolationException.class);
            connection.goOnTaking();
            last.value();
            call.answer("hi");
            assertThat(connection.received().split("103 Early Hints", -1)).hasSize(sent + 1);
        }
    }

    @Test
    void aPeerThatNeverTakesItsEarlyHintsIsGone() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            connection.stopTaking();
            Outcome<Void> last = call.send(LARGE_HINTS);
            for (int sent = 1; last.isComplete() && sent < 100; sent++) {
                last = call.send(LARGE_HINTS);
            }
            connection.pass(Timeouts.defaults().responseGap().toMillis());
            assertThat(last.failure()).isInstanceOf(DisconnectedException.class);
        }
    }

    @Test
    void http10GetsNoEarlyHints() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request("GET / HTTP/1.0\n\n");
            call.send(new HttpEvent.EarlyHints(Headers.of("link", "</a>"))).value();
            call.answer("hi");
            assertThat(connection.received()).startsWith("HTTP/1.1 200 OK\n");
        }
    }

    // ------------------------------------------------------------------------------------------------ content-length

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "-1", "+1", "1.0", "1 1", "0x1", "1234567890123456789"})
    void aContentLengthThatIsNoNumberIsAViolation(String length) {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            assertThat(call.send(new HttpEvent.ResponseStart(
                                    200,
                                    Headers.builder()
                                            .add("content-length", length)
                                            .build()))
                            .failure())
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("content-length: " + length);
            call.answer("hi");
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ncontent-length: 2\n\nhi");
        }
    }

    @Test
    void twoContentLengthsMustAgree() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            assertThat(call.start(200, "content-length", "1", "content-length", "2")
                            .failure())
                    .isInstanceOf(ProtocolViolationException.class);
            call.start(200, "content-length", "2", "content-length", "2").value();
            call.last("hi").value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ncontent-length: 2\n\nhi");
        }
    }

    @Test
    void bytesPastTheContentLengthAreAViolationAndTheResponseGoesOn() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200, "content-length", "3").value();
            assertThat(call.last("four").failure())
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("4 bytes (expected: content-length 3)");
            assertThat(connection.received()).isEmpty();
            call.part("tw").value();
            assertThat(call.part("oo").failure()).isInstanceOf(ProtocolViolationException.class);
            call.last("o").value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ncontent-length: 3\n\ntwo");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEndBeforeTheContentLengthAbortsTheResponse(boolean streaming) {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            Outcome<Void> disconnected = Outcome.of(call.scope.disconnected());
            call.start(200, "content-length", "5").value();
            if (streaming) {
                call.part("tw").value();
            }
            assertThat(call.last("o").failure())
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("(expected: content-length 5)");
            assertThat(connection.received()).startsWith("HTTP/1.1 200 OK\ncontent-length: 5\n\n");
            assertThat(connection.isClosed()).isTrue();
            assertThat(disconnected.isComplete()).isTrue();
            assertThat(call.receive().value()).isEqualTo(HttpEvent.Disconnect.instance());
            assertThat(connection.logged()).singleElement().matches(entry -> entry.aborted());
        }
    }

    @Test
    void trailersBeforeTheContentLengthIsReachedAbortTheResponse() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200, "content-length", "5").value();
            call.part("two").value();
            assertThat(call.send(new HttpEvent.ResponseTrailers(Headers.empty()))
                            .failure())
                    .isInstanceOf(ProtocolViolationException.class);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    /** The send that ends a response may have to wait for the peer, and must not be lost there. */
    @Test
    void anEndBeforeTheContentLengthIsFoundAlsoWhereThePeerIsSlow() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200, "content-length", "1000000").value();
            connection.stopTaking();
            Outcome<Void> part = call.part("x".repeat(100_000));
            assertThat(part.isPending()).isTrue();
            connection.goOnTaking();
            part.value();
            connection.stopTaking();
            assertThat(call.last("x".repeat(200_000)).failure()).isInstanceOf(ProtocolViolationException.class);
            connection.goOnTaking();
            assertThat(connection.isClosed()).isTrue();
        }
    }

    // ------------------------------------------------------------------------------------------------ buffers

    @Test
    void aBufferIsReadFromItsPositionToItsLimitAndKeepsBoth() {
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(20), ByteBuffer.allocateDirect(20))) {
            try (EmbeddedConnection connection = EmbeddedConnection.open()) {
                buffer.clear().put("0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                buffer.position(3).limit(6);
                Call call = connection.get();
                call.start(200).value();
                call.send(HttpEvent.ResponseBody.more(buffer)).value();
                call.send(HttpEvent.ResponseBody.last(buffer)).value();
                assertThat(connection.received()).endsWith("\n\n3\n345\n3\n345\n0\n\n");
                assertThat(buffer.position()).isEqualTo(3);
                assertThat(buffer.limit()).isEqualTo(6);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8 * 1024 - 1, 8 * 1024, 8 * 1024 + 1, 16 * 1024, 32 * 1024, 65 * 1024, 1_000_000})
    void aBodyOfAnySizeComesWhole(int size) {
        String body = "0123456789abcdef".repeat(size / 16 + 1).substring(0, size);
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            call.last(body).value();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ncontent-length: " + size + "\n\n" + body);

            Call chunked = connection.get();
            chunked.start(200).value();
            chunked.part(body).value();
            chunked.last(body).value();
            assertThat(unchunked(connection.received())).isEqualTo(body + body);
        }
    }

    private static String unchunked(String response) {
        StringBuilder body = new StringBuilder();
        int at = response.indexOf("\n\n") + 2;
        while (true) {
            int lineEnd = response.indexOf('\n', at);
            int size = Integer.parseInt(response.substring(at, lineEnd), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(response, lineEnd + 1, lineEnd + 1 + size);
            at = lineEnd + 1 + size + 1;
        }
    }
}

package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent.EarlyHints;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpEvent.ResponseTrailers;
import io.asyncgateway.api.WebSocketEvent.Accept;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An application that passes on what a client told it can't be made to send more fields, or another response, than it means to. */
class ResponseSplittingTest {
    /** What ends a line, or would once its upper octet is cut off; and what ends a text for some. */
    private static final List<String> ENDS =
            List.of("\r\n", "\n", "\r", "\0", "\u010d\u010a", "\uff0d\uff0a", "\u560d\u560a");

    /** Fields that were not made by the contract's own means. */
    private record OneField(String name, String value) implements Headers {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public String name(int index) {
            return name;
        }

        @Override
        public String value(int index) {
            return value;
        }
    }

    private interface Made {
        Object by(String name, String value);
    }

    /** Every event in which an application can put fields on the wire. */
    private static final Map<String, Made> EVENTS = Map.of(
            "a header", (name, value) -> ResponseStart.of(200, name, value),
            "a redirect", (name, value) -> ResponseStart.of(302, "location", "/next?" + value),
            "fields of one's own", (name, value) -> new ResponseStart(200, new OneField(name, value)),
            "trailers", (name, value) -> new ResponseTrailers(Headers.of(name, value)),
            "trailers of one's own", (name, value) -> new ResponseTrailers(new OneField(name, value)),
            "early hints", (name, value) -> new EarlyHints(Headers.of(name, value)),
            "early hints of one's own", (name, value) -> new EarlyHints(new OneField(name, value)),
            "a handshake", (name, value) -> new Accept().withHeaders(Headers.of(name, value)),
            "a handshake with fields of one's own",
                    (name, value) -> new Accept().withHeaders(new OneField(name, value)),
            "fields of the command line",
                    (name, value) -> HttpOptions.defaults().withHeaders(new OneField(name, value)));

    @Example
    void aValueThatEndsItsLineIsRefusedWhereverItIsPut() {
        for (String end : ENDS) {
            EVENTS.forEach((what, event) -> assertThatThrownBy(() -> event.by("x", "a" + end + "set-cookie: b"))
                    .as("%s with %s", what, end.codePoints().boxed().toList())
                    .isInstanceOf(IllegalArgumentException.class));
        }
    }

    @Example
    void soIsAName() {
        for (String end : ENDS) {
            EVENTS.forEach((what, event) -> {
                if (!what.equals("a redirect")) {
                    assertThatThrownBy(() -> event.by("x: a" + end + "set-cookie", "b"))
                            .as("%s with %s", what, end.codePoints().boxed().toList())
                            .isInstanceOf(IllegalArgumentException.class);
                }
            });
        }
    }

    @Example
    void everyReasonPhraseIsTheServersOwnAndStaysInItsLine() {
        for (int status = 100; status < 600; status++) {
            assertThat(new String(StatusLine.of(status), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .matches("HTTP/1\\.1 " + status + " [ -~]+\r\n");
        }
    }

    @Property
    void whatIsNotRefusedIsOneLine(@ForAll("values") String value) {
        Headers fields;
        try {
            fields = Headers.of("x", value);
        } catch (IllegalArgumentException refused) {
            return;
        }
        try (EmbeddedConnection connection =
                EmbeddedConnection.open((scope, receive, send) -> send.send(new EarlyHints(fields))
                        .then(send.send(new ResponseStart(200, fields)))
                        .then(send.send(ResponseBody.more(java.nio.ByteBuffer.wrap(new byte[] {'b'}))))
                        .then(send.send(new ResponseTrailers(fields))))) {
            connection.send("GET / HTTP/1.1\nHost: a\nTE: trailers\n\n");

            String line = "x: " + fields.value(0) + "\n";
            assertThat(connection.received())
                    .isEqualTo("HTTP/1.1 103 Early Hints\n" + line + "\nHTTP/1.1 200 OK\n" + line
                            + "transfer-encoding: chunked\n\n1\nb\n0\n" + line + "\n");
        }
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(20),
                Arbitraries.strings()
                        .withChars("ab:; \t\r\n\0\u010a\u010d\u0085\u2028")
                        .ofMaxLength(20));
    }
}

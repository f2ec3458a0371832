package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.HttpVersion;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {
    private static final Limits LIMITS =
            Limits.defaults().withRequestLine(100).withHeaderFields(5).withHeaderSection(1000);

    private final HeadParser parser = new HeadParser(LIMITS);

    @Test
    void aHeadIsTakenApart() throws Exception {
        RequestHead head =
                parse("PATCH /a%20b?c=d HTTP/1.1\nHost: example.org:80\nAccept:\t*/* \nX-A:\nx-a: \u00e9 b\n\n");
        assertThat(head.method()).isEqualTo("PATCH");
        assertThat(head.target()).isEqualTo("/a%20b?c=d");
        assertThat(head.version()).isEqualTo(HttpVersion.HTTP_1_1);
        assertThat(head.headers())
                .containsExactly(
                        Map.entry("host", "example.org:80"),
                        Map.entry("accept", "*/*"),
                        Map.entry("x-a", ""),
                        Map.entry("x-a", "\u00e9 b"));
        assertThat(head.hasBody()).isFalse();
        assertThat(head.keepAlive()).isTrue();
        assertThat(head.expectsContinue()).isFalse();
        assertThat(head.upgrade()).isFalse();
    }

    @Test
    void whatFollowsTheHeadIsNoneOfItsConcern() throws Exception {
        String head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        byte[] octets = (head + "\0body").getBytes(ISO_8859_1);
        assertThat(parser.parse(octets, octets.length)).isNotNull();
        assertThat(parser.end()).isEqualTo(head.length());
    }

    @Test
    void everyBeginningOfAHeadIsIncompleteAndNotWrong() throws Exception {
        String head = "POST http://a.b/c?d HTTP/1.0\r\nHost: a.b\r\nContent-Length: 7\r\nA: \t b \t\r\n\r\n";
        byte[] octets = head.getBytes(ISO_8859_1);
        for (int length = 0; length < octets.length; length++) {
            assertThat(parser.parse(octets.clone(), length))
                    .as(head.substring(0, length))
                    .isNull();
        }
        assertThat(parser.parse(octets, octets.length)).isNotNull();
    }

    @Test
    void nothingOfOneRequestIsLeftForTheNext() throws Exception {
        RequestHead first = parse("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nExpect: 100-continue\n"
                + "Connection: close\n\n");
        RequestHead second = parse("GET / HTTP/1.1\nHost: b\n\n");
        assertThat(first.contentLength()).isEqualTo(RequestHead.CHUNKED);
        assertThat(first.expectsContinue()).isTrue();
        assertThat(first.keepAlive()).isFalse();
        assertThat(first.headers().first("host")).isEqualTo("a");
        assertThat(second.hasBody()).isFalse();
        assertThat(second.expectsContinue()).isFalse();
        assertThat(second.keepAlive()).isTrue();
        assertThat(second.headers().first("host")).isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /",
        "GET, /a//b/../c",
        "GET, /?",
        "GET, /a?b?c/d",
        "GET, '/%'",
        "GET, '/[x]|{y}^`\\\"<>'",
        "OPTIONS, *",
        "OPTIONS, /",
        "GET, http://a",
        "GET, http://a?b",
        "GET, HTTP://A/",
        "GET, https://a/b",
        "get, /",
        "M-SEARCH, /",
        "!#$%&'*+-.^_`|~09azAZ, /",
        "DELETE, http://a:/b"
    })
    void methodsAndTargetsOfTheRfcAreTaken(String method, String target) throws Exception {
        String host = target.contains("a:/") ? "a:" : "a";
        RequestHead head = parse(method + " " + target + " HTTP/1.1\nHost: " + host + "\n\n");
        assertThat(head.method()).isEqualTo(method);
        assertThat(head.target()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "HTTP/1.1 >                               > true",
                "HTTP/1.1 > Connection: keep-alive        > true",
                "HTTP/1.1 > Connection: close             > false",
                "HTTP/1.1 > Connection: foo, CLOSE ,bar   > false",
                "HTTP/1.1 > Connection: close, keep-alive > false",
                "HTTP/1.1 > Connection: closed            > true",
                "HTTP/1.1 > Connection: ,                 > true",
                "HTTP/1.0 >                               > false",
                "HTTP/1.0 > Connection: Keep-Alive        > true",
                "HTTP/1.0 > Connection: a,keep-alive,b    > true",
                "HTTP/1.0 > Connection: keep-alive, close > false"
            })
    void theConnectionGoesOnWhereThePeerSaysSo(String version, String field, boolean keepAlive) throws Exception {
        String line = field == null ? "" : field + "\n";
        assertThat(parse("GET / " + version + "\nHost: a\n" + line + "\n").keepAlive())
                .isEqualTo(keepAlive);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "Content-Length: 0                   > 0",
                "Content-Length: 000012              > 12",
                "Content-Length: 999999999999999999  > 999999999999999999",
                "Transfer-Encoding: chunked          > -1",
                "Transfer-Encoding: Chunked          > -1",
                "Transfer-Encoding:\t chunked \t     > -1"
            })
    void theBodyIsFramedByOneOfTwoFields(String field, long length) throws Exception {
        assertThat(parse("POST / HTTP/1.1\nHost: a\n" + field + "\n\n").contentLength())
                .isEqualTo(length);
    }

    @Test
    void aContinueIsExpectedOnlyWhereABodyFollows() throws Exception {
        String expect = "Host: a\nExpect: 100-Continue\n";
        assertThat(parse("PUT / HTTP/1.1\n" + expect + "Content-Length: 1\n\n").expectsContinue())
                .isTrue();
        assertThat(parse("PUT / HTTP/1.1\n" + expect + "Content-Length: 0\n\n").expectsContinue())
                .isFalse();
        assertThat(parse("PUT / HTTP/1.1\n" + expect + "\n").expectsContinue()).isFalse();
        assertThat(parse("PUT / HTTP/1.0\n" + expect + "Content-Length: 1\n\n").expectsContinue())
                .isFalse();
        assertThat(parse("PUT / HTTP/1.0\nExpect: the moon\n\n").expectsContinue())
                .isFalse();
    }

    @Test
    void anUpgradeTakesBothFieldsAndHttp11() throws Exception {
        assertThat(parse("GET / HTTP/1.1\nHost: a\nConnection: x, Upgrade\nUpgrade: websocket\n\n")
                        .upgrade())
                .isTrue();
        assertThat(parse("GET / HTTP/1.1\nHost: a\nUpgrade: websocket\n\n").upgrade())
                .isFalse();
        assertThat(parse("GET / HTTP/1.1\nHost: a\nConnection: upgrade\n\n").upgrade())
                .isFalse();
        assertThat(parse("GET / HTTP/1.0\nConnection: upgrade\nUpgrade: websocket\n\n")
                        .upgrade())
                .isFalse();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                // the request line
                Arguments.of(400, " GET / HTTP/1.1\n"),
                Arguments.of(400, "\n"),
                Arguments.of(400, "GET  / HTTP/1.1\n"),
                Arguments.of(400, "GET /  HTTP/1.1\n"),
                Arguments.of(400, "GET\t/ HTTP/1.1\n"),
                Arguments.of(400, "GET /\tHTTP/1.1\n"),
                Arguments.of(400, "GET /\n"),
                Arguments.of(400, "GET / \n"),
                Arguments.of(400, "GET / HTTP/1.1 \n"),
                Arguments.of(400, "GET / HTTP/1.1x\n"),
                Arguments.of(400, "GET / http/1.1\n"),
                Arguments.of(400, "GET / HTTP/11\n"),
                Arguments.of(400, "GET / HTTP/1,1\n"),
                Arguments.of(400, "GET / HTTP/1.x\n"),
                Arguments.of(400, "GET / HTTP/1.10\n"),
                Arguments.of(400, "GET / ICAP/1.1\n"),
                Arguments.of(400, "G(T / HTTP/1.1\n"),
                Arguments.of(400, "G\u00c9T / HTTP/1.1\n"),
                Arguments.of(400, "GET /\u0000 HTTP/1.1\n"),
                Arguments.of(400, "GET /\u00e9 HTTP/1.1\n"),
                Arguments.of(400, "GET /\u007f HTTP/1.1\n"),
                Arguments.of(400, "GET /#a HTTP/1.1\n"),
                Arguments.of(400, "GET a HTTP/1.1\nHost: a\n\n"),
                Arguments.of(400, "GET * HTTP/1.1\nHost: a\n\n"),
                Arguments.of(400, "OPTIONS ** HTTP/1.1\nHost: a\n\n"),
                Arguments.of(400, "GET ftp://a/ HTTP/1.1\nHost: a\n\n"),
                Arguments.of(400, "GET http:/// HTTP/1.1\nHost:\n\n"),
                Arguments.of(400, "GET http://a:x/ HTTP/1.1\nHost: a:x\n\n"),
                Arguments.of(400, "GET http://u@a/ HTTP/1.1\nHost: a\n\n"),
                Arguments.of(400, "GET http://a/ HTTP/1.1\nHost: b\n\n"),
                Arguments.of(400, "GET http://a/ HTTP/1.1\n\n"),
                Arguments.of(505, "GET / HTTP/0.9\n"),
                Arguments.of(505, "GET / HTTP/1.2\n"),
                Arguments.of(505, "GET / HTTP/2.0\n"),
                Arguments.of(505, "PRI * HTTP/2.0\n\nSM\n\n"),
                Arguments.of(501, "A".repeat(65) + " / HTTP/1.1\n"),
                Arguments.of(501, "CONNECT a:80 HTTP/1.1\nHost: a:80\n\n"),
                Arguments.of(501, "TRACE / HTTP/1.1\nHost: a\n\n"),
                Arguments.of(414, "GET /" + "a".repeat(96) + " HTTP/1.1\n"),
                Arguments.of(414, "GET /" + "a".repeat(200)),
                // lines
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\n folded\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\n Host: a\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost : a\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\n: a\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\nX(y): b\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\nX\u0000: b\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\nX: \u0000\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\nX: b\u007f\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\nX: b\u001b[0m\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\nX: b\rc\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\nX: b\r\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\n\rx"),
                Arguments.of(431, "GET / HTTP/1.1\nHost: a\n" + "a: b\n".repeat(5) + "\n"),
                // Host
                Arguments.of(400, "GET / HTTP/1.1\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a\nHost: a\n\n"),
                Arguments.of(400, "GET / HTTP/1.0\nHost: a\nHost: b\n\n"),
                Arguments.of(400, "GET / HTTP/1.1\nHost: a b\n\n"),
                // framing
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length:\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length: 1\nContent-Length: 1\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length: 1, 1\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length: +1\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length: -1\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length: 0x1\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length: 1 2\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length: \u00b2\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length: 9999999999999999999x\n\n"),
                Arguments.of(413, "POST / HTTP/1.1\nHost: a\nContent-Length: 1000000000000000000\n\n"),
                Arguments.of(413, "POST / HTTP/1.1\nHost: a\nContent-Length: 18446744073709551616\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 1\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 0\n\n"),
                Arguments.of(400, "POST / HTTP/1.0\nTransfer-Encoding: chunked\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding:\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: identity\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip\n\n"),
                Arguments.of(501, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, gzip\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, chunked\n\n"),
                Arguments.of(
                        400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked\n\n"),
                Arguments.of(400, "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked;q=1\n\n"),
                // Expect
                Arguments.of(417, "POST / HTTP/1.1\nHost: a\nExpect: 200-ok\nContent-Length: 1\n\n"),
                Arguments.of(417, "POST / HTTP/1.1\nHost: a\nExpect:\n\n"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatAnotherCouldReadDifferentlyIsRefused(int status, String head) {
        assertThatThrownBy(() -> parse(head))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\n",
                "GET / HTTP/1.1\rHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"
            })
    void aLineThatDoesNotEndWithCrLfIsRefused(String head) {
        byte[] octets = head.getBytes(ISO_8859_1);
        assertThatThrownBy(() -> parser.parse(octets, octets.length))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(400));
    }

    @Test
    void asManyFieldsAndAsLongALineAsThereMayBeAreTaken() throws Exception {
        assertThat(parse("GET / HTTP/1.1\nHost: a\n" + "a: b\n".repeat(4) + "\n")
                        .headers()
                        .size())
                .isEqualTo(5);
        assertThat(parse("GET /" + "a".repeat(95) + " HTTP/1.1\nHost: a\n\n").target())
                .hasSize(96);
        assertThat(parse("A".repeat(64) + " / HTTP/1.1\nHost: a\n\n").method()).hasSize(64);
    }

    private RequestHead parse(String lines) throws HttpFailure {
        byte[] octets = lines.replace("\n", "\r\n").getBytes(ISO_8859_1);
        return parser.parse(octets, octets.length);
    }
}

package io.asyncgateway.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.HttpVersion;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.server.AccessLog.Entry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLogFormatTest {
    private static final Instant START = ZonedDateTime.of(2026, 10, 5, 13, 5, 6, 7_000_000, ZoneId.systemDefault())
            .toInstant();
    private static final String OFFSET = ZoneId.systemDefault()
            .getRules()
            .getOffset(START)
            .getId()
            .replace(":", "")
            .replace("Z", "+0000");
    private static final String TIME = "[05/Oct/2026:13:05:06 " + OFFSET + "]";

    @Test
    void commonIsTheCommonLogFormat() {
        assertThat(line("common", entry(request().build(), 200, 1234)))
                .isEqualTo("192.0.2.1 - - " + TIME + " \"POST /a%20b?c=d HTTP/1.1\" 200 1234");
    }

    @Test
    void combinedAddsRefererAndUserAgent() {
        RequestScope scope = request()
                .header("referer", "https://example.com/")
                .header("user-agent", "curl/8")
                .build();

        assertThat(line("combined", entry(scope, 204, 0)))
                .isEqualTo("192.0.2.1 - - " + TIME
                        + " \"POST /a%20b?c=d HTTP/1.1\" 204 - \"https://example.com/\" \"curl/8\"");
        assertThat(line("combined", entry(request().build(), 204, 0))).endsWith(" 204 - \"-\" \"-\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%(h)s | 192.0.2.1",
                "%(l)s | -",
                "%(u)s | aladdin",
                "%(r)s | POST /a%20b?c=d HTTP/1.1",
                "%(m)s | POST",
                "%(U)s | /a%20b",
                "%(q)s | c=d",
                "%(H)s | HTTP/1.1",
                "%(s)s | 200",
                "%(B)s | 0",
                "%(b)s | -",
                "%(f)s | -",
                "%(a)s | curl/8",
                "%(T)s | 61",
                "%(M)s | 61002",
                "%(D)s | 61002003",
                "%(L)s | 61.002003",
                "%(X)s | -",
                "%({X-Request-Id}i)s | 4711",
                "%({missing}i)s | -",
                "%%%(m)s%% | %POST%",
                "[%(m)s] (%(s)s) | [POST] (200)",
            })
    void anAtomSaysWhatGunicornsSays(String format, String expected) {
        RequestScope scope = request()
                .header("user-agent", "curl/8")
                .header("x-request-id", "4711")
                .header("authorization", "Basic " + base64("aladdin:opensesame"))
                .build();

        assertThat(line(format, entry(scope, 200, 0))).isEqualTo(expected);
    }

    @Test
    void timeAndProcessAreAsGunicornWritesThem() {
        assertThat(line("%(t)s", entry(request().build(), 200, 0))).isEqualTo(TIME);
        assertThat(line("%(p)s", entry(request().build(), 200, 0)))
                .isEqualTo("<" + ProcessHandle.current().pid() + ">");
    }

    @Test
    void theTimeFollowsTheEntry() {
        AccessLogFormat format = AccessLogFormat.named("%(t)s");
        Entry later = new Entry(request().build(), 200, 0, START.plusSeconds(1), Duration.ZERO, false);

        assertThat(line(format, entry(request().build(), 200, 0))).isEqualTo(TIME);
        assertThat(line(format, later)).isEqualTo(TIME.replace(":06", ":07"));
        assertThat(line(format, entry(request().build(), 200, 0))).isEqualTo(TIME);
    }

    @Test
    void anExchangeWithoutAnAnswerHasNoStatus() {
        Entry entry = new Entry(request().build(), 0, 0, START, Duration.ofNanos(1_500), true);

        assertThat(line("%(s)s %(X)s %(L)s", entry)).isEqualTo("- X 0.000001");
        assertThat(json(entry).has("status")).isFalse();
        assertThat(json(entry).get("aborted").booleanValue()).isTrue();
    }

    @Test
    void aPeerOnAUnixSocketHasNoAddress() {
        RequestScope scope = request().client(UnixDomainSocketAddress.of("/s")).build();

        assertThat(line("%(h)s", entry(scope, 200, 0))).isEqualTo("-");
        assertThat(json(entry(scope, 200, 0)).has("client")).isFalse();
    }

    @Test
    void anIpv6PeerIsItsAddress() {
        RequestScope scope = request()
                .client(new InetSocketAddress(address("2001:db8::1"), 1))
                .build();

        assertThat(line("%(h)s", entry(scope, 200, 0))).isEqualTo("2001:db8:0:0:0:0:0:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret", "Basic !!!", "Basic", "Basic c2VjcmV0", "Digest username=\"x\""})
    void credentialsThatAreNoUserNameAreNotLogged(String authorization) {
        RequestScope scope = request().header("authorization", authorization).build();

        assertThat(line("%(u)s", entry(scope, 200, 0))).isEqualTo("-");
        assertThat(json(entry(scope, 200, 0)).toString())
                .doesNotContain("secret")
                .doesNotContain("user\"");
    }

    @Test
    void aPasswordIsInNoFormat() {
        RequestScope scope = request()
                .header("authorization", "Basic " + base64("aladdin:opensesame"))
                .header("cookie", "session=opensesame")
                .build();
        StringBuilder all = new StringBuilder();
        Atom.ALL.forEach(atom -> all.append("%(").append(atom.letter()).append(")s "));

        assertThat(line(all.toString(), entry(scope, 200, 0)))
                .contains("aladdin")
                .doesNotContain("opensesame");
        assertThat(line("json", entry(scope, 200, 0))).contains("aladdin").doesNotContain("opensesame");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "combind | common, combined, json, or a format of atoms such as %(h)s",
                "`` | common, combined, json, or a format of atoms such as %(h)s",
                "100%% | common, combined, json, or a format of atoms such as %(h)s",
                "%h %(s)s | a percent sign at index 0 as in %(h)s or %%",
                "%(s)s 5% | a percent sign at index 7 as in %(h)s or %%",
                "%({authorization}i)s | no header with credentials, as authorization is",
                "%({Cookie}i)s | no header with credentials, as cookie is",
                "%(s)s \u00fc | ASCII without line breaks between the atoms",
            })
    void aFormatThatIsNoneIsRefused(String format, String expected) {
        assertThatThrownBy(() -> AccessLogFormat.named(format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("format (expected: " + expected + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"z", "", "{x}o", "{HOME}e", "{a b}i", "{}i"})
    void anUnknownAtomIsRefusedWithTheKnownOnes(String atom) {
        assertThatThrownBy(() -> AccessLogFormat.named("%(" + atom + ")s"))
                .hasMessage("format (expected: no %(" + atom + ")s; the atoms are " + AccessLogFormat.ATOMS + ")");
    }

    @Test
    void aLineBreakInAFormatIsRefused() {
        assertThatThrownBy(() -> AccessLogFormat.named("%(h)s\n")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void jsonHasAFieldForEachFact() {
        RequestScope scope = request()
                .header("host", "example.com")
                .header("referer", "https://example.com/")
                .header("user-agent", "curl \"8\"\\")
                .build();

        JsonNode json = json(entry(scope, 200, 1234));

        assertThat(json.toString())
                .isEqualTo(
                        "{\"time\":\"" + START + "\",\"type\":\"http\",\"client\":\"192.0.2.1\",\"client_port\":4711,"
                                + "\"method\":\"POST\",\"target\":\"/a%20b?c=d\",\"protocol\":\"HTTP/1.1\",\"host\":\"example.com\","
                                + "\"status\":200,\"bytes\":1234,\"duration_ms\":61002.003,\"aborted\":false,"
                                + "\"referer\":\"https://example.com/\",\"user_agent\":\"curl \\\"8\\\"\\\\\"}");
    }

    @Test
    void jsonKeepsMillisecondsOfAWholeSecond() {
        Entry entry = new Entry(request().build(), 200, 0, Instant.EPOCH, Duration.ZERO, false);

        assertThat(json(entry).get("time").textValue()).isEqualTo("1970-01-01T00:00:00.000Z");
        assertThat(line("json", entry)).contains("\"duration_ms\":0.000,");
    }

    @Test
    void aWebSocketIsNamedInJson() {
        RequestScope scope = WebSocketScope.builder().target("/ws").build();

        assertThat(json(entry(scope, 101, 5)).get("type").textValue()).isEqualTo("websocket");
        assertThat(line("%(m)s %(U)s %(s)s", entry(scope, 101, 5))).isEqualTo("GET /ws 101");
    }

    /** Header values are Latin-1 without control characters, except where a test or a middleware makes its own scope. */
    @ParameterizedTest
    @ValueSource(strings = {"common", "combined", "json", "%({x}i)s", "\"%(U)s\" \"%(q)s\" %(m)s %(u)s"})
    void whateverAPeerSendsALineStaysALineOfAscii(String name) {
        AccessLogFormat format = AccessLogFormat.named(name);
        for (int octet = 0x20; octet <= 0xff; octet++) {
            if (octet == 0x7f) {
                continue;
            }
            String value = "a" + (char) octet + "b";
            String target = octet > 0x20 ? "/" + value + "?" + value : "/";
            RequestScope scope = request()
                    .target(target)
                    .header("user-agent", value)
                    .header("referer", value)
                    .header("x", value)
                    .header("host", value)
                    .header("authorization", "Basic " + base64(value + (char) 10 + ":p"))
                    .build();

            assertThat(line(format, entry(scope, 200, 0))).matches("[ -~]+");
        }
    }

    @Test
    void aQuoteOrABackslashCantEndAField() {
        RequestScope scope = request().header("user-agent", "x\" 200 1 \"\\").build();

        assertThat(line("\"%(a)s\"", entry(scope, 200, 0))).isEqualTo("\"x\\\" 200 1 \\\"\\\\\"");
    }

    @Test
    void aUserNameWithASpaceStaysOneWord() {
        RequestScope scope = request()
                .header("authorization", "Basic " + base64("a b\n\u00fc:p"))
                .build();

        assertThat(line("%(u)s", entry(scope, 200, 0))).isEqualTo("a\\x20b\\x0a\\xfc");
    }

    @Test
    void everyCharacterIsEscapedToPrintableAscii() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            StringBuilder text = new StringBuilder();
            Escape.text(String.valueOf((char) c), text);
            assertThat(text).matches("[ -!#-\\[\\]-~]|\\\\[\"\\\\]|\\\\x[0-9a-f]{2}|\\\\u[0-9a-f]{4}");
        }
    }

    private static RequestScopeBuilder.ForHttp request() {
        return HttpScope.builder()
                .httpVersion(HttpVersion.HTTP_1_1)
                .method("POST")
                .target("/a%20b?c=d")
                .client(new InetSocketAddress(address("192.0.2.1"), 4711));
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static Entry entry(RequestScope scope, int status, long bytes) {
        return new Entry(scope, status, bytes, START, Duration.ofNanos(61_002_003_004L), false);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private static String line(String format, Entry entry) {
        return line(AccessLogFormat.named(format), entry);
    }

    private static String line(AccessLogFormat format, Entry entry) {
        StringBuilder line = new StringBuilder();
        format.append(entry, line);
        return line.toString();
    }

    private static JsonNode json(Entry entry) {
        try {
            return new ObjectMapper()
                    .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .readTree(line("json", entry));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}

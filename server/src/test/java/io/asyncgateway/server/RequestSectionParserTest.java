package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113 sections 8.2 and 8.3: what becomes of a decoded header section. Fields are written {@code name=value}, one behind the other with {@code |} between. */
class RequestSectionParserTest {
    private static final String GET = ":method=GET|:scheme=https|:authority=a.example|:path=/x?y=z";
    private static final String POST = ":method=POST|:scheme=http|:authority=a:80|:path=/";

    private final RequestSectionParser parser =
            new RequestSectionParser(HttpVersion.HTTP_2, Limits.defaults().withBodySize(1000), true);

    private static FieldSection section(String fields) {
        FieldSection section = new FieldSection(16_000, 100);
        section.clear();
        Stream.of(fields.replace("<CR>", "\r").replace("<LF>", "\n").split("\\|"))
                .forEach(field -> {
                    int equals = field.indexOf('=', 1) < 0 ? 0 : field.indexOf('=');
                    byte[] octets = (field.substring(0, equals) + field.substring(equals + 1)).getBytes(ISO_8859_1);
                    section.reserve(octets.length);
                    System.arraycopy(octets, 0, section.octets(), section.size(), octets.length);
                    section.add(equals, octets.length - equals);
                });
        return section;
    }

    private RequestHead parse(String fields, boolean ended) throws MalformedMessage, HttpFailure {
        return parser.parse(section(fields), ended);
    }

    private static List<String> text(Headers headers) {
        List<String> fields = new ArrayList<>();
        headers.forEach(field -> fields.add(field.getKey() + "=" + field.getValue()));
        return fields;
    }

    // ------------------------------------------------------------------------------------------------ what is one

    @Test
    void pseudoHeadersBecomeMethodTargetAndHost() throws Exception {
        RequestHead head = parse(GET + "|accept=*/*|b=2|b=1", true);
        assertThat(head.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target()).isEqualTo("/x?y=z");
        assertThat(text(head.headers())).containsExactly("host=a.example", "accept=*/*", "b=2", "b=1");
        assertThat(head.headers().first("Host")).isEqualTo("a.example");
        assertThat(head.hasBody()).isFalse();
        assertThat(head.keepAlive()).isTrue();
        assertThat(head.upgrade()).isFalse();
    }

    @Test
    void hostMayStandForTheAuthorityOrRepeatIt() throws Exception {
        assertThat(text(parse(":method=GET|:scheme=http|:path=/|a=b|host=h", true)
                        .headers()))
                .containsExactly("a=b", "host=h");
        assertThat(text(parse(GET + "|a=b|host=A.example|c=d", true).headers()))
                .containsExactly("host=a.example", "a=b", "c=d");
    }

    @Test
    void cookiesAreJoined() throws Exception {
        assertThat(text(parse(GET + "|cookie=a=b|x=y|cookie=c=d|cookie=e", true).headers()))
                .containsExactly("host=a.example", "cookie=a=b; c=d; e", "x=y");
        assertThat(text(parse(GET + "|cookie=a=b", true).headers())).containsExactly("host=a.example", "cookie=a=b");
    }

    @Test
    void theLengthOfABodyIsThatAnnouncedOrNotKnown() throws Exception {
        assertThat(parse(POST + "|content-length=7", false).contentLength()).isEqualTo(7);
        assertThat(parser.contentLength()).isEqualTo(7);
        assertThat(parse(POST, false).contentLength()).isEqualTo(RequestHead.CHUNKED);
        assertThat(parser.contentLength()).isNegative();
        assertThat(parse(POST + "|content-length=0", false).contentLength()).isEqualTo(RequestHead.CHUNKED);
        assertThat(parser.contentLength()).isZero();
        assertThat(parse(POST + "|content-length=0", true).hasBody()).isFalse();
        assertThat(parse(POST, true).hasBody()).isFalse();
    }

    @Test
    void continueIsExpectedWhereABodyIsToCome() throws Exception {
        assertThat(parse(POST + "|expect=100-continue", false).expectsContinue())
                .isTrue();
        assertThat(parse(POST + "|expect=100-continue", true).expectsContinue()).isFalse();
    }

    @Test
    void anExtendedConnectAsksForAWebSocket() throws Exception {
        RequestHead head = parse(":method=CONNECT|:protocol=websocket|:scheme=http|:path=/ws|:authority=a", false);
        assertThat(head.upgrade()).isTrue();
        assertThat(head.target()).isEqualTo("/ws");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method=OPTIONS|:scheme=http|:authority=a|:path=*",
                ":method=GET|:scheme=HTTPS|:authority=[::1]:8000|:path=/",
                ":path=/|:authority=a|:scheme=http|:method=M-SEARCH",
                GET + "|te=trailers",
                GET + "|empty=",
                GET + "|latin=\u00e9\u00ff"
            })
    void otherRequestsAreTaken(String fields) throws Exception {
        assertThat(parse(fields, true).headers().contains("host")).isTrue();
    }

    // ------------------------------------------------------------------------------------------------ what is none

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "8.3 an unknown pseudo-header;            " + GET + "|:unknown=x",
                "8.3 a pseudo-header of responses;        " + GET + "|:status=200",
                "8.3 a pseudo-header of the same length;  :methoe=GET|:scheme=http|:authority=a|:path=/",
                "8.3 a pseudo-header in upper case;       :METHOD=GET|:scheme=http|:authority=a|:path=/",
                "8.3 a pseudo-header behind a field;      :method=GET|:scheme=http|a=b|:authority=a|:path=/",
                "8.3.1 :method missing;                   :scheme=http|:authority=a|:path=/",
                "8.3.1 :scheme missing;                   :method=GET|:authority=a|:path=/",
                "8.3.1 :path missing;                     :method=GET|:scheme=http|:authority=a",
                "8.3.1 :authority and host missing;       :method=GET|:scheme=http|:path=/",
                "8.3.1 :path empty;                       :method=GET|:scheme=http|:authority=a|:path=",
                "8.3.1 :path relative;                    :method=GET|:scheme=http|:authority=a|:path=x",
                "8.3.1 :path absolute form;               :method=GET|:scheme=http|:authority=a|:path=http://a/",
                "8.3.1 :path * of GET;                    :method=GET|:scheme=http|:authority=a|:path=*",
                "8.3.1 :path with a space;                :method=GET|:scheme=http|:authority=a|:path=/a b",
                "8.3.1 :path with a fragment;             :method=GET|:scheme=http|:authority=a|:path=/a#b",
                "8.3.1 :method repeated;                  :method=GET|:method=GET|:scheme=http|:authority=a|:path=/",
                "8.3.1 :scheme repeated;                  :method=GET|:scheme=http|:scheme=http|:authority=a|:path=/",
                "8.3.1 :path repeated;                    :method=GET|:scheme=http|:authority=a|:path=/|:path=/",
                "8.3.1 :authority repeated;               " + GET + "|:authority=a",
                "8.3.1 :authority empty;                  :method=GET|:scheme=http|:authority=|:path=/",
                "8.3.1 :authority with user information;  :method=GET|:scheme=http|:authority=u@a|:path=/",
                "8.3.1 :method no token;                  :method=G T|:scheme=http|:authority=a|:path=/",
                "8.3.1 :method empty;                     :method=|:scheme=http|:authority=a|:path=/",
                "8.3.1 :scheme no scheme;                 :method=GET|:scheme=1|:authority=a|:path=/",
                "8.3.1 host other than :authority;        " + GET + "|host=b",
                "8.3.1 host repeated;                     " + GET + "|host=a.example|host=a.example",
                "8.5 CONNECT with :scheme and :path;      :method=CONNECT|:scheme=http|:authority=a|:path=/",
                "8.5 CONNECT without :authority;          :method=CONNECT|host=a",
                "8441 4 :protocol with GET;               " + GET + "|:protocol=websocket",
                "8441 4 :protocol without :path;          :method=CONNECT|:protocol=websocket|:scheme=http|:authority=a",
                "8441 4 :protocol without :scheme;        :method=CONNECT|:protocol=websocket|:path=/|:authority=a",
                "8441 4 :protocol without :authority;     :method=CONNECT|:protocol=websocket|:scheme=http|:path=/|host=a",
                "8.2.1 a name in upper case;              " + GET + "|Accept=x",
                "8.2.1 a name with a space;               " + GET + "|a b=x",
                "8.2.1 a name with a colon;               " + GET + "|a:b=x",
                "8.2.1 a name with an octet of Latin-1;   " + GET + "|\u00e9=x",
                "8.2.1 a name without octets;             " + GET + "|=x",
                "8.2.1 a value with a leading space;      " + GET + "|a= x",
                "8.2.1 a value with a trailing tab;       " + GET + "|a=x\t|b=y",
                "8.2.1 a value with CR;                   " + GET + "|a=x<CR>b|b=y",
                "8.2.1 a value with LF;                   " + GET + "|a=x<LF>b|b=y",
                "8.2.1 a value with NUL;                  " + GET + "|a=x\u0000b|b=y",
                "8.2.2 connection;                        " + GET + "|connection=close",
                "8.2.2 keep-alive;                        " + GET + "|keep-alive=5",
                "8.2.2 proxy-connection;                  " + GET + "|proxy-connection=close",
                "8.2.2 transfer-encoding;                 " + GET + "|transfer-encoding=chunked",
                "8.2.2 upgrade;                           " + GET + "|upgrade=h2c",
                "8.2.2 te other than trailers;            " + GET + "|te=gzip",
                "8.1.1 content-length no number;          " + POST + "|content-length=+1",
                "8.1.1 content-length empty;              " + POST + "|content-length=",
                "8.1.1 content-length negative;           " + POST + "|content-length=-1",
                "8.1.1 content-length repeated;           " + POST + "|content-length=1|content-length=1",
                "8.1.1 content-length too long;           " + POST + "|content-length=1000000000000000000"
            })
    void whatBreaksARuleIsNoRequest(String rule, String fields) {
        assertThatThrownBy(() -> parse(fields, false)).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void aLengthWithoutABodyIsNoRequest() {
        assertThatThrownBy(() -> parse(POST + "|content-length=1", true)).isInstanceOf(MalformedMessage.class);
    }

    // ---------------------------------------------------------------------------------------------- what gets a status

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "501; :method=TRACE|:scheme=http|:authority=a|:path=/",
                "501; :method=CONNECT|:authority=a:443",
                "501; :method=CONNECT|:protocol=connect-udp|:scheme=http|:path=/|:authority=a",
                "400; :method=GET|:scheme=ftp|:authority=a|:path=/",
                "417; " + POST + "|expect=200-maybe",
                "413; " + POST + "|content-length=1001"
            })
    void whatIsNotForThisServerGetsAStatus(int status, String fields) {
        assertThatThrownBy(() -> parse(fields, false))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(status));
    }

    @Test
    void whatIsTooLargeGetsAStatus() {
        String longPath = ":method=GET|:scheme=http|:authority=a|:path=/" + "x".repeat(9000);
        assertThatThrownBy(() -> parse(longPath, true))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(414));
        String tooMany = GET + "|a=b".repeat(101);
        assertThatThrownBy(() -> parse(tooMany, true))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(431));
        String tooLarge = GET + "|a=" + "b".repeat(16_000);
        assertThatThrownBy(() -> parse(tooLarge, true))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(431));
        String longMethod = ":method=" + "M".repeat(65) + "|:scheme=http|:authority=a|:path=/";
        assertThatThrownBy(() -> parse(longMethod, true))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(501));
    }

    @Test
    void aWebSocketThatWasNotOfferedGetsAStatus() {
        RequestSectionParser without = new RequestSectionParser(HttpVersion.HTTP_2, Limits.defaults(), false);
        String fields = ":method=CONNECT|:protocol=websocket|:scheme=http|:path=/ws|:authority=a";
        assertThatThrownBy(() -> without.parse(section(fields), false)).isInstanceOf(HttpFailure.class);
    }

    // ------------------------------------------------------------------------------------------------ trailers

    @Test
    void trailersAreFields() throws Exception {
        assertThat(text(parser.trailers(section("a=b|checksum=1")))).containsExactly("a=b", "checksum=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {":path=/", "A=b", "connection=close", "a= b"})
    void trailersKeepTheRulesOfFields(String fields) {
        assertThatThrownBy(() -> parser.trailers(section(fields))).isInstanceOf(MalformedMessage.class);
    }
}

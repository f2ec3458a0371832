package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.HttpEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkParserTest {
    private final ChunkParser parser =
            new ChunkParser(Limits.defaults().withHeaderFields(3).withHeaderSection(200));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "0                          | 0",
                "000                        | 0",
                "5                          | 5",
                "fF                         | 255",
                "000000000000001            | 1",
                "fffffffffffffff            | 1152921504606846975",
                "5;a                        | 5",
                "5;a=b                      | 5",
                "5;a=\"b\"                  | 5",
                "5 ; a = \"b\\\"c\t;\" ; d  | 5",
                "5;a=\"\";b                 | 5",
                "5\t;a                      | 5",
                "5;a=\"\u00e9\"             | 5"
            })
    void aSizeMayHaveZerosInFrontAndExtensionsBehind(String line, long size) throws Exception {
        ByteBuf octets = octets(line + "\r\nrest");
        assertThat(parser.size(octets)).isEqualTo(size);
        assertThat(octets.toString(ISO_8859_1)).isEqualTo("rest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 5",
                "+5",
                "-5",
                "0x5",
                "5g",
                "5 ",
                "5 5",
                ";a",
                "0000000000000001",
                "8000000000000000",
                "5;",
                "5;;a",
                "5;a=",
                "5;a=\"b",
                "5;a=\"b\\",
                "5;a=\"b\"c",
                "5;a=b c",
                "5;a=\"\u0000\"",
                "5;a=\"\\\u0001\"",
                "5;a=\"\u007f\"",
                "5;(=b",
                "5,a",
                "5;a\rb",
                "5\r"
            })
    void anyOtherSizeLineIsRefused(String line) {
        refuses(400, () -> parser.size(octets(line + "\r\n")));
    }

    @Test
    void aSizeLineThatEndsWithLfAloneIsRefused() {
        refuses(400, () -> parser.size(octets("5\n")));
        refuses(400, () -> parser.size(octets("\n")));
        refuses(400, () -> parser.size(octets("5;a=\"\n\"\r\n")));
    }

    @Test
    void aSizeLineIsAwaitedUpToItsBound() throws Exception {
        ByteBuf octets = octets("5;a=" + "b".repeat(4091));
        assertThat(parser.size(octets)).isEqualTo(-1);
        assertThat(octets.readerIndex()).isZero();
        refuses(400, () -> parser.size(octets("5;a=" + "b".repeat(4092))));
    }

    @Test
    void theExtensionsOfAllChunksTogetherAreBounded() throws Exception {
        String line = "1;a=" + "b".repeat(1000) + "\r\n";
        for (int i = 0; i < 16; i++) {
            parser.size(octets(line));
        }
        refuses(400, () -> parser.size(octets(line)));
        parser.reset();
        assertThat(parser.size(octets(line))).isEqualTo(1);
    }

    @Test
    void dataEndsWithCrLf() throws Exception {
        ByteBuf octets = octets("\r\nrest");
        assertThat(parser.endOfData(octets)).isTrue();
        assertThat(octets.toString(ISO_8859_1)).isEqualTo("rest");
        assertThat(parser.endOfData(octets("\r"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\n", "\rx", "\r\r", " \r\n"})
    void dataThatEndsOtherwiseIsRefused(String end) {
        refuses(400, () -> parser.endOfData(octets(end)));
    }

    @Test
    void aBodyEndsWithoutTrailers() throws Exception {
        ByteBuf octets = octets("\r\nrest");
        assertThat(parser.trailers(octets)).isSameAs(HttpEvent.Request.empty());
        assertThat(octets.toString(ISO_8859_1)).isEqualTo("rest");
    }

    @Test
    void trailersComeWithTheLastPart() throws Exception {
        ByteBuf octets = octets("Checksum: 1\r\nchecksum:2\r\n\r\nrest");
        HttpEvent.Request last = parser.trailers(octets);
        assertThat(last.more()).isFalse();
        assertThat(last.body().hasRemaining()).isFalse();
        assertThat(last.trailers()).containsExactly(Map.entry("checksum", "1"), Map.entry("checksum", "2"));
        assertThat(octets.toString(ISO_8859_1)).isEqualTo("rest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding",
                "Content-Length",
                "HOST",
                "Trailer",
                "TE",
                "Connection",
                "Content-Encoding",
                "Content-Type",
                "Content-Range"
            })
    void fieldsThatMeanNothingInATrailerAreLeftOut(String name) throws Exception {
        HttpEvent.Request last = parser.trailers(octets(name + ": 1\r\nA: b\r\n\r\n"));
        assertThat(last.trailers()).containsExactly(Map.entry("a", "b"));
    }

    @Test
    void everyBeginningOfTrailersIsIncompleteAndNotWrong() throws Exception {
        String section = "Checksum: 1\r\nB: c\r\n\r\n";
        for (int length = 1; length < section.length(); length++) {
            ByteBuf octets = octets(section.substring(0, length));
            assertThat(parser.trailers(octets)).isNull();
            assertThat(octets.readerIndex()).isZero();
        }
    }

    @Test
    void trailersAreHeldToTheLimitsOfAHeader() throws Exception {
        refuses(431, () -> parser.trailers(octets("a: b\r\n".repeat(4) + "\r\n")));
        String full = "a: " + "b".repeat(200 - 7) + "\r\n\r\n";
        assertThat(full).hasSize(200);
        assertThat(parser.trailers(octets(full))).isNotNull();
        refuses(431, () -> parser.trailers(octets("a: b" + full.substring(3))));
        refuses(431, () -> parser.trailers(octets("a: " + "b".repeat(198))));
    }

    @ParameterizedTest
    @ValueSource(strings = {" a: b\r\n\r\n", "a : b\r\n\r\n", "a\r\n\r\n", "a: b\n\r\n", "a: \u0000\r\n\r\n", "\rx"})
    void malformedTrailersAreRefused(String section) {
        refuses(400, () -> parser.trailers(octets(section)));
    }

    private static ByteBuf octets(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
    }

    private static void refuses(int status, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                .isEqualTo(status));
    }
}

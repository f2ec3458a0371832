package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7541: by the examples of its appendix C, and against Netty's HPACK. */
class HpackTest {
    private static final int LIMIT = 32 * 1024;

    private final HpackDecoder decoder = new HpackDecoder();
    private final FieldSection section = new FieldSection(LIMIT, 100);

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
    }

    private List<String> decode(String digits) throws Http2Failure {
        return decode(hex(digits));
    }

    private List<String> decode(byte[] block) throws Http2Failure {
        section.clear();
        decoder.decode(block, 0, block.length, section);
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < section.fields(); i++) {
            String name = text(section.nameStart(i), section.nameEnd(i));
            fields.add(name + ": " + text(section.valueStart(i), section.valueEnd(i)));
        }
        return fields;
    }

    private String text(int start, int end) {
        return new String(section.octets(), start, end - start, ISO_8859_1);
    }

    @Nested
    class Decoding {
        /** Appendix C.3 and C.4: three requests on one connection. */
        @ParameterizedTest
        @CsvSource({
            "828684410f7777772e6578616d706c652e636f6d,"
                    + "828684be58086e6f2d6361636865,"
                    + "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
            "828684418cf1e3c2e5f23a6ba0ab90f4ff,"
                    + "828684be5886a8eb10649cbf,"
                    + "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"
        })
        void requestsOfAppendixCAreDecoded(String first, String second, String third) throws Http2Failure {
            assertThat(decode(first))
                    .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
            assertThat(decode(second))
                    .containsExactly(
                            ":method: GET",
                            ":scheme: http",
                            ":path: /",
                            ":authority: www.example.com",
                            "cache-control: no-cache");
            assertThat(decode(third))
                    .containsExactly(
                            ":method: GET",
                            ":scheme: https",
                            ":path: /index.html",
                            ":authority: www.example.com",
                            "custom-key: custom-value");
        }

        /** Appendix C.5: responses through a table of 256 octets, so that entries are evicted. */
        @Test
        void entriesAreEvictedAsInAppendixC5() throws Http2Failure {
            decode("3fe101");
            assertThat(decode("4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d"
                            + "546e1768747470733a2f2f7777772e6578616d706c652e636f6d"))
                    .containsExactly(
                            ":status: 302",
                            "cache-control: private",
                            "date: Mon, 21 Oct 2013 20:13:21 GMT",
                            "location: https://www.example.com");
            assertThat(decode("4803333037c1c0bf")).contains(":status: 307", "location: https://www.example.com");
            assertThat(decode(
                            "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f"
                                    + "3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b20"
                                    + "76657273696f6e3d31"))
                    .containsExactly(
                            ":status: 200",
                            "cache-control: private",
                            "date: Mon, 21 Oct 2013 20:13:22 GMT",
                            "location: https://www.example.com",
                            "content-encoding: gzip",
                            "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
        }

        @ParameterizedTest
        @CsvSource({
            "80, 'index 0 (6.1)'",
            "be, 'index past the tables (2.3.3)'",
            "7f00, 'name index past the tables (2.3.3)'",
            "82 3f e1 1f, 'size update behind a field (4.2)'",
            "3f e2 1f, 'size update past what was agreed (6.3)'",
            "ff ff ff ff ff 0f, 'integer that overflows (5.1)'",
            "ff, 'integer without its end (5.1)'",
            "00, 'literal without a name (6.2.2)'",
            "00 01 61, 'literal without a value (6.2.2)'",
            "00 05 61, 'string longer than the block (5.2)'",
            "00 01 61 82 1f ff, 'padding of more than seven bits (5.2)'",
            "00 01 61 81 18, 'padding that is not ones (5.2)'",
            "00 01 61 84 ff ff ff fc, 'end of string within a string (5.2)'"
        })
        void whatIsMalformedEndsTheConnectionWithACompressionError(String block, String why) {
            assertThatThrownBy(() -> decode(block)).as(why).isInstanceOfSatisfying(Http2Failure.class, failure -> {
                assertThat(failure.error()).isEqualTo(Http2Error.COMPRESSION_ERROR);
                assertThat(failure.isOfConnection()).isTrue();
            });
        }

        @Test
        void aTableThatWasToBecomeSmallerMustSayThatItIs_4_2() throws Http2Failure {
            decoder.maxTableSize(100);
            assertThatThrownBy(() -> decode("82")).isInstanceOf(Http2Failure.class);
            decoder.maxTableSize(100);
            assertThat(decode("3f45 82")).containsExactly(":method: GET");
            assertThat(decode("82")).containsExactly(":method: GET");
        }

        @Test
        void anEntryThatDoesNotFitEmptiesTheTable_4_4() throws Http2Failure {
            decode("3f11 4001610162");
            assertThat(decode("be")).containsExactly("a: b");
            decode("40036161610f" + "62".repeat(15));
            assertThatThrownBy(() -> decode("be")).isInstanceOf(Http2Failure.class);
        }

        @Test
        void aNameMayComeFromTheEntryThatTheNewOneDrivesOut_4_4() throws Http2Failure {
            decode("3f09 4003616161 03626262"); // 38 of 40 octets
            assertThat(decode("7e 03636363")).containsExactly("aaa: ccc");
            assertThat(decode("be")).containsExactly("aaa: ccc");
        }

        @Test
        void fieldsPastALimitAreLeftOutButStillChangeTheTable() throws Http2Failure {
            FieldSection small = new FieldSection(100, 100);
            byte[] block = hex("4003616161 03626262 4003616161 03636363 4003616161 03646464");
            decoder.decode(block, 0, block.length, small);

            assertThat(small.isTooLarge()).isTrue();
            assertThat(small.fields()).isEqualTo(2);
            assertThat(decode("be")).containsExactly("aaa: ddd");
        }

        @Test
        void aBombOfReferencesToOneLargeEntryCostsNoMemory() throws Http2Failure {
            byte[] large = new byte[4000];
            java.util.Arrays.fill(large, (byte) 'x');
            byte[] head = hex("400161 7fa11e");
            byte[] block = new byte[head.length + large.length + 16_000];
            System.arraycopy(head, 0, block, 0, head.length);
            System.arraycopy(large, 0, block, head.length, large.length);
            java.util.Arrays.fill(block, head.length + large.length, block.length, (byte) 0xbe);

            decode(block);

            assertThat(section.isTooLarge()).isTrue();
            assertThat(section.octets().length).isLessThanOrEqualTo(2 * LIMIT);
        }

        @Test
        void whatNettyEncodesIsDecoded() throws Exception {
            Http2HeadersEncoder netty = new DefaultHttp2HeadersEncoder();
            Random random = new Random(1);
            for (int round = 0; round < 300; round++) {
                Http2Headers headers = new DefaultHttp2Headers(false);
                List<String> expected = new ArrayList<>();
                for (int i = random.nextInt(12); i >= 0; i--) {
                    String name = "name-" + random.nextInt(20);
                    String value =
                            random.nextBoolean() ? "value " + random.nextInt(9) : "x".repeat(random.nextInt(900));
                    headers.add(name, value);
                }
                for (Map.Entry<CharSequence, CharSequence> field : headers) {
                    expected.add(field.getKey() + ": " + field.getValue());
                }
                ByteBuf block = Unpooled.buffer();
                netty.encodeHeaders(3, headers, block);
                byte[] octets = new byte[block.readableBytes()];
                block.readBytes(octets);
                assertThat(decode(octets)).isEqualTo(expected);
            }
        }

        @Test
        void noInputDoesAnythingButDecodeOrFail() {
            Random random = new Random(2);
            for (int round = 0; round < 20_000; round++) {
                byte[] block = new byte[random.nextInt(40)];
                random.nextBytes(block);
                HpackDecoder fresh = new HpackDecoder();
                assertThatCode(() -> {
                            try {
                                section.clear();
                                fresh.decode(block, 0, block.length, section);
                            } catch (Http2Failure refused) {
                                // as it should be
                            }
                        })
                        .doesNotThrowAnyException();
            }
        }
    }

    @Nested
    class Encoding {
        private final HpackEncoder encoder = new HpackEncoder();
        private final DefaultHttp2HeadersDecoder netty = new DefaultHttp2HeadersDecoder(false, 1 << 20);

        private List<String> nettyDecodes() throws Exception {
            List<String> fields = new ArrayList<>();
            netty.decodeHeaders(3, Unpooled.wrappedBuffer(encoder.octets(), 0, encoder.size()))
                    .forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));
            return fields;
        }

        @Test
        void aHeadThatWasSentBeforeIsAnOctetForEachField() throws Exception {
            for (int round = 0; round < 3; round++) {
                encoder.begin();
                encoder.status(200);
                encoder.field("content-type", "text/plain");
                encoder.field("x-own", "value");
                assertThat(nettyDecodes()).containsExactly(":status: 200", "content-type: text/plain", "x-own: value");
            }
            assertThat(encoder.size()).isEqualTo(3);
        }

        @Test
        void everyStatusIsEncoded() throws Exception {
            for (int status = 100; status < 600; status++) {
                encoder.begin();
                encoder.status(status);
                assertThat(nettyDecodes()).containsExactly(":status: " + status);
            }
        }

        @Test
        void secretsAreNeverIndexed() throws Exception {
            encoder.begin();
            encoder.field("set-cookie", "secret");

            assertThat(encoder.octets()[0] & 0xf0).isEqualTo(0x10);
            assertThat(nettyDecodes()).containsExactly("set-cookie: secret");
        }

        @Test
        void nettyDecodesWhatIsEncodedWhateverBecomesOfTheTable() throws Exception {
            Random random = new Random(3);
            long size = 4096;
            for (int round = 0; round < 3000; round++) {
                if (random.nextInt(10) == 0) {
                    for (int i = random.nextInt(3); i >= 0; i--) {
                        size = random.nextInt(5) * 300;
                        netty.configuration().maxHeaderTableSize(size);
                        encoder.maxTableSize(size);
                    }
                }
                encoder.begin();
                List<String> expected = new ArrayList<>();
                for (int i = random.nextInt(8); i >= 0; i--) {
                    String name = "name-" + random.nextInt(15);
                    String value = random.nextBoolean() ? "v" + random.nextInt(5) : "é".repeat(random.nextInt(500));
                    encoder.field(name, value);
                    expected.add(name + ": " + value);
                }
                encoder.contentLength(round);
                assertThat(nettyDecodes()).containsAll(expected).contains("content-length: " + round);
            }
        }
    }
}

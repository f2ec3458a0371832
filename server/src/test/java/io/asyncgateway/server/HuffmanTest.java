package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7541 section 5.2 and appendix B. */
class HuffmanTest {
    private static byte[] encoded(String latin1) {
        byte[] octets = new byte[Huffman.encodedSize(latin1)];
        assertThat(Huffman.encode(latin1, octets, 0)).isEqualTo(octets.length);
        return octets;
    }

    private static String decoded(byte[] octets) {
        byte[] target = new byte[Huffman.decodedSize(octets.length)];
        int end = Huffman.decode(octets, 0, octets.length, target, 0);
        return end < 0 ? null : new String(target, 0, end, ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, f1e3c2e5f23a6ba0ab90f4ff",
        "no-cache, a8eb10649cbf",
        "custom-value, 25a849e95bb8e8b4bf",
        "302, 6402",
        "private, aec3771a4b",
        "'Mon, 21 Oct 2013 20:13:21 GMT', d07abe941054d444a8200595040b8166e082a62d1bff",
        "https://www.example.com, 9d29ad171863c78f0b97c8e9ae82ae43d3"
    })
    void codesAreThoseOfTheExamplesInAppendixC(String text, String hex) {
        assertThat(HexFormat.of().formatHex(encoded(text))).isEqualTo(hex);
        assertThat(decoded(HexFormat.of().parseHex(hex))).isEqualTo(text);
    }

    @Test
    void everyOctetComesBackAsItWas() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        String text = new String(all, ISO_8859_1);

        assertThat(decoded(encoded(text))).isEqualTo(text);
    }

    @Test
    void anyStringComesBackAsItWas() {
        Random random = new Random(7541);
        for (int round = 0; round < 2000; round++) {
            byte[] octets = new byte[random.nextInt(60)];
            random.nextBytes(octets);
            String text = new String(octets, ISO_8859_1);
            assertThat(decoded(encoded(text))).isEqualTo(text);
        }
    }

    /** A padding of eight bits or more, of zeros, and the symbol that ends a string (section 5.2). */
    @ParameterizedTest
    @ValueSource(strings = {"ff", "1fff", "18", "00", "3fffffff", "ffffffff", "fffffffc"})
    void whatIsNoCodeIsRefused(String hex) {
        assertThat(decoded(HexFormat.of().parseHex(hex))).isNull();
    }

    @Test
    void noInputGetsPastTheRoomThatItIsToldToHave() {
        Random random = new Random(9113);
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = new byte[random.nextInt(40)];
            random.nextBytes(octets);
            String text = decoded(octets);
            if (text != null) {
                assertThat(Arrays.equals(encoded(text), octets)).isTrue();
            }
        }
    }
}

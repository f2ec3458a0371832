package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The invariant: whatever the cuts, the validator judges like the JDK's decoder, and at the same octet. */
class Utf8ValidatorTest {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer chars = CharBuffer.allocate(256);

    @Test
    void everySequenceOfTwoOctetsIsJudgedAsTheJDKDoes() {
        for (int i = 0; i < 0x10000; i++) {
            assertLikeJdk((byte) (i >> 8), (byte) i);
        }
    }

    @Test
    void everySequenceOfThreeOctetsWithALongLeadIsJudgedAsTheJDKDoes() {
        for (int lead = 0xDF; lead <= 0xF5; lead++) {
            for (int i = 0; i < 0x10000; i++) {
                assertLikeJdk((byte) lead, (byte) (i >> 8), (byte) i);
            }
        }
    }

    @Test
    void everyEdgeOfFourOctetsIsJudgedAsTheJDKDoes() {
        int[] edges = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
        for (int lead = 0xEF; lead <= 0xFF; lead++) {
            for (int second : edges) {
                for (int third : edges) {
                    for (int fourth : edges) {
                        assertLikeJdk((byte) lead, (byte) second, (byte) third, (byte) fourth);
                    }
                }
            }
        }
    }

    @Test
    void randomTextsAreJudgedAlikeWholeAndInAnyTwoPieces() {
        Random random = new Random(1);
        for (int round = 0; round < 3000; round++) {
            byte[] text = randomText(random);
            boolean expected = jdkAccepts(text);
            assertThat(accepts(text, text.length)).isEqualTo(expected);
            for (int cut = 0; cut <= text.length; cut++) {
                assertThat(accepts(text, cut))
                        .as("cut at %d of %s", cut, Arrays.toString(text))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void theFirstOctetThatCanNotBeRightIsRefusedWhenItComes() {
        assertRefusedAt(ClientFrames.hex("cebae1bdb9cf83cebcceb5 f4 90 8080"), 12);
        assertRefusedAt(ClientFrames.hex("61 ed a0 80"), 2);
        assertRefusedAt(ClientFrames.hex("61 c0 80"), 1);
        assertRefusedAt(ClientFrames.hex("6161616161616161 61 80"), 9);
        assertRefusedAt(ClientFrames.hex("e2 82 61"), 2);
    }

    @Test
    void afterAResetNothingOfTheLastTextIsLeft() {
        Utf8Validator validator = new Utf8Validator();
        assertThat(validator.accept(new byte[] {(byte) 0xE0}, 0, 1)).isTrue();
        assertThat(validator.isComplete()).isFalse();
        validator.reset();
        assertThat(validator.isComplete()).isTrue();
        assertThat(validator.accept(ClientFrames.hex("c2 80"), 0, 2)).isTrue();
        assertThat(validator.isComplete()).isTrue();
    }

    private static void assertRefusedAt(byte[] text, int index) {
        Utf8Validator validator = new Utf8Validator();
        for (int i = 0; i < index; i++) {
            assertThat(validator.accept(text, i, i + 1)).as("octet %d", i).isTrue();
        }
        assertThat(validator.accept(text, index, index + 1)).isFalse();
    }

    private void assertLikeJdk(byte... text) {
        boolean expected = jdkAccepts(text);
        // Plain comparisons: there are millions.
        if (accepts(text, text.length) != expected || accepts(text, 1) != expected) {
            assertThat(accepts(text, text.length)).as(Arrays.toString(text)).isEqualTo(expected);
            assertThat(accepts(text, 1)).as(Arrays.toString(text)).isEqualTo(expected);
        }
    }

    private static boolean accepts(byte[] text, int cut) {
        Utf8Validator validator = new Utf8Validator();
        return validator.accept(text, 0, cut) && validator.accept(text, cut, text.length) && validator.isComplete();
    }

    private boolean jdkAccepts(byte[] text) {
        decoder.reset();
        chars.clear();
        CoderResult result = decoder.decode(ByteBuffer.wrap(text), chars, true);
        return !result.isError() && !decoder.flush(chars).isError();
    }

    private static byte[] randomText(Random random) {
        String[] parts = {
            "a", "12345678", "abcdefghijklmnopq", "é", "ß", "€", "한", "\ud83d\ude00", "\u0000", "\u07ff", "\uffff"
        };
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(8); n >= 0; n--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }
}

package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OctetsTest {
    private static final String TCHAR = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    @Test
    void aTokenIsMadeOfTheCharactersOfTheRfcInLowerCase() {
        for (int octet = 0; octet < 256; octet++) {
            int expected = TCHAR.indexOf(octet) < 0 ? 0 : Character.toLowerCase(octet);
            assertThat(Octets.token((byte) octet)).as("octet %02x", octet).isEqualTo((byte) expected);
        }
    }

    @Test
    void aTargetIsMadeOfVisibleCharactersWithoutAFragment() {
        for (int octet = 0; octet < 256; octet++) {
            assertThat(Octets.isTarget((byte) octet))
                    .as("octet %02x", octet)
                    .isEqualTo(octet > 0x20 && octet < 0x7f && octet != '#');
        }
    }

    @Test
    void hexadecimalDigitsAreReadInBothCases() {
        for (int octet = 0; octet < 256; octet++) {
            int expected = octet < 128 ? Character.digit(octet, 16) : -1;
            assertThat(Octets.hex((byte) octet)).as("octet %02x", octet).isEqualTo(expected);
        }
    }

    /** Each octet at each place of ranges around the eight octets that are looked at together, at each alignment. */
    @Test
    void theEndOfAValueIsItsFirstControlWhereverThatIs() {
        for (int length = 0; length <= 26; length++) {
            for (int start = 0; start < 9; start++) {
                for (int place = 0; place < length; place++) {
                    checkEachOctet(start, length, place);
                }
            }
        }
    }

    private static void checkEachOctet(int start, int length, int place) {
        byte[] octets = new byte[start + length + 3];
        Arrays.fill(octets, (byte) 0); // what is outside the range must not be looked at
        Arrays.fill(octets, start, start + length, (byte) 'v');
        int end = start + length;
        for (int octet = 0; octet < 256; octet++) {
            octets[start + place] = (byte) octet;
            boolean control = octet < 0x20 && octet != '\t' || octet == 0x7f;
            int expected = control ? start + place : end;
            if (Octets.endOfValue(octets, start, end) != expected) {
                assertThat(Octets.endOfValue(octets, start, end))
                        .as("octet %02x at %d of %d, start %d", octet, place, length, start)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void theFirstOfSeveralControlsEndsTheValue() {
        byte[] octets = new byte[24];
        for (int first = 0; first < octets.length; first++) {
            for (int second = first; second < octets.length; second++) {
                Arrays.fill(octets, (byte) 0x80);
                octets[second] = 0x7f;
                octets[first] = 0x1f;
                assertThat(Octets.endOfValue(octets, 0, octets.length)).isEqualTo(first);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", "!", "~", "\u0080", "\u00ff", "\t \u00a0"})
    void noOctetNextToAnotherIsTakenForAControl(String run) {
        byte[] octets = run.repeat(17).getBytes(ISO_8859_1);
        for (int start = 0; start <= octets.length; start++) {
            assertThat(Octets.endOfValue(octets, start, octets.length)).isEqualTo(octets.length);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length, true",
        "content-length, true",
        "CONTENT-LENGTH, true",
        "content_length, false",
        "content-lengt, false",
        "content-length1, false",
        "cOntent-lengtH, true"
    })
    void wordsAreComparedWithoutTheCaseOfLettersAlone(String text, boolean equal) {
        byte[] octets = ("x" + text + "x").getBytes(ISO_8859_1);
        assertThat(Octets.equalsIgnoreCase(octets, 1, octets.length - 1, "content-length"))
                .isEqualTo(equal);
    }

    /** Setting one bit makes a lower-case letter of a capital, and of some other octets too. */
    @Test
    void octetsThatDifferFromALetterByTheBitOfCaseAreNotTakenForIt() {
        for (int octet = 0; octet < 256; octet++) {
            for (char word : new char[] {'a', 'z', '0', '-', '^', '~', '\u007f', '{', '@', '`'}) {
                boolean expected = octet == word || octet < 128 && Character.toLowerCase(octet) == word;
                assertThat(Octets.equalsIgnoreCase(new byte[] {(byte) octet}, 0, 1, String.valueOf(word)))
                        .as("octet %02x and %s", octet, word)
                        .isEqualTo(expected);
            }
        }
    }
}

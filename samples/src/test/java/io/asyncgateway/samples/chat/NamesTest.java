package io.asyncgateway.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Ada|Ada",
                "  Ada   Lovelace |Ada Lovelace",
                "A\u200bd\u202ea|Ada",
                "e\u0301|\u00e9",
                "\u738b\u5c0f\u660e|\u738b\u5c0f\u660e",
                "\u0410\u043d\u043d\u0430|\u0410\u043d\u043d\u0430",
                "R2-D2 \ud83e\udd16|R2-D2 \ud83e\udd16",
                "123456789012345678901234|123456789012345678901234",
            })
    void aNameIsShownWithoutWhatOneDoesNotSee(String given, String shown) {
        assertThat(Names.name(given)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|at least one letter",
                "'  '|at least one letter",
                "\u200b\u202e|at least one letter",
                "!?|at least one letter",
                "1234567890123456789012345|too long",
                // "Ada" with a Cyrillic "A" in front.
                "\u0410da|one alphabet",
            })
    void aNameThatDoesNotDoIsRefusedInKindWords(String given, String problem) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Names.name(given))
                .withMessageContaining(problem)
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo("name"));
    }

    @Test
    void aTextKeepsItsLinesAndLosesControlCharacters() {
        assertThat(Names.text(" one\r\n\ttwo\u0000\u0007 ")).isEqualTo("one\n\ttwo");
    }

    @Test
    void theLengthOfATextIsCountedInCodePoints() {
        String longest = "\ud83d\ude00".repeat(ChatSession.MAX_TEXT);
        assertThat(Names.text(longest)).isEqualTo(longest);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Names.text(longest + "!"))
                .withMessage("A message has at most 2,000 characters.")
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo("too-long"));
    }

    @Test
    void anEmptyTextIsRefused() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Names.text(" \n\u0000"))
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo("text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lobby", "a", "7", "java-17", "abcdefghijklmnopqrstuvwxyz012345"})
    void lettersDigitsAndHyphensNameARoom(String name) {
        assertThat(Names.isRoom(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a-",
                "Lobby",
                "a b",
                "a.b",
                "a/b",
                "\u00e9",
                "a\n",
                "abcdefghijklmnopqrstuvwxyz0123456"
            })
    void nothingElseNamesARoom(String name) {
        assertThat(Names.isRoom(name)).isFalse();
    }
}

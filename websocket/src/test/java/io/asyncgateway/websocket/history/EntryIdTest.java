package io.asyncgateway.websocket.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"0-0", "1700000000000-0", "1700000000000-42", "9223372036854775807-9223372036854775807"})
    void theTextFormGoesBothWays(String text) {
        assertThat(EntryId.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1-",
                "-1",
                "1-2-3",
                "a-1",
                "1-a",
                " 1-1",
                "1-1 ",
                "+1-1",
                "1--1",
                "٣-1",
                "9223372036854775808-0",
                "0-99999999999999999999",
                "$",
                "*",
                "1-*"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> EntryId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id: " + text + " (expected: milliseconds-sequence, such as 1700000000000-0)");
    }

    @Test
    void aLongTextIsNotRepeatedInFull() {
        assertThatThrownBy(() -> EntryId.parse("7".repeat(10_000)))
                .hasMessage("id: " + "7".repeat(50) + "... (expected: milliseconds-sequence, such as 1700000000000-0)");
    }

    @Test
    void theOrderIsByTimeAndThenBySequence() {
        EntryId first = new EntryId(9, 10);
        EntryId second = new EntryId(10, 9);
        EntryId third = new EntryId(10, 10);
        assertThat(List.of(EntryId.ZERO, first, second, third, EntryId.MAX)).isSorted();
        assertThat(third.isAfter(second)).isTrue();
        assertThat(second.isAfter(second)).isFalse();
        assertThat(EntryId.ZERO.isAfter(null)).isTrue();
    }

    @Test
    void negativeNumbersAreRefused() {
        assertThatThrownBy(() -> new EntryId(-1, 0)).hasMessage("time: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new EntryId(0, -1)).hasMessage("sequence: -1 (expected: >= 0)");
    }
}

package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.websocket.history.EntryId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of a room's past, from what Redis says of its stream. */
class StreamInfoTest {
    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    @Test
    void readsTheAnswerOfRedis() {
        StreamInfo info = StreamInfo.of(List.of(
                ascii("length"),
                3L,
                ascii("last-generated-id"),
                ascii("5-1"),
                ascii("max-deleted-entry-id"),
                ascii("2-1"),
                ascii("entries-added"),
                5L,
                ascii("recorded-first-entry-id"),
                ascii("3-1"),
                ascii("first-entry"),
                List.of(ascii("3-1"), List.of(ascii("d"), ascii("x")))));

        assertThat(info).isEqualTo(new StreamInfo(3, new EntryId(5, 1), new EntryId(2, 1), new EntryId(3, 1)));
    }

    @ParameterizedTest(name = "deleted up to {0}, kept from {1} to {2}: after {3} complete {4}, else from {5}")
    @CsvSource({
        "0-0, 3-0, 9-0, 0-0, true, 2-9223372036854775807",
        "0-0, 3-0, 9-0, 3-0, true, 2-9223372036854775807",
        "0-0, 3-0, 9-0, 9-0, true, 2-9223372036854775807",
        "0-0, 3-0, 9-0, 2-0, false, 2-9223372036854775807",
        "0-0, 3-0, 9-0, 2-9223372036854775807, true, 2-9223372036854775807",
        "2-5, 3-1, 9-0, 2-5, true, 3-0",
        "2-5, 3-1, 9-0, 2-4, false, 3-0",
        "2-5, 3-1, 9-0, 0-0, false, 3-0",
        "9-0, 0-0, 9-0, 9-0, true, 9-0",
        "9-0, 0-0, 9-0, 8-0, false, 9-0",
        "0-0, 0-0, 0-0, 0-0, true, 0-0",
        "0-0, 0-0, 0-0, 5-0, false, 0-0",
    })
    void knowsWhetherSomethingIsMissingBehindAPosition(
            String deleted, String first, String last, String position, boolean complete, String beginning) {
        StreamInfo info = new StreamInfo(1, EntryId.parse(last), EntryId.parse(deleted), EntryId.parse(first));

        assertThat(info.isCompleteAfter(EntryId.parse(position))).isEqualTo(complete);
        assertThat(info.beginning()).isEqualTo(EntryId.parse(beginning));
    }

    @ParameterizedTest(
            name =
                    "kept from {1} to 9-0, deleted up to {0}, taken for deleted up to {2}: after {3} complete {4}, else from {5}")
    @CsvSource({
        "0-0, 3-0, 5-0, 5-0, true, 5-0",
        "0-0, 3-0, 5-0, 7-0, true, 5-0",
        "0-0, 3-0, 5-0, 4-0, false, 5-0",
        "0-0, 3-0, 5-0, 0-0, false, 5-0",
        "2-5, 3-0, 5-0, 5-0, true, 5-0",
        "2-5, 3-0, 5-0, 2-5, false, 5-0",
        "0-0, 3-0, 9-0, 9-0, true, 9-0",
        "0-0, 3-0, 9-0, 8-0, false, 9-0",
        "6-0, 7-0, 5-0, 6-0, true, 6-9223372036854775807",
    })
    void whatIsTakenForDeletedIsMissing(
            String deleted, String first, String through, String position, boolean complete, String beginning) {
        StreamInfo info = new StreamInfo(1, new EntryId(9, 0), EntryId.parse(deleted), EntryId.parse(first))
                .withoutThrough(EntryId.parse(through));

        assertThat(info.isCompleteAfter(EntryId.parse(position))).isEqualTo(complete);
        assertThat(info.beginning()).isEqualTo(EntryId.parse(beginning));
    }
}

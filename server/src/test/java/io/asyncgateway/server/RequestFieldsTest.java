package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestFieldsTest {
    private final Headers fields = parse("Host: a\r\nAccept: x\r\nCookie: secret=1\r\naccept:  y \r\nEmpty:\r\n\r\n");

    @Test
    void orderAndDuplicatesAreKeptAndNamesAreInLowerCase() {
        assertThat(fields)
                .containsExactly(
                        Map.entry("host", "a"),
                        Map.entry("accept", "x"),
                        Map.entry("cookie", "secret=1"),
                        Map.entry("accept", "y"),
                        Map.entry("empty", ""));
        assertThat(fields.size()).isEqualTo(5);
        assertThat(fields.name(1) + "=" + fields.value(1)).isEqualTo("accept=x");
    }

    @Test
    void aFieldIsFoundByItsNameInAnyCase() {
        assertThat(fields.first("accept")).isEqualTo("x");
        assertThat(fields.first("ACCEPT")).isEqualTo("x");
        assertThat(fields.first("empty")).isEmpty();
        assertThat(fields.first("accep")).isNull();
        assertThat(fields.first("accept1")).isNull();
        assertThat(fields.contains("Cookie")).isTrue();
        assertThat(fields.contains("cooki\u00e9")).isFalse();
        assertThat(fields.all("Accept")).containsExactly("x", "y");
    }

    @Test
    void aCopyByTheApplicationHasTheSameContent() {
        assertThat(Headers.copyOf(fields)).containsExactlyElementsOf(fields);
        assertThat(fields.toBuilder().remove("accept").build()).hasSize(3);
    }

    @Test
    void anIndexBehindTheLastFieldIsRefused() {
        assertThatThrownBy(() -> fields.name(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> fields.value(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void itsTextHasNoValues() {
        assertThat(fields.toString()).contains("cookie").doesNotContain("secret");
    }

    private static Headers parse(String section) {
        FieldParser parser = new FieldParser(10);
        byte[] octets = section.getBytes(ISO_8859_1);
        try {
            assertThat(parser.parse(octets, 0, octets.length)).isTrue();
        } catch (HttpFailure failure) {
            throw new AssertionError(failure);
        }
        return parser.fields();
    }
}

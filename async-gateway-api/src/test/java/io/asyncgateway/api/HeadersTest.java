package io.asyncgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
    @Test
    void keepOrderAndDuplicatesAndPutNamesInLowerCase() {
        Headers headers = Headers.of("Set-Cookie", "a=1", "Vary", "accept", "SET-COOKIE", "b=2");

        assertThat(headers)
                .containsExactly(
                        Map.entry("set-cookie", "a=1"), Map.entry("vary", "accept"), Map.entry("set-cookie", "b=2"));
        assertThat(headers.all("set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(headers.first("SET-COOKIE")).isEqualTo("a=1");
        assertThat(headers.size()).isEqualTo(3);
    }

    @Test
    void anAbsentFieldHasNoValue() {
        assertThat(Headers.empty().first("host")).isNull();
        assertThat(Headers.empty().all("host")).isEmpty();
        assertThat(Headers.empty().contains("host")).isFalse();
        assertThat(Headers.empty().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a:", "", "ä", "a\r", "a\nb", "a\0", "(a)", "a/b", "\u212A"})
    void refuseANameThatIsNoToken(String name) {
        assertThatThrownBy(() -> Headers.of(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\rb", "a\nb", "a\r\nset-cookie: x", "\n", "a\0", "a\u007f", "a\u001b", "\u0100", "\u20ac"})
    void refuseAValueThatWouldBreakTheMessage(String value) {
        assertThatThrownBy(() -> Headers.of("x-test", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header x-test")
                .hasMessageContaining("index");
    }

    @Test
    void aRefusalDoesNotRepeatTheValue() {
        assertThatThrownBy(() -> Headers.of("authorization", "secret\n"))
                .message()
                .doesNotContain("secret");
    }

    @Test
    void keepEveryLatin1CharacterAndTabs() {
        assertThat(Headers.of("x-test", "\u00e4\u00ff\u0080\tb").first("x-test"))
                .isEqualTo("\u00e4\u00ff\u0080\tb");
    }

    @Test
    void removeWhiteSpaceAroundAValue() {
        assertThat(Headers.of("x-test", " \ta b\t ").first("x-test")).isEqualTo("a b");
        assertThat(Headers.of("x-test", " ").first("x-test")).isEmpty();
        assertThat(Headers.of("x-test", "").first("x-test")).isEmpty();
    }

    @Test
    void refuseANameWithoutAValue() {
        assertThatThrownBy(() -> Headers.of("a", "b", "c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 strings");
    }

    @Test
    void aBuilderReplacesAndRemovesEveryFieldOfAName() {
        Headers headers = Headers.of("a", "1", "b", "2", "A", "3").toBuilder()
                .set("A", "4")
                .remove("B")
                .add("c", "5")
                .build();

        assertThat(headers).isEqualTo(Headers.of("a", "4", "c", "5"));
    }

    @Test
    void whatABuilderHasBuiltDoesNotChangeWithIt() {
        Headers.Builder builder = Headers.builder().add("a", "1");
        Headers before = builder.build();
        builder.add("b", "2");

        assertThat(before).isEqualTo(Headers.of("a", "1"));
    }

    @Test
    void aCopyOfValidFieldsIsTheSameObject() {
        Headers headers = Headers.of("a", "1");

        assertThat(Headers.copyOf(headers)).isSameAs(headers);
    }

    @Test
    void aCopyOfAnotherImplementationIsValidated() {
        assertThat(Headers.copyOf(new OneField("X-Test", "1"))).isEqualTo(Headers.of("x-test", "1"));
        assertThatThrownBy(() -> Headers.copyOf(new OneField("x-test", "1\n")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textShowsNamesAlone() {
        assertThat(Headers.of("cookie", "secret", "a", "1")).hasToString("Headers[cookie, a]");
    }

    private record OneField(String name, String value) implements Headers {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public String name(int index) {
            return name;
        }

        @Override
        public String value(int index) {
            return value;
        }
    }
}

package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketExtensionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            quoteCharacter = '`',
            value = {
                "foo                          > foo",
                "foo; bar=1                   > foo;bar=1",
                "foo;bar;baz=\"10\"           > foo;bar;baz=10",
                "foo ; bar = 1 ; bar          > foo;bar=1;bar",
                "foo; a=\"1\\2\"              > foo;a=12",
                "foo; bar, baz; a=1, foo      > foo;bar | baz;a=1 | foo",
                ", ,foo,                      > foo",
                "\tfoo\t,\tbar\t              > foo | bar",
            })
    void offersAreReadInTheirOrder(String value, String expected) {
        assertThat(show(WebSocketExtension.parse(List.of(value)))).isEqualTo(expected.strip());
    }

    @Test
    void severalFieldsAreOneList() {
        assertThat(show(WebSocketExtension.parse(List.of("foo", "bar; a=1, baz"))))
                .isEqualTo("foo | bar;a=1 | baz");
    }

    @Test
    void noFieldIsNoOffer() {
        assertThat(WebSocketExtension.parse(List.of())).isEmpty();
        assertThat(WebSocketExtension.parse(List.of(""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";",
                "foo;",
                "foo; =1",
                "foo; a=",
                "foo bar",
                "foo; a=\"",
                "foo; a=\"\"",
                "foo; a=\"b",
                "foo; a=\"b c\"",
                "foo; a=\"b\\",
                "foo; a=b c",
                "foo; a=\"b\"c",
                "f\u00f6o",
                "foo; a=(b)"
            })
    void whatIsNotOfTheGrammarIsRefusedWithThePlace(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebSocketExtension.parse(List.of(value)))
                .withMessageMatching("sec-websocket-extensions: not understood at character \\d+ \\(expected: .*\\)");
    }

    private static String show(List<WebSocketExtension> extensions) {
        return extensions.stream()
                .map(extension -> extension.name()
                        + extension.parameters().stream()
                                .map(p -> ";" + p.name() + (p.value() == null ? "" : "=" + p.value()))
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(" | "));
    }
}

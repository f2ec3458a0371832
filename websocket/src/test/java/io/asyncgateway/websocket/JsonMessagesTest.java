package io.asyncgateway.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.asyncgateway.api.WebSocketMessage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMessagesTest {
    private static final JsonMessages JSON = JsonMessages.standard();

    record Point(int x, int y, @Nullable String label) {}

    record Even(int number) {
        Even {
            if (number % 2 != 0) {
                throw new IllegalArgumentException("number: " + number + " (expected: even)");
            }
        }
    }

    private static WebSocketMessage text(String json) {
        return WebSocketMessage.text(json);
    }

    @Test
    void recordsGoOutAndComeIn() {
        Point point = new Point(1, -2, "caf\u00e9");
        WebSocketMessage.Text message = JSON.encode(point);
        assertThat(message.text()).isEqualTo("{\"x\":1,\"y\":-2,\"label\":\"caf\u00e9\"}");
        assertThat(JSON.decode(message, Point.class)).isEqualTo(point);
        assertThat((Object) JSON.decode(text("[1,2]"), List.class)).isEqualTo(List.of(1, 2));
        assertThat((Object) JSON.decode(text("{\"a\":{\"b\":1}}"), Map.class)).isEqualTo(Map.of("a", Map.of("b", 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d\\ude00", "\\ud83d", "\\ude00 \\ud83d", "\\u0000\\u001f\\\\", "\\u2028"})
    void everyTextThatComesInCanGoOutAgain(String escaped) {
        String text = JSON.decode(text("\"" + escaped + "\""), String.class);
        assertThat(JSON.decode(JSON.encode(text), String.class)).isEqualTo(text);
    }

    @Test
    void fieldsThatTheTypeDoesNotHaveAreIgnored() {
        assertThat(JSON.decode(text("{\"x\":1,\"y\":2,\"z\":{\"deep\":[3]}}"), Point.class))
                .isEqualTo(new Point(1, 2, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"x\":1,\"y\":2",
                "{\"x\":1,\"y\":2}}",
                "{\"x\":1,\"y\":2} {}",
                "{\"x\":1,\"y\":2} x",
                "{'x':1,'y':2}",
                "{x:1,y:2}",
                "{\"x\":1,\"y\":2,}",
                "{\"x\":1}",
                "{\"x\":1,\"y\":null}",
                "{\"x\":1,\"y\":\"two\"}",
                "{\"x\":1,\"y\":99999999999}",
                "{\"x\":1,\"y\":[2]}",
                "{\"x\":1,\"y\":NaN}",
                "null",
                "1",
                "\"text\"",
                "[]",
                "[1,2]",
                "\u0000",
                "/* comment */{\"x\":1,\"y\":2}",
            })
    void whatDoesNotFitIsInvalidAndSaysNothingOfWhatCame(String json) {
        assertThatThrownBy(() -> JSON.decode(text(json), Point.class))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessage("message: not valid (expected: JSON of Point)")
                .extracting(failure -> ((InvalidMessageException) failure).closeCode())
                .isEqualTo(1007);
    }

    @Test
    void whatAConstructorRefusesIsInvalid() {
        assertThat(JSON.decode(text("{\"number\":2}"), Even.class)).isEqualTo(new Even(2));
        assertThatThrownBy(() -> JSON.decode(text("{\"number\":3}"), Even.class))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void aBinaryMessageIsNoJson() {
        assertThatThrownBy(() -> JSON.decode(WebSocketMessage.binary(UTF_8.encode("1")), Integer.class))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessage("message: binary (expected: text with JSON)")
                .extracting(failure -> ((InvalidMessageException) failure).closeCode())
                .isEqualTo(1003);
    }

    @Test
    void hostileJsonIsInvalidBeforeItCostsMuch() {
        for (String json : List.of(
                "[".repeat(101) + "]".repeat(101),
                "[".repeat(500_000),
                "{\"a\":".repeat(200_000),
                "9".repeat(101),
                "1e" + "9".repeat(101),
                "{\"" + "n".repeat(1001) + "\":1}")) {
            assertThatThrownBy(() -> JSON.decode(text(json), Object.class)).isInstanceOf(InvalidMessageException.class);
        }
        assertThat(JSON.decode(text("[".repeat(100) + "]".repeat(100)), Object.class))
                .isNotNull();
        assertThat(JSON.decode(text("\"" + "s".repeat(1 << 20) + "\""), String.class))
                .hasSize(1 << 20);
        assertThat(JSON.decode(text("1e1000000"), BigDecimal.class)).isEqualTo(new BigDecimal("1e1000000"));
    }

    @Test
    void aTypeThatJacksonCannotReadIsTheApplicationsFault() {
        assertThatThrownBy(() -> JSON.decode(text("{}"), Runnable.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Runnable")
                .hasMessageEndingWith("(expected: one that Jackson can read)");
    }

    @Test
    void aMapperOfOnesOwnDecides() {
        ObjectMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE)
                .build();
        JsonMessages own = JsonMessages.of(mapper);
        assertThat(own.encode(new Even(2)).text()).isEqualTo("{\"NUMBER\":2}");
        assertThat(own.decode(text("{\"NUMBER\":4}"), Even.class)).isEqualTo(new Even(4));
        assertThatThrownBy(() -> own.decode(text("{\"NUMBER\":4,\"MORE\":1}"), Even.class))
                .isInstanceOf(InvalidMessageException.class);
    }
}

package io.asyncgateway.websocket.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.history.EntryId;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoomEncoderTest {
    private static final EntryId ID = new EntryId(1700000000000L, 3);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\":\"hi\"}       | {'id':'1700000000000-3',\"text\":\"hi\"}",
                "{ \"text\" : \"ä\" }    | {'id':'1700000000000-3',\"text\" : \"ä\" }",
                "{}                      | {'id':'1700000000000-3'}",
                "{ \t }                  | {'id':'1700000000000-3'}",
                "{\"a\":{}}              | {'id':'1700000000000-3',\"a\":{}}",
            })
    void theIdIsTheFirstFieldOfAnObject(String message, String expected) {
        assertThat(RoomEncoder.jsonWithId().encode(ID, WebSocketMessage.text(message)))
                .isEqualTo(WebSocketMessage.text(expected.replace('\'', '"')));
    }

    @Test
    void whitespaceBeforeTheObjectIsLeftOut() {
        assertThat(RoomEncoder.jsonWithId("seq").encode(ID, WebSocketMessage.text("\r\n {\"a\":1}\n")))
                .isEqualTo(WebSocketMessage.text("{\"seq\":\"1700000000000-3\",\"a\":1}\n"));
    }

    @Test
    void aMessageThatIsNotKeptHasNoId() {
        WebSocketMessage message = WebSocketMessage.text("{\"a\":1}");
        assertThat(RoomEncoder.jsonWithId().encode(null, message)).isSameAs(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "1", "hello", "\"{}\""})
    void whatIsNoObjectIsRefused(String text) {
        WebSocketMessage message = WebSocketMessage.text(text);
        assertThatThrownBy(() -> RoomEncoder.jsonWithId().check(message))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("message: does not begin with { (expected: a JSON object in a text message)");
        assertThatThrownBy(() -> RoomEncoder.jsonWithId().encode(ID, message))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anObjectInABinaryMessageIsRefused() {
        WebSocketMessage binary = WebSocketMessage.binary(ByteBuffer.wrap(new byte[] {'{', '}'}));
        assertThatThrownBy(() -> RoomEncoder.jsonWithId().check(binary)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aGapHasTheIdFromWhichItGoesOn() {
        assertThat(RoomEncoder.jsonWithId().gap(EntryId.ZERO, ID))
                .isEqualTo(WebSocketMessage.text("{\"id\":\"1700000000000-3\",\"gap\":true}"));
        assertThat(RoomEncoder.asIs().gap(EntryId.ZERO, ID)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\"b", "ä", "a b"})
    void aFieldThatIsNoPlainNameIsRefused(String field) {
        assertThatThrownBy(() -> RoomEncoder.jsonWithId(field)).hasMessageStartingWith("field: ");
    }

    @Test
    void asItIsMeansAsItIs() {
        WebSocketMessage message = WebSocketMessage.text("x");
        assertThat(RoomEncoder.asIs().encode(ID, message)).isSameAs(message);
    }
}

package io.asyncgateway.websocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.asyncgateway.api.WebSocketMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** JSON in text messages. Immutable and safe for use from any thread. */
public final class JsonMessages {
    private static final JsonMessages STANDARD = new JsonMessages(JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build());

    private final ObjectMapper mapper;

    private JsonMessages(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * The one that is shared by all who ask for nothing else.
     *
     * @return a constant
     */
    public static JsonMessages standard() {
        return STANDARD;
    }

    /**
     * JSON as a mapper of your own reads and writes it.
     *
     * @param mapper the mapper; must not be configured any more
     * @return the messages
     */
    public static JsonMessages of(ObjectMapper mapper) {
        return new JsonMessages(Objects.requireNonNull(mapper, "mapper"));
    }

    /**
     * Writes a value. For a broadcast do it once and send the message to all.
     *
     * @param value the value
     * @return a text message, encoded
     * @throws IllegalArgumentException if the value can't be written
     */
    public WebSocketMessage.Text encode(Object value) {
        try {
            return WebSocketMessage.utf8(ByteBuffer.wrap(mapper.writeValueAsBytes(value)));
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException(
                    "value: " + value.getClass().getName() + " (expected: one that Jackson can write)", failure);
        }
    }

    /**
     * Reads a message.
     *
     * @param message the message
     * @param type what it shall be
     * @param <T> that type
     * @return the value
     * @throws InvalidMessageException if it is no text, no JSON, or JSON of another form
     */
    public <T> T decode(WebSocketMessage message, Class<T> type) {
        if (!(message instanceof WebSocketMessage.Text)) {
            throw new InvalidMessageException(
                    CloseStatus.UNSUPPORTED_DATA, "message: binary (expected: text with JSON)", null);
        }
        ByteBuffer payload = message.payload();
        byte[] octets = new byte[payload.remaining()];
        payload.get(octets);
        T value;
        try {
            value = mapper.readValue(octets, type);
        } catch (IOException failure) {
            throw new InvalidMessageException(
                    CloseStatus.INVALID_DATA,
                    "message: not valid (expected: JSON of " + type.getSimpleName() + ")",
                    failure);
        }
        if (value == null) {
            throw new InvalidMessageException("message: null (expected: JSON of " + type.getSimpleName() + ")");
        }
        return value;
    }
}

package io.asyncgateway.websocket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.asyncgateway.api.WebSocketMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * JSON in text messages, by Jackson. Immutable and safe for use from any thread.
 *
 * <table>
 *   <caption>What {@link #standard()} makes of a peer's JSON</caption>
 *   <tr><td>a field that the type does not have</td><td>ignored, so that clients may be newer than the service</td></tr>
 *   <tr><td>a missing or null field of a primitive type</td><td>refused</td></tr>
 *   <tr><td>another missing field</td><td>{@code null}: a record's constructor can refuse it</td></tr>
 *   <tr><td>anything behind the value</td><td>refused</td></tr>
 *   <tr><td>a field that comes twice</td><td>the last one counts</td></tr>
 *   <tr><td>more than 100 levels of nesting, a number of more than 100 characters, a name of more than 1,000</td><td>refused</td></tr>
 * </table>
 *
 * <p>A string may be as long as the message, which {@link SessionOptions#maxMessageSize()} bounds. What a constructor of the type throws counts as a
 * message that does not fit.
 */
public final class JsonMessages {
    private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxNestingDepth(100)
            .maxNumberLength(100)
            .maxNameLength(1000)
            .build();

    private static final JsonMessages STANDARD = new JsonMessages(JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build())
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
     * JSON as a mapper of your own reads and writes it. Its limits and its strictness are the mapper's.
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
     * @throws IllegalArgumentException if the type is none that Jackson can read
     */
    public <T> T decode(WebSocketMessage message, Class<T> type) {
        return decode(octets(message), reader(type), type);
    }

    ObjectReader reader(Class<?> type) {
        return mapper.readerFor(type);
    }

    /** The octets of a text message. */
    static byte[] octets(WebSocketMessage message) {
        if (!(message instanceof WebSocketMessage.Text)) {
            throw new InvalidMessageException(
                    CloseStatus.UNSUPPORTED_DATA, "message: binary (expected: text with JSON)", null);
        }
        byte[] octets = new byte[message.size()];
        message.payload().get(octets);
        return octets;
    }

    /** Reads a value by a reader for its type. */
    static <T> T decode(byte[] octets, ObjectReader reader, Class<T> type) {
        Object value;
        try {
            value = reader.readValue(octets);
        } catch (InvalidDefinitionException unreadable) {
            throw new IllegalArgumentException(
                    "type: " + unreadable.getType() + " (expected: one that Jackson can read)", unreadable);
        } catch (IOException failure) {
            throw notValid(type, failure);
        }
        if (value == null) {
            throw notValid(type, null);
        }
        return type.cast(value);
    }

    private static InvalidMessageException notValid(Class<?> type, @Nullable IOException failure) {
        return new InvalidMessageException(
                CloseStatus.INVALID_DATA,
                "message: not valid (expected: JSON of " + type.getSimpleName() + ")",
                failure);
    }

    /**
     * The text in one field of an object, read no further than it must be.
     *
     * @return the text of the first such field
     * @throws InvalidMessageException if it is no object, or the field is missing or no text
     */
    String field(byte[] octets, String name) {
        try (JsonParser parser = mapper.getFactory().createParser(octets)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidMessageException("message: not valid (expected: a JSON object)");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(name);
                JsonToken value = parser.nextToken();
                if (found && value == JsonToken.VALUE_STRING) {
                    return parser.getText();
                }
                if (found) {
                    break;
                }
                parser.skipChildren();
            }
        } catch (IOException failure) {
            throw new InvalidMessageException(
                    CloseStatus.INVALID_DATA, "message: not valid (expected: a JSON object)", failure);
        }
        throw new InvalidMessageException("message: without " + name + " (expected: a text in it)");
    }
}

package io.asyncgateway.websocket.channel;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;

/**
 * Writes values as bytes and reads them again. Stateless, safe for use from any thread, never blocks.
 *
 * @param <T> type of the values
 */
public interface Codec<T> {
    /**
     * JSON in UTF-8, by a Jackson mapper with its defaults, but that unknown properties are ignored: nodes of two versions talk to each other while
     * a new one is rolled out.
     *
     * @param type class of the values
     * @param <T> type of the values
     * @return a codec
     */
    static <T> Codec<T> json(Class<T> type) {
        return new JsonCodec<>(JsonCodec.MAPPER, type);
    }

    /**
     * JSON in UTF-8, by a mapper of one's own.
     *
     * @param mapper the mapper; not to be reconfigured from now on
     * @param type class of the values
     * @param <T> type of the values
     * @return a codec
     */
    static <T> Codec<T> json(ObjectMapper mapper, Class<T> type) {
        return new JsonCodec<>(mapper, type);
    }

    /**
     * Text in UTF-8. Malformed bytes fail.
     *
     * @return a constant
     */
    static Codec<String> text() {
        return TextCodec.INSTANCE;
    }

    /**
     * Writes a value.
     *
     * @param value the value
     * @return its bytes
     * @throws CodecException if it can't be written
     */
    ByteBuffer encode(T value);

    /**
     * Reads a value.
     *
     * @param bytes its bytes, from position to limit; the codec may move the position
     * @return the value
     * @throws CodecException if these are not the bytes of such a value
     */
    T decode(ByteBuffer bytes);
}

package io.asyncgateway.websocket.channel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;

/** JSON by Jackson. */
final class JsonCodec<T> implements Codec<T> {
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final Class<T> type;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    JsonCodec(ObjectMapper mapper, Class<T> type) {
        this.type = type;
        this.writer = mapper.writerFor(type);
        this.reader = mapper.readerFor(type)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .without(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
    }

    @Override
    public ByteBuffer encode(T value) {
        try {
            return ByteBuffer.wrap(writer.writeValueAsBytes(value));
        } catch (JsonProcessingException failure) {
            throw new CodecException(type.getSimpleName() + " can't be written as JSON", failure);
        }
    }

    @Override
    public T decode(ByteBuffer bytes) {
        byte[] json = new byte[bytes.remaining()];
        bytes.get(json);
        T value;
        try {
            value = reader.readValue(json);
        } catch (IOException failure) {
            throw new CodecException("not the JSON of a " + type.getSimpleName(), failure);
        }
        if (value == null) {
            throw new CodecException("not the JSON of a " + type.getSimpleName(), new IOException("null"));
        }
        return value;
    }
}

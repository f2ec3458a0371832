package io.asyncgateway.websocket.channel;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text in UTF-8, strictly. */
final class TextCodec implements Codec<String> {
    static final TextCodec INSTANCE = new TextCodec();

    private TextCodec() {}

    @Override
    public ByteBuffer encode(String value) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
        } catch (CharacterCodingException failure) {
            throw new CodecException("text has an unpaired surrogate", failure);
        }
    }

    @Override
    public String decode(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException failure) {
            throw new CodecException("text is not UTF-8", failure);
        }
    }
}

package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message of a WebSocket: {@link Text} or {@link Binary}. Immutable, and encoded at most once however often it is sent: for a broadcast make one
 * and send it to all.
 */
public sealed interface WebSocketMessage {
    /**
     * A text message.
     *
     * @param text the text; unpaired surrogates become {@code ?}
     * @return the message
     */
    static Text text(String text) {
        return new Text(Objects.requireNonNull(text, "text"), null);
    }

    /**
     * A text message that is encoded already.
     *
     * @param utf8 valid UTF-8 from position to limit; must not be changed afterwards
     * @return the message
     */
    static Text utf8(ByteBuffer utf8) {
        return new Text(null, Buffers.readOnly(utf8));
    }

    /**
     * A binary message.
     *
     * @param data the bytes from position to limit; must not be changed while the message is in use
     * @return the message
     */
    static Binary binary(ByteBuffer data) {
        return new Binary(data);
    }

    /**
     * The payload as it goes over the wire.
     *
     * @return a read-only buffer of the caller's own position and limit
     */
    ByteBuffer payload();

    /**
     * How many bytes the payload has. Costs nothing but, for a text that was not encoded yet, its encoding.
     *
     * @return the number of bytes
     */
    int size();

    /** A text message. It keeps the form in which it came and converts to the other when first asked. */
    final class Text implements WebSocketMessage {
        // Each is derived from the other without side effects, so a race only does the work twice. A String can be
        // handed to another thread
        // without a barrier, a ByteBuffer can't.
        private @Nullable String text;
        private volatile @Nullable ByteBuffer utf8;

        private Text(@Nullable String text, @Nullable ByteBuffer utf8) {
            this.text = text;
            this.utf8 = utf8;
        }

        /**
         * The text.
         *
         * @return the text
         */
        public String text() {
            String known = text;
            if (known == null) {
                known = UTF_8.decode(payload()).toString();
                text = known;
            }
            return known;
        }

        @Override
        public ByteBuffer payload() {
            return encoded().duplicate();
        }

        @Override
        public int size() {
            return encoded().remaining();
        }

        private ByteBuffer encoded() {
            ByteBuffer known = utf8;
            if (known == null) {
                known = ByteBuffer.wrap(Objects.requireNonNull(text).getBytes(UTF_8))
                        .asReadOnlyBuffer();
                utf8 = known;
            }
            return known;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Text that && text().equals(that.text());
        }

        @Override
        public int hashCode() {
            return text().hashCode();
        }

        @Override
        public String toString() {
            return "Text[" + size() + " bytes]";
        }
    }

    /**
     * A binary message.
     *
     * @param data the bytes from position to limit
     */
    record Binary(ByteBuffer data) implements WebSocketMessage {
        /** Makes the buffer read-only. */
        public Binary {
            data = Buffers.readOnly(data);
        }

        @Override
        public ByteBuffer payload() {
            return data.duplicate();
        }

        @Override
        public int size() {
            return data.remaining();
        }
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.WebSocketMessage;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The received message that is being put together from frames, fragments and inflated pieces. It grows with what has come and never by
 * what was announced, holds the limit on the message, and checks text as it streams.
 *
 * <p>A message that is all there at its first octet is copied once, into an array of its own size, which then is the application's.
 */
final class WebSocketAssembly {
    /** What a peer can make us hold by one octet of a large frame. */
    private static final int SMALLEST_GROWTH = 4096;

    private static final int SMALLEST_ARRAY = 64;

    private static final byte[] NONE = {};

    private final int maxSize;
    private final Utf8Validator utf8 = new Utf8Validator();
    private byte[] bytes = NONE;
    private int length;
    private boolean text;

    WebSocketAssembly(int maxSize) {
        this.maxSize = maxSize;
    }

    void begin(boolean asText) {
        text = asText;
        utf8.reset();
    }

    int length() {
        return length;
    }

    /** Refuses a frame whose payload would make the message too big, before any of it is read. */
    void checkAnnounced(int payload) throws WebSocketProtocolException {
        if (payload > maxSize - length) {
            throw tooBig();
        }
    }

    /**
     * Appends masked octets of a frame and returns the key for those that follow.
     *
     * @param count octets to take from {@code in}; with what is here, within the limit
     * @param rest octets of the frame that have not come yet
     * @param last whether it is the last frame of the message
     */
    int appendMasked(ByteBuf in, int count, int rest, boolean last, int key) throws WebSocketProtocolException {
        int end = length + count;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, last ? sizeForLast(end, rest) : sizeForMore(end));
        }
        in.readBytes(bytes, length, count);
        int next = WebSocketMask.apply(bytes, length, end, key);
        appended(count);
        return next;
    }

    /** The exact size as soon as at least half of the message is here, so that it needs no copy at its end. */
    private static int sizeForLast(int end, int rest) {
        return (int) Math.min((long) end + rest, Math.max(2L * end, SMALLEST_GROWTH));
    }

    private int sizeForMore(int end) {
        return (int) Math.min(maxSize, Math.max(2L * end, SMALLEST_ARRAY));
    }

    /** The array that an inflater writes to, from {@link #length()} on; {@link #appended} follows. */
    byte[] array() {
        return bytes;
    }

    /**
     * Makes room for inflated octets and returns how many fit now, at least one. There is room for one more than the limit, so that going
     * past it shows.
     */
    int room(int guess) {
        if (length == bytes.length) {
            long grown = Math.max(2L * length, Math.min(Math.max(guess, SMALLEST_ARRAY), SMALLEST_GROWTH));
            bytes = Arrays.copyOf(bytes, (int) Math.min(grown, maxSize + 1L));
        }
        return bytes.length - length;
    }

    void appended(int count) throws WebSocketProtocolException {
        int from = length;
        length += count;
        if (length > maxSize) {
            throw tooBig();
        }
        if (text && !utf8.accept(bytes, from, length)) {
            throw invalidText();
        }
    }

    /** Hands the message over and is empty again. */
    WebSocketMessage finish() throws WebSocketProtocolException {
        if (text && !utf8.isComplete()) {
            throw invalidText();
        }
        byte[] whole = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        release();
        ByteBuffer payload = ByteBuffer.wrap(whole).asReadOnlyBuffer();
        return text ? WebSocketMessage.utf8(payload) : WebSocketMessage.binary(payload);
    }

    /** Lets go of what has been put together so far. */
    void release() {
        bytes = NONE;
        length = 0;
    }

    private WebSocketProtocolException tooBig() {
        return WebSocketProtocolException.tooBig("message", maxSize);
    }

    private static WebSocketProtocolException invalidText() {
        return WebSocketProtocolException.invalidPayload("text is not UTF-8");
    }
}

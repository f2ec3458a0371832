package io.asyncgateway.websocket.room;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.api.WebSocketMessage;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message as it travels through the channel layer or lies in the history.
 *
 * <p>A text for everybody is its UTF-8 and nothing else, so that other programs can write into a room and read its history. All others have a head, which
 * begins with an octet that no such text has:
 *
 * <pre>
 *   0x01  flags (1: binary, 2: somebody is left out)  [length, id of who is left out]  payload
 *   0x02  a {@link ControlMessage}
 * </pre>
 *
 * @param message the message
 * @param except the id of the member that shall not get it, or {@code null}
 */
record Envelope(WebSocketMessage message, @Nullable String except) {
    static final byte HEAD = 1;
    static final byte CONTROL = 2;

    private static final int BINARY = 1;
    private static final int EXCEPT = 2;

    ByteBuffer encode() {
        ByteBuffer payload = message.payload();
        boolean binary = message instanceof WebSocketMessage.Binary;
        if (!binary && except == null && isPlain(payload)) {
            return payload;
        }
        byte[] id = except == null ? null : except.getBytes(US_ASCII);
        int idLength = id == null ? 0 : 1 + id.length;
        ByteBuffer whole = ByteBuffer.allocate(2 + idLength + payload.remaining());
        whole.put(HEAD).put((byte) ((binary ? BINARY : 0) | (id == null ? 0 : EXCEPT)));
        if (id != null) {
            whole.put((byte) id.length).put(id);
        }
        return whole.put(payload).flip();
    }

    /**
     * Takes the head off.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static Envelope decode(ByteBuffer octets) {
        if (isPlain(octets)) {
            return new Envelope(WebSocketMessage.utf8(octets), null);
        }
        ByteBuffer rest = octets.slice();
        if (rest.remaining() < 2 || rest.get() != HEAD) {
            throw new IllegalArgumentException("message: an unknown head (expected: a text or " + HEAD + ")");
        }
        int flags = rest.get();
        String except = null;
        if ((flags & EXCEPT) != 0) {
            int length = rest.hasRemaining() ? rest.get() & 0xff : Integer.MAX_VALUE;
            if (length > rest.remaining()) {
                throw new IllegalArgumentException("message: the head is cut off");
            }
            byte[] id = new byte[length];
            rest.get(id);
            except = new String(id, US_ASCII);
        }
        ByteBuffer payload = rest.slice();
        return new Envelope(
                (flags & BINARY) != 0 ? WebSocketMessage.binary(payload) : WebSocketMessage.utf8(payload), except);
    }

    static boolean isControl(ByteBuffer octets) {
        return octets.hasRemaining() && octets.get(octets.position()) == CONTROL;
    }

    private static boolean isPlain(ByteBuffer payload) {
        return payload.hasRemaining()
                && payload.get(payload.position()) != HEAD
                && payload.get(payload.position()) != CONTROL;
    }

    /** The id of a member, short enough for the head. */
    static String requireMemberId(String id) {
        Objects.requireNonNull(id, "id");
        if (id.length() > 255) {
            throw new IllegalArgumentException(
                    "member: an id of " + id.length() + " characters (expected: at most 255)");
        }
        return id;
    }
}

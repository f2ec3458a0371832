package io.asyncgateway.websocket.history;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * One message of a {@link History}.
 *
 * @param id its place in the order of its room
 * @param payload what was appended: read-only and never changed, from position to limit; the accessor returns a buffer of the caller's own
 *     position and limit
 */
public record Entry(EntryId id, ByteBuffer payload) {
    /** Makes the buffer read-only. */
    public Entry {
        Objects.requireNonNull(id, "id");
        payload = payload.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    @Override
    public String toString() {
        return "Entry[" + id + ", " + payload.remaining() + " bytes]";
    }
}

package io.asyncgateway.websocket.room;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.history.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a message that was broadcast the one that members get, so that they learn its id in the {@linkplain Rooms.Builder#history history} and can
 * resume behind it. Called once for each message and node, and once for each message that is replayed; on any thread, must not block.
 */
@FunctionalInterface
public interface RoomEncoder {
    /**
     * Encodes a message.
     *
     * @param id its id, or {@code null} for a message that is not kept
     * @param message as it was broadcast
     * @return what members get
     */
    WebSocketMessage encode(@Nullable EntryId id, WebSocketMessage message);

    /**
     * Refuses a message that could not be encoded, while its sender can still be told.
     *
     * @param message as it was broadcast
     * @throws IllegalArgumentException if it is not fit; the broadcast fails with it
     */
    default void check(WebSocketMessage message) {}

    /**
     * What members get where the node has fallen so far behind that messages were dropped from the history before it had read them.
     *
     * @param after the last position without a gap
     * @param resumeAfter the position behind which everything comes again
     * @return the message, or {@code null} for none
     */
    default @Nullable WebSocketMessage gap(EntryId after, EntryId resumeAfter) {
        return null;
    }

    /**
     * Messages go out as they were broadcast, without an id. The default.
     *
     * @return the encoder
     */
    static RoomEncoder asIs() {
        return (id, message) -> message;
    }

    /**
     * Messages are JSON objects, and get their id as the first field: {@code {"text":"hello"}} is sent as
     * {@code {"id":"1700000000000-0","text":"hello"}}, and as it is where it is not kept. A gap is told as
     * {@code {"id":"1700000000000-0","gap":true}}.
     *
     * @return the encoder
     */
    static RoomEncoder jsonWithId() {
        return jsonWithId("id");
    }

    /**
     * The same with another name of the field.
     *
     * @param field the name, which messages must not use themselves; ASCII letters, digits, {@code -}, {@code _} and {@code .}
     * @return the encoder
     * @throws IllegalArgumentException if the name is empty or has other characters
     */
    static RoomEncoder jsonWithId(String field) {
        return new JsonIdEncoder(field);
    }
}

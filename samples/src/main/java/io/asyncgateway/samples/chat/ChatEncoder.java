package io.asyncgateway.samples.chat;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.room.RoomEncoder;
import org.jspecify.annotations.Nullable;

/** Puts the id in front of a message of the log, and tells a gap in the words of this protocol. */
final class ChatEncoder implements RoomEncoder {
    private static final WebSocketMessage GAP = WebSocketMessage.text("{\"type\":\"gap\"}");

    private final RoomEncoder ids = RoomEncoder.jsonWithId();

    @Override
    public WebSocketMessage encode(@Nullable EntryId id, WebSocketMessage message) {
        return ids.encode(id, message);
    }

    @Override
    public void check(WebSocketMessage message) {
        ids.check(message);
    }

    @Override
    public WebSocketMessage gap(EntryId after, EntryId resumeAfter) {
        return GAP;
    }
}

package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.history.EntryId;
import java.util.Objects;

/**
 * What a member got of the past when it joined.
 *
 * @param count messages that were replayed
 * @param complete whether nothing is missing between the last seen id and what comes live. {@code false} where messages since then are no longer
 *     kept, are more than {@link JoinOptions#maxResume()}, or nothing is known of that id. {@code true} for who has no last seen id
 * @param position what comes live comes behind this: the id to resume from for a member that has not got a message yet;
 *     {@link EntryId#ZERO} in rooms without a history
 */
public record Replay(long count, boolean complete, EntryId position) {
    /** Nothing, in a room without a history. */
    static final Replay NONE = new Replay(0, true, EntryId.ZERO);

    /** Refuses null. */
    public Replay {
        Objects.requireNonNull(position, "position");
    }
}

package io.asyncgateway.websocket.history;

import java.util.Objects;

/**
 * A {@linkplain History#tail tail} asked for entries that are no longer kept, or may not be: between {@link #after()} and {@link #resumeAfter()}
 * some are missing. A new tail after {@link #resumeAfter()} goes on with the oldest entry that is kept.
 */
public final class HistoryGapException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String room;
    private final transient EntryId after;
    private final transient EntryId resumeAfter;

    /**
     * A gap.
     *
     * @param room the room
     * @param after the last position without a gap
     * @param resumeAfter the position before the oldest entry that is kept
     */
    public HistoryGapException(String room, EntryId after, EntryId resumeAfter) {
        super("room " + room + ": entries after " + after + " are no longer kept (the oldest is behind " + resumeAfter
                + ")");
        this.room = room;
        this.after = Objects.requireNonNull(after, "after");
        this.resumeAfter = Objects.requireNonNull(resumeAfter, "resumeAfter");
    }

    /**
     * The room.
     *
     * @return its name
     */
    public String room() {
        return room;
    }

    /**
     * The last position without a gap.
     *
     * @return the position; nothing up to it is missing
     */
    public EntryId after() {
        return after;
    }

    /**
     * The position before the oldest entry that is kept.
     *
     * @return the position from which a new tail has no gap
     */
    public EntryId resumeAfter() {
        return resumeAfter;
    }
}

package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.QueueOptions;
import io.asyncgateway.websocket.history.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * How a session joins a room.
 *
 * <pre>{@code
 * String lastSeen = query(session, "last-seen");                      // what the client has kept, or null
 * JoinOptions options = JoinOptions.defaults().withName(user.name());
 * room.join(session, lastSeen == null ? options : options.withLastSeen(EntryId.parse(lastSeen)));
 * }</pre>
 *
 * @param name shown to others in {@link MemberInfo}; empty by default
 * @param info shown to others in {@link MemberInfo}, such as JSON; empty by default
 * @param lastSeen the id of the last message that the client has, from before: the replay begins behind it; {@code null} by default
 * @param maxReplay without a last seen id: how many of the newest messages are replayed; 100 by default, 0 for none
 * @param maxResume with a last seen id: how many of the newest messages since then are replayed at most; 1,000 by default
 * @param queue the bounds and policy of this member's queue; {@code null}, the default, for those of the {@linkplain Rooms.Builder#queue rooms}
 */
public record JoinOptions(
        String name,
        String info,
        @Nullable EntryId lastSeen,
        int maxReplay,
        int maxResume,
        @Nullable QueueOptions queue) {
    private static final JoinOptions DEFAULTS = new JoinOptions("", "", null, 100, 1_000, null);

    /** Validates the sizes. */
    public JoinOptions {
        MemberInfo.requireAtMost("name", name, MemberInfo.MAX_NAME_BYTES);
        MemberInfo.requireAtMost("info", info, MemberInfo.MAX_INFO_BYTES);
        requireNotNegative("maxReplay", maxReplay);
        requireNotNegative("maxResume", maxResume);
    }

    private static void requireNotNegative(String what, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: >= 0)");
        }
    }

    /**
     * Every value at its default.
     *
     * @return a constant
     */
    public static JoinOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with a name.
     *
     * @param shown at most {@value MemberInfo#MAX_NAME_BYTES} bytes of UTF-8
     * @return the options
     */
    public JoinOptions withName(String shown) {
        return new JoinOptions(shown, info, lastSeen, maxReplay, maxResume, queue);
    }

    /**
     * The same with an info.
     *
     * @param shown at most {@value MemberInfo#MAX_INFO_BYTES} bytes of UTF-8
     * @return the options
     */
    public JoinOptions withInfo(String shown) {
        return new JoinOptions(name, shown, lastSeen, maxReplay, maxResume, queue);
    }

    /**
     * The same for a client that comes again.
     *
     * @param id of the last message that it has
     * @return the options
     */
    public JoinOptions withLastSeen(@Nullable EntryId id) {
        return new JoinOptions(name, info, id, maxReplay, maxResume, queue);
    }

    /**
     * The same with another number of messages for who comes for the first time.
     *
     * @param messages the most that are replayed
     * @return the options
     */
    public JoinOptions withMaxReplay(int messages) {
        return new JoinOptions(name, info, lastSeen, messages, maxResume, queue);
    }

    /**
     * The same with another number of messages for who comes again.
     *
     * @param messages the most that are replayed
     * @return the options
     */
    public JoinOptions withMaxResume(int messages) {
        return new JoinOptions(name, info, lastSeen, maxReplay, messages, queue);
    }

    /**
     * The same with a queue of other bounds.
     *
     * @param bounds the options; {@link QueueOptions#paused()} is the room's business
     * @return the options
     */
    public JoinOptions withQueue(@Nullable QueueOptions bounds) {
        return new JoinOptions(name, info, lastSeen, maxReplay, maxResume, bounds);
    }
}

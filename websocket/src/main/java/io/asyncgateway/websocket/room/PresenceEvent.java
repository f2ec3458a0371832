package io.asyncgateway.websocket.room;

import java.util.List;
import java.util.Objects;

/** Who is in a room, as it changes: {@link Present} first, then who comes and goes. See {@link Room#presence()}. */
public sealed interface PresenceEvent {
    /**
     * Everybody who is there. Comes first, and again in the place of events that a slow subscriber did not take in time: it replaces all that was
     * known.
     *
     * @param members the members; immutable
     */
    record Present(List<MemberInfo> members) implements PresenceEvent {
        /** Copies the list. */
        public Present {
            members = List.copyOf(members);
        }
    }

    /**
     * A member came.
     *
     * @param member who it is
     */
    record Joined(MemberInfo member) implements PresenceEvent {
        /** Refuses null. */
        public Joined {
            Objects.requireNonNull(member, "member");
        }
    }

    /**
     * A member went: it left, its session ended, or its node is gone.
     *
     * @param member who it was
     */
    record Left(MemberInfo member) implements PresenceEvent {
        /** Refuses null. */
        public Left {
            Objects.requireNonNull(member, "member");
        }
    }
}

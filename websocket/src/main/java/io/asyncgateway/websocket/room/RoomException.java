package io.asyncgateway.websocket.room;

import java.util.Objects;

/** Why a room could not be joined or used. Has no stack trace: it is about limits, not about faults. */
public final class RoomException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of reasons. */
    public enum Reason {
        /** The room has as many members on this node as it may. */
        ROOM_FULL,

        /** This node has as many rooms in use as it may. */
        TOO_MANY_ROOMS,

        /** The session is a member already, or about to be. */
        ALREADY_JOINED,

        /** {@link Rooms#close()} was called. */
        CLOSED
    }

    private final Reason reason;

    RoomException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * The kind of reason.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}

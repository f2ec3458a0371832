package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.QueueStatistics;
import io.asyncgateway.websocket.WebSocketSession;

/** A session in a {@link Room} of this node. Safe for use from any thread. */
public interface Member {
    /**
     * What others see of it.
     *
     * @return id, name and info
     */
    MemberInfo info();

    /**
     * Its id: short for {@code info().id()}.
     *
     * @return the id
     */
    default String id() {
        return info().id();
    }

    /**
     * The room.
     *
     * @return the room
     */
    Room room();

    /**
     * The session.
     *
     * @return the session
     */
    WebSocketSession session();

    /**
     * What it got of the past when it joined.
     *
     * @return the replay; nothing in rooms without a history
     */
    Replay replay();

    /**
     * Leaves the room, at once: messages that still wait in the member's queue are given up. Again, or after the end of the session, which leaves by
     * itself, it does nothing.
     */
    void leave();

    /**
     * Whether it has left.
     *
     * @return whether it gets no more messages
     */
    boolean hasLeft();

    /**
     * What went through this member's queue.
     *
     * @return the counters at this moment; they stay readable after it left
     */
    QueueStatistics queue();
}

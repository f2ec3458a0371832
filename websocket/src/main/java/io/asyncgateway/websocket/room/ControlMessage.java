package io.asyncgateway.websocket.room;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other about who is in a room. Presence is a log for each room and node: every join and leave is one step of its version, so that
 * who missed one notices.
 *
 * <pre>
 *   to the room's group:   Changes, SnapshotRequest
 *   to who asked:          Snapshot
 *   to the nodes' group:   Digest, Hello, Resync, Bye
 * </pre>
 */
sealed interface ControlMessage {
    /** Who says it. */
    String node();

    /** Joins and leaves; the version after the first of them is {@code firstVersion}. */
    record Changes(String node, long firstVersion, List<Change> changes) implements ControlMessage {}

    /**
     * A join, or a leave.
     *
     * @param id the member
     * @param joined who joined; {@code null} for a leave
     */
    record Change(String id, @Nullable MemberInfo joined) {}

    /**
     * A wish for snapshots.
     *
     * @param of the node that shall answer; empty for all
     * @param replyTo the channel for the answer
     */
    record SnapshotRequest(String node, String of, String replyTo) implements ControlMessage {}

    /** All members of a node, in parts that come one after the other. */
    record Snapshot(String node, long version, int part, int parts, List<MemberInfo> members)
            implements ControlMessage {}

    /** A sign of life, with versions of rooms that changed of late, and of some others. */
    record Digest(String node, List<RoomVersion> rooms) implements ControlMessage {}

    /** Where a room stands on the node. */
    record RoomVersion(String room, long version) {}

    /** The node wants to know where the rooms of the others stand. */
    record Hello(String node) implements ControlMessage {}

    /** The node was cut off for a while: what others know of it may be wrong. */
    record Resync(String node) implements ControlMessage {}

    /** The node goes away. */
    record Bye(String node) implements ControlMessage {}
}

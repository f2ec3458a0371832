package io.asyncgateway.websocket.room;

/**
 * Counters of one node, of one room or of all. Those of a room begin when it comes into use and end when it is released; those of all go on.
 *
 * @param members members on this node, now
 * @param remoteMembers members on other nodes, now, as far as this node knows
 * @param joins members that came, on this node
 * @param leaves members that went, on this node
 * @param messages messages that arrived for the members on this node, each once
 * @param deliveries messages that were put into the queue of a member
 * @param droppedOldest messages that a member will not get, by {@link io.asyncgateway.websocket.OverflowPolicy#DROP_OLDEST}
 * @param droppedNewest messages that a member will not get, by {@link io.asyncgateway.websocket.OverflowPolicy#DROP_NEWEST}
 * @param disconnected members whose session was closed by {@link io.asyncgateway.websocket.OverflowPolicy#DISCONNECT}
 * @param replayed messages that were replayed to members that came
 * @param gaps how often messages were dropped from the history before this node could read them
 * @param malformed messages that arrived and could not be read or encoded
 */
public record RoomStatistics(
        int members,
        int remoteMembers,
        long joins,
        long leaves,
        long messages,
        long deliveries,
        long droppedOldest,
        long droppedNewest,
        long disconnected,
        long replayed,
        long gaps,
        long malformed) {
    static final RoomStatistics NONE = new RoomStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

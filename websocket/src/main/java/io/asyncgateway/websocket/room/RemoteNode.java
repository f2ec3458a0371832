package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.room.ControlMessage.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this node knows of the members of a room on another one. Guarded by the lock of its {@link Presence}. */
final class RemoteNode {
    final Map<String, MemberInfo> members = new LinkedHashMap<>();
    /** The step up to which the members are known. */
    long version;
    /** The latest step heard of, which a snapshot should reach. */
    long wanted;
    /** A snapshot was asked for, and has not come. */
    boolean asked;
    /** Ticks until the node is dropped from this room unless it says something; negative for never. */
    int ticksLeft = -1;
    /** Members were left out because there are too many. */
    boolean truncated;

    private @Nullable Snapshot lastPart;
    private List<MemberInfo> parts = new ArrayList<>();

    RemoteNode(long version) {
        this.version = version;
        this.wanted = version;
    }

    /** Takes a part of a snapshot; returns the members with the last one, and null before and where parts are missing. */
    @Nullable
    List<MemberInfo> complete(Snapshot snapshot, int maxMembers) {
        boolean next = snapshot.part() == 0
                || (lastPart != null
                        && lastPart.version() == snapshot.version()
                        && lastPart.part() + 1 == snapshot.part());
        if (!next) {
            lastPart = null;
            parts = new ArrayList<>();
            return null;
        }
        if (snapshot.part() == 0) {
            parts = new ArrayList<>();
        }
        lastPart = snapshot;
        for (MemberInfo member : snapshot.members()) {
            // One more than there is room for, so that it shows that some are left out.
            if (parts.size() <= maxMembers) {
                parts.add(member);
            }
        }
        if (snapshot.part() + 1 < snapshot.parts()) {
            return null;
        }
        List<MemberInfo> all = parts;
        parts = new ArrayList<>();
        lastPart = null;
        return all;
    }
}

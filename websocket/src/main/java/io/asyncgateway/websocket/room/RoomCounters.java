package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.OverflowPolicy;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What {@link RoomStatistics} shows, of one room and, above it, of all. Safe for use from any thread. */
final class RoomCounters {
    private final @Nullable RoomCounters all;
    private final LongAdder joins = new LongAdder();
    private final LongAdder leaves = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder deliveries = new LongAdder();
    private final LongAdder droppedOldest = new LongAdder();
    private final LongAdder droppedNewest = new LongAdder();
    private final LongAdder disconnected = new LongAdder();
    private final LongAdder replayed = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder malformed = new LongAdder();

    RoomCounters(@Nullable RoomCounters all) {
        this.all = all;
    }

    void joined() {
        joins.increment();
        if (all != null) {
            all.joined();
        }
    }

    void left() {
        leaves.increment();
        if (all != null) {
            all.left();
        }
    }

    /** Once for each message, not for each member. */
    void delivered(long members) {
        messages.increment();
        deliveries.add(members);
        if (all != null) {
            all.delivered(members);
        }
    }

    void dropped(OverflowPolicy policy) {
        switch (policy) {
            case DROP_OLDEST -> droppedOldest.increment();
            case DROP_NEWEST -> droppedNewest.increment();
            case DISCONNECT -> disconnected.increment();
        }
        if (all != null) {
            all.dropped(policy);
        }
    }

    void replayed() {
        replayed.increment();
        if (all != null) {
            all.replayed();
        }
    }

    void gap() {
        gaps.increment();
        if (all != null) {
            all.gap();
        }
    }

    /** Returns how many there were, of all rooms if this is the counter of one. */
    long malformed() {
        malformed.increment();
        return all != null ? all.malformed() : malformed.sum();
    }

    RoomStatistics statistics(int members, int remoteMembers) {
        return new RoomStatistics(
                members,
                remoteMembers,
                joins.sum(),
                leaves.sum(),
                messages.sum(),
                deliveries.sum(),
                droppedOldest.sum(),
                droppedNewest.sum(),
                disconnected.sum(),
                replayed.sum(),
                gaps.sum(),
                malformed.sum());
    }
}

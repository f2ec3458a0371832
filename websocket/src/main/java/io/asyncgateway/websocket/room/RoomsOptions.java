package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.QueueOptions;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.history.History;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** What a {@link Rooms.Builder} was told; described there. */
record RoomsOptions(
        ChannelLayer layer,
        @Nullable History history,
        RoomEncoder encoder,
        QueueOptions queue,
        String prefix,
        int maxRooms,
        int maxMembers,
        int maxRemoteMembers,
        Duration idleGrace,
        Duration digestInterval,
        Duration openTimeout,
        Scheduler timer) {
    /** The name of a room's group and history. */
    String key(String room) {
        return prefix + room;
    }
}

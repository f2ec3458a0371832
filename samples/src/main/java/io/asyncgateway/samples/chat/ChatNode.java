package io.asyncgateway.samples.chat;

import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.room.Rooms;
import java.time.Clock;
import reactor.core.publisher.Mono;

/**
 * What the connections of one process have in common: the rooms, what was said lately, who has spoken how much.
 *
 * @param backend carries and keeps the messages
 * @param rooms the rooms
 * @param said what was said through this process lately
 * @param speakers how fast each user may speak
 * @param clock tells when something was said
 */
record ChatNode(Backend backend, Rooms rooms, SaidMessages said, Speakers speakers, Clock clock) {
    /** Everybody in a room is told of everybody who comes and goes: more are no longer a chat. */
    private static final int MAX_MEMBERS = 1_000;

    static ChatNode over(Backend backend, Clock clock) {
        Rooms rooms = Rooms.builder()
                .layer(backend.layer())
                .history(backend.history())
                .encoder(new ChatEncoder())
                .prefix("chat.")
                .maxMembers(MAX_MEMBERS)
                .build();
        return new ChatNode(backend, rooms, new SaidMessages(), new Speakers(), clock);
    }

    boolean isReady() {
        return backend.layer().isReady() && backend.history().isReady();
    }

    Mono<Void> close() {
        return rooms.close().then(backend.close());
    }

    /**
     * What carries messages between the processes, and what keeps them.
     *
     * @param layer the channel layer
     * @param history the log of each room
     * @param close ends both
     */
    record Backend(ChannelLayer layer, History history, Mono<Void> close) {}
}

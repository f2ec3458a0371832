package io.asyncgateway.websocket.room;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.WebSocketSession;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A name, and the way to what is behind it while it is in use. Immutable. */
final class RoomHandle implements Room {
    private final Rooms rooms;
    private final RoomsOptions options;
    private final String name;

    RoomHandle(Rooms rooms, RoomsOptions options, String name) {
        this.rooms = rooms;
        this.options = options;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Mono<Member> join(WebSocketSession session, JoinOptions joinOptions) {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(joinOptions, "joinOptions");
        return Mono.defer(() -> rooms.acquire(this).join(rooms.newMemberId(), session, joinOptions));
    }

    @Override
    public Mono<EntryId> broadcast(WebSocketMessage message) {
        return publish(message, null);
    }

    @Override
    public Mono<EntryId> broadcastExcept(String except, WebSocketMessage message) {
        return publish(message, Envelope.requireMemberId(except));
    }

    @Override
    public Mono<Void> signal(WebSocketMessage message) {
        return send(message, null);
    }

    @Override
    public Mono<Void> signalExcept(String except, WebSocketMessage message) {
        return send(message, Envelope.requireMemberId(except));
    }

    private Mono<EntryId> publish(WebSocketMessage message, @Nullable String except) {
        History history = options.history();
        if (history == null) {
            return send(message, except).then(Mono.empty());
        }
        Envelope envelope = new Envelope(Objects.requireNonNull(message, "message"), except);
        return Mono.defer(() -> {
            check(message);
            return history.append(options.key(name), envelope.encode());
        });
    }

    private Mono<Void> send(WebSocketMessage message, @Nullable String except) {
        Envelope envelope = new Envelope(Objects.requireNonNull(message, "message"), except);
        return Mono.defer(() -> {
            check(message);
            return options.layer().groupSend(options.key(name), envelope.encode());
        });
    }

    private void check(WebSocketMessage message) {
        if (rooms.isClosed()) {
            throw rooms.closedException();
        }
        options.encoder().check(message);
    }

    @Override
    public List<MemberInfo> members() {
        ActiveRoom active = rooms.active(name);
        return active == null ? List.of() : active.presence().members();
    }

    @Override
    public Flux<PresenceEvent> presence() {
        return Flux.defer(() -> {
            ActiveRoom active = rooms.acquire(this);
            return active.opened().thenMany(active.presence().events()).doFinally(end -> active.release());
        });
    }

    @Override
    public RoomStatistics statistics() {
        ActiveRoom active = rooms.active(name);
        return active == null ? RoomStatistics.NONE : active.statistics();
    }

    @Override
    public String toString() {
        return "Room[" + name + "]";
    }
}

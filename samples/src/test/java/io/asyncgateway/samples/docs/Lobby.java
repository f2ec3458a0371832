package io.asyncgateway.samples.docs;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.websocket.Handshakes;
import io.asyncgateway.websocket.WebSocketService;
import io.asyncgateway.websocket.WebSocketSession;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.InMemoryHistory;
import io.asyncgateway.websocket.room.JoinOptions;
import io.asyncgateway.websocket.room.Room;
import io.asyncgateway.websocket.room.RoomEncoder;
import io.asyncgateway.websocket.room.Rooms;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** ws://localhost:8000/ada joins as ada; /ada?1700000000000-0 goes on behind the message with that id. */
public final class Lobby implements Application {
    record Say(String text) {}

    record Said(String from, String text) {}

    private final Room lobby = Rooms.builder()
            .history(InMemoryHistory.builder().maxAge(Duration.ofMinutes(10)).build())
            .encoder(RoomEncoder.jsonWithId())
            .build()
            .room("lobby");

    private final Application sockets = Applications.webSocket(WebSocketService.builder()
            .handshake(Handshakes.sameOrigin())
            .onSession(this::visit)
            .build());

    private Mono<Void> visit(WebSocketSession session) {
        String name = session.scope().localPath().substring(1);
        String lastSeen = session.scope().queryString();
        JoinOptions options = JoinOptions.defaults().withName(name);
        return lobby.join(session, lastSeen.isEmpty() ? options : options.withLastSeen(EntryId.parse(lastSeen)))
                .thenMany(session.messages(Say.class))
                .map(say -> session.json().encode(new Said(name, say.text())))
                .concatMap(lobby::broadcast, 1)
                .then();
    }

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return sockets.handle(scope, receive, send);
    }
}

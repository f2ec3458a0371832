package io.asyncgateway.samples.legacy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.LifespanApplication;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.samples.legacy.shop.OrderFeed;
import io.asyncgateway.websocket.Handshakes;
import io.asyncgateway.websocket.SessionOptions;
import io.asyncgateway.websocket.WebSocketService;
import io.asyncgateway.websocket.WebSocketSession;
import io.asyncgateway.websocket.history.InMemoryHistory;
import io.asyncgateway.websocket.room.JoinOptions;
import io.asyncgateway.websocket.room.Room;
import io.asyncgateway.websocket.room.RoomEncoder;
import io.asyncgateway.websocket.room.Rooms;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A page that shows orders as they are placed, over WebSocket. Who comes gets the last twenty first. Anybody may look, so there is nothing of a customer in it.
 *
 * <p>The way of an order: a worker thread of the shop calls {@link #announce} after its transaction, which puts it into the room and does not wait; the room
 * brings it to each session on its event loop, and drops a page that does not take its messages.
 */
final class LiveOrders implements Application {
    private static final Logger LOG = LoggerFactory.getLogger(LiveOrders.class);
    private static final int SHOWN = 20;
    private static final int NOTHING_TO_SAY = 1024;

    private static final ObjectWriter JSON = new ObjectMapper().writerFor(Placed.class);

    private final LivePage page = new LivePage();
    private final Rooms rooms = Rooms.builder()
            .history(InMemoryHistory.builder().maxAge(Duration.ofHours(1)).build())
            .encoder(RoomEncoder.jsonWithId())
            .build();
    private final Room orders = rooms.room("orders");
    private final Application parts = Applications.builder()
            .http((scope, receive, send) -> page.send(scope, send))
            .webSocket(this::webSocket)
            .lifespan(LifespanApplication.of(scope -> Mono.empty(), scope -> rooms.close()))
            .build();

    /** What the page is told. */
    private record Placed(String at, List<OrderFeed.Item> items, String total) {}

    /** Tells everybody who looks. From any thread; never blocks. */
    void announce(OrderFeed.News order) {
        Placed placed =
                new Placed(order.at().toString(), order.items(), order.total().toPlainString());
        try {
            orders.broadcast(WebSocketMessage.text(JSON.writeValueAsString(placed)))
                    .subscribe(id -> {}, failure -> LOG.warn("an order was not announced", failure));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return parts.handle(scope, receive, send);
    }

    private Mono<Void> webSocket(WebSocketScope scope, Receive receive, Send send) {
        if (!scope.localPath().equals("/ws")) {
            return Http.respond(send, 404, "not found (expected: /live/ws)\n");
        }
        return WebSocketService.builder()
                .handshake(Handshakes.sameOrigin())
                .options(SessionOptions.defaults().withMaxMessageSize(NOTHING_TO_SAY))
                .onSession(this::watch)
                .build()
                .handle(scope, receive, send);
    }

    /** A page has nothing to say; until it leaves it is a member. */
    private Mono<Void> watch(WebSocketSession session) {
        return orders.join(session, JoinOptions.defaults().withMaxReplay(SHOWN))
                .thenMany(session.messages())
                .then();
    }
}

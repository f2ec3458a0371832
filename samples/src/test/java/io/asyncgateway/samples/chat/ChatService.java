package io.asyncgateway.samples.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.asyncgateway.api.Application;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.HttpScopeWrapper;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import io.asyncgateway.samples.chat.ChatNode.Backend;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The chat in memory, started; closed it has shut down in order. Said is everything at the same time of the same day. */
final class ChatService implements AutoCloseable {
    static final String NOW = "2030-01-01T12:00:00Z";

    private final Chat chat;
    private final LifespanDriver life;

    ChatService() {
        this(Backends::open);
    }

    ChatService(Backend backend) {
        this(settings -> Mono.just(backend));
    }

    private ChatService(Function<Map<String, String>, Mono<Backend>> backends) {
        chat = new Chat(Clock.fixed(Instant.parse(NOW), ZoneOffset.UTC), backends);
        life = ApplicationDriver.lifespan(chat, LifespanScope.of(Map.of()));
        life.startup();
        life.expect(LifespanEvent.StartupComplete.class);
    }

    ChatClient connect() {
        return new ChatClient(ApplicationDriver.webSocket(
                chat, WebSocketScope.builder().target("/ws").state(life.requestState())));
    }

    /** Somebody who has said hello and joined a room in which nothing was said. */
    ChatClient join(String name, String room) {
        ChatClient client = connect();
        client.hello(name);
        return client.in(room);
    }

    /** Who is in a room, as somebody who comes and goes again is told; each connection by itself. */
    List<JsonNode> membersOf(String room) {
        try (ChatClient visitor = connect()) {
            visitor.hello("Visitor");
            visitor.join(room);
            List<JsonNode> members = new ArrayList<>();
            visitor.await("members").path("members").forEach(members::add);
            visitor.lose();
            return members;
        }
    }

    HttpDriver.Response get(String target) {
        try (HttpDriver driver = request(HttpScope.builder().target(target))) {
            return driver.expectResponse();
        }
    }

    /** The answer to a request that comes while the server is going down. */
    HttpDriver.Response getWhileDraining(String target) {
        Application draining = (scope, receive, send) -> chat.handle(
                new HttpScopeWrapper((HttpScope) scope) {
                    @Override
                    public Mono<Void> draining() {
                        return Mono.empty();
                    }
                },
                receive,
                send);
        try (HttpDriver driver = ApplicationDriver.http(
                draining, HttpScope.builder().target(target).state(life.requestState()))) {
            return driver.expectResponse();
        }
    }

    HttpDriver request(RequestScopeBuilder.ForHttp scope) {
        return ApplicationDriver.http(chat, scope.state(life.requestState()));
    }

    @Override
    public void close() {
        life.shutdown();
        life.expect(LifespanEvent.ShutdownComplete.class);
        life.expectEnd();
        life.close();
    }
}

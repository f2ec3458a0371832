package io.asyncgateway.samples.chat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanApplication;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.StateKey;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.samples.chat.ChatNode.Backend;
import io.asyncgateway.samples.chat.ServerMessage.Suggestion;
import io.asyncgateway.websocket.Handshakes;
import io.asyncgateway.websocket.SessionOptions;
import io.asyncgateway.websocket.WebSocketService;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A chat with several rooms, and its page. {@code /} is the page, {@code /ws} the WebSocket, {@code /ready} says whether this process should
 * be sent anybody.
 *
 * <pre>
 * ./async-gateway io.asyncgateway.samples.chat.Chat
 * ./async-gateway io.asyncgateway.samples.chat.Chat --port 8001 --set redis=redis://localhost:6379
 * </pre>
 *
 * <p>With {@code redis} (or {@code ASYNC_GATEWAY_SET_REDIS} in the environment) all processes with the same address are one chat; without, each is one
 * of its own.
 *
 * <p>How it is put together: the lifespan opens a {@code ChatNode}, which has the rooms, and puts it into the state. A {@link WebSocketService} gives each
 * connection a {@code ChatSession}, which reads {@code ClientMessage}s and answers with {@code ServerMessage}s; what is said goes into a
 * {@link io.asyncgateway.websocket.room.Room}, and from there to everybody in it. The package has the protocol.
 */
public final class Chat implements Application {
    /** Where a page takes people first. Anybody can open more. */
    static final List<Suggestion> SUGGESTIONS = List.of(
            new Suggestion("lobby", "Say hello, stay a while"),
            new Suggestion("random", "Anything goes"),
            new Suggestion("help", "Questions about Async Gateway"));

    private static final StateKey<ChatNode> NODE = StateKey.of("chat", ChatNode.class);

    /** Ample for the longest text, in whatever way its characters are escaped. */
    private static final int MAX_MESSAGE_BYTES = 32 * 1024;

    private final Clock clock;
    private final Function<Map<String, String>, Mono<Backend>> backends;
    private final ChatPage page = new ChatPage();
    private final Application parts;

    /** With the clock of the system, and messages carried and kept as the settings say. */
    public Chat() {
        this(Clock.systemUTC(), Backends::open);
    }

    Chat(Clock clock, Function<Map<String, String>, Mono<Backend>> backends) {
        this.clock = clock;
        this.backends = backends;
        this.parts = Applications.builder()
                .http(this::http)
                .webSocket(this::webSocket)
                .lifespan(LifespanApplication.of(
                        this::start, scope -> scope.state().require(NODE).close()))
                .build();
    }

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return parts.handle(scope, receive, send);
    }

    private Mono<Void> start(LifespanScope scope) {
        return backends.apply(scope.settings())
                .doOnNext(backend -> scope.state().put(NODE, ChatNode.over(backend, clock)))
                .then();
    }

    private Mono<Void> http(HttpScope scope, Receive receive, Send send) {
        return scope.localPath().equals("/ready") ? ready(scope, send) : page.send(scope, send);
    }

    private static Mono<Void> ready(HttpScope scope, Send send) {
        String answer = scope.state().require(NODE).isReady() ? "ready\n" : "the channel layer is down\n";
        // A signal that has fired comes at once, and wins.
        return Mono.firstWithSignal(scope.draining().thenReturn("the server is going down\n"), Mono.just(answer))
                .flatMap(text -> Http.respond(send, text.equals("ready\n") ? 200 : 503, text));
    }

    private Mono<Void> webSocket(WebSocketScope scope, Receive receive, Send send) {
        if (!scope.localPath().equals("/ws")) {
            return Http.respond(send, 404, "not found (expected: /ws for the WebSocket)\n");
        }
        ChatNode node = scope.state().require(NODE);
        return WebSocketService.builder()
                .handshake(Handshakes.sameOrigin())
                .options(SessionOptions.defaults().withMaxMessageSize(MAX_MESSAGE_BYTES))
                .onSession(session -> new ChatSession(node, session).run())
                .build()
                .handle(scope, receive, send);
    }
}

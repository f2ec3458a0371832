package io.asyncgateway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.WebSocketApplication;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSockets;
import io.asyncgateway.server.ServerConfig;
import io.asyncgateway.server.WebSocketOptions;
import io.asyncgateway.websocket.JsonRouter;
import io.asyncgateway.websocket.WebSocketService;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A WebSocket whose messages take their handler longer than its client can wait, over a real socket, with the client of the JDK. */
class SlowHandlerTest {
    private static final int LIMIT_SECONDS = 30;

    /** Handles a message for ever. */
    private final CountDownLatch handling = new CountDownLatch(1);

    record Say(String text) {}

    private Mono<Void> handle() {
        return Mono.fromRunnable(handling::countDown).then(Mono.never());
    }

    @Test
    void aSessionAnswersPingsWhileAMessageIsHandled() throws InterruptedException {
        answersPings(WebSocketService.of(
                session -> session.messages().concatMap(message -> handle(), 1).then()));
    }

    @Test
    void aRouterAnswersPingsWhileAMessageIsHandled() throws InterruptedException {
        answersPings(WebSocketService.of(JsonRouter.builder()
                .on("say", Say.class, (session, say) -> handle())
                .build()));
    }

    @Test
    void anApplicationOfTheContractAnswersPingsWhileAMessageIsHandled() throws InterruptedException {
        answersPings((scope, receive, send) ->
                send.send(new WebSocketEvent.Accept()).then(WebSockets.forEach(receive, message -> handle())));
    }

    /** The next ping is not sent before the last was answered: several show that the answers are read. */
    @Test
    void theServersOwnPingsAreAnsweredWhileAMessageIsHandled() throws InterruptedException {
        WebSocketApplication application = WebSocketService.of(
                session -> session.messages().concatMap(message -> handle(), 1).then());
        WebSocketOptions often = WebSocketOptions.defaults().withPingInterval(Duration.ofMillis(50));
        try (RunningSample server = new RunningSample(
                Applications.webSocket(application), ServerConfig.defaults().withWebSocket(often))) {
            Frames frames = new Frames();
            WebSocket client = connect(server, frames);
            occupy(client);
            frames.pings.clear();
            for (int i = 0; i < 3; i++) {
                assertThat(next(frames.pings)).isNotNull();
            }
            assertThat(frames.closed).isEmpty();
            client.abort();
        }
    }

    private void answersPings(WebSocketApplication application) throws InterruptedException {
        try (RunningSample server = new RunningSample(Applications.webSocket(application))) {
            Frames frames = new Frames();
            WebSocket client = connect(server, frames);
            occupy(client);
            for (String ping : new String[] {"one", "two"}) {
                client.sendPing(ByteBuffer.wrap(ping.getBytes(UTF_8))).join();
                assertThat(next(frames.pongs)).isEqualTo(ping);
            }
            client.abort();
        }
    }

    private static WebSocket connect(RunningSample server, Frames frames) {
        return server.client()
                .newWebSocketBuilder()
                .buildAsync(server.uri("ws", "/"), frames)
                .join();
    }

    /** Sends the message that the handler is never done with. */
    private void occupy(WebSocket client) throws InterruptedException {
        client.sendText("{\"type\":\"say\",\"text\":\"Hello\"}", true).join();
        assertThat(handling.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static @Nullable String next(BlockingQueue<String> frames) throws InterruptedException {
        return frames.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** What the server sends that is no message. The client of the JDK answers pings by itself. */
    private static final class Frames implements WebSocket.Listener {
        final BlockingQueue<String> pings = new LinkedBlockingQueue<>();
        final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
        final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
            pings.add(UTF_8.decode(message).toString());
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            pongs.add(UTF_8.decode(message).toString());
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.add(statusCode);
            return null;
        }
    }
}

package io.asyncgateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.WebSocketEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsTest {
    private static final QueueOptions QUEUE = QueueOptions.defaults();
    private static final SessionOptions SESSION = SessionOptions.defaults();

    static List<Map.Entry<String, Callable<?>>> mistakes() {
        return List.of(
                Map.entry("queue messages: 0 (expected: 1-65536)", () -> QUEUE.withMaxMessages(0)),
                Map.entry("queue messages: 65537 (expected: 1-65536)", () -> QUEUE.withMaxMessages(65_537)),
                Map.entry("queue bytes: 0 (expected: >= 1)", () -> QUEUE.withMaxBytes(0)),
                Map.entry(
                        "reason: 124 bytes of UTF-8 (expected: at most 123)",
                        () -> QUEUE.withDisconnectReason("x".repeat(124))),
                Map.entry("handshake timeout: PT0S (expected: > 0)", () -> SESSION.withHandshakeTimeout(Duration.ZERO)),
                Map.entry(
                        "close timeout: PT-1S (expected: > 0)", () -> SESSION.withCloseTimeout(Duration.ofSeconds(-1))),
                Map.entry("message size: 0 (expected: 1-2147483647)", () -> SESSION.withMaxMessageSize(0)),
                Map.entry("pending sends: 0 (expected: 1-65536)", () -> SESSION.withMaxPending(0, 1)),
                Map.entry("pending bytes: 0 (expected: >= 1)", () -> SESSION.withMaxPending(1, 0)),
                Map.entry("queues: 0 (expected: 1-2147483647)", () -> SESSION.withMaxQueues(0)),
                Map.entry(
                        "status: 101 (expected: 200-599)",
                        () -> HandshakeResult.refuse(101, Headers.empty(), ByteBuffer.allocate(0))));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsNamedWithWhatIsExpected(Map.Entry<String, Callable<?>> mistake) {
        assertThatThrownBy(mistake.getValue()::call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(mistake.getKey());
    }

    @Test
    void eachChangeOfQueueOptionsChangesOneThing() {
        DropObserver observer = (queue, message) -> {};
        assertThat(QUEUE.withMaxMessages(1)
                        .withMaxBytes(2)
                        .withPolicy(OverflowPolicy.DROP_OLDEST)
                        .withDisconnectReason("r")
                        .withPaused(true)
                        .withObserver(observer))
                .isEqualTo(new QueueOptions(1, 2, OverflowPolicy.DROP_OLDEST, "r", true, observer));
        assertThat(QUEUE).isEqualTo(QueueOptions.defaults());
    }

    @Test
    void eachChangeOfSessionOptionsChangesOneThing() {
        JsonMessages json = JsonMessages.of(new com.fasterxml.jackson.databind.ObjectMapper());
        Heartbeat heartbeat = Heartbeat.of(Duration.ofSeconds(1), Duration.ofSeconds(2));
        List<Function<SessionOptions, SessionOptions>> changes = List.of(
                options -> options.withHandshakeTimeout(Duration.ofSeconds(1)),
                options -> options.withCloseTimeout(Duration.ofSeconds(2)),
                options -> options.withMaxMessageSize(3),
                options -> options.withCompression(false),
                options -> options.withMaxPending(4, 5),
                options -> options.withMaxQueues(6),
                options -> options.withJson(json),
                options -> options.withHeartbeat(heartbeat));
        SessionOptions forwards = SESSION;
        SessionOptions backwards = SESSION;
        for (int i = 0; i < changes.size(); i++) {
            forwards = changes.get(i).apply(forwards);
            backwards = changes.get(changes.size() - 1 - i).apply(backwards);
        }
        assertThat(forwards)
                .isEqualTo(backwards)
                .isEqualTo(new SessionOptions(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), 3, false, 4, 5, 6, json, heartbeat));
        assertThat(forwards.accept(HandshakeResult.accept()))
                .isEqualTo(new WebSocketEvent.Accept(null, Headers.empty(), 3, false));
    }
}

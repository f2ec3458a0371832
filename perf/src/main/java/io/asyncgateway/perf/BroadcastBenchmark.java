package io.asyncgateway.perf;

import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.websocket.WebSocketService;
import io.asyncgateway.websocket.room.Room;
import io.asyncgateway.websocket.room.Rooms;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Mono;

/**
 * A broadcast of 128 bytes to 1,000 members of a room in memory, for each delivery: the channel layer, the room, the member's queue, and a transport that takes
 * every message at once. All of it runs on the thread that broadcasts, so that time is processor time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BroadcastBenchmark {
    private static final int MEMBERS = 1_000;

    private final Rooms rooms = Rooms.inMemory();
    private final Room room = rooms.room("lobby");
    private final WebSocketMessage message = WebSocketMessage.text("x".repeat(128));
    private long broadcasts;
    private long sent;

    /** Lets the members in. */
    @Setup
    public void join() {
        WebSocketService service =
                WebSocketService.of(session -> room.join(session).then(Mono.never()));
        Mono<ReceiveEvent> nothing = Mono.never();
        Send send = event -> {
            sent++;
            return Mono.empty();
        };
        for (int i = 0; i < MEMBERS; i++) {
            service.handle(WebSocketScope.builder().build(), () -> nothing, send)
                    .subscribe();
        }
        if (room.statistics().members() != MEMBERS) {
            throw new IllegalStateException(room.statistics().members() + " members (expected: " + MEMBERS + ")");
        }
        sent = 0;
    }

    /** One broadcast. */
    @Benchmark
    @OperationsPerInvocation(MEMBERS)
    public void broadcast() {
        broadcasts++;
        room.broadcast(message).subscribe();
    }

    /** Proves that nobody was left out, and ends the rooms. */
    @TearDown
    public void close() {
        if (sent != broadcasts * MEMBERS) {
            throw new IllegalStateException(sent + " deliveries of " + broadcasts + " broadcasts");
        }
        // On the thread of JMH.
        rooms.close().block();
    }
}

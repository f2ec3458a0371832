package io.asyncgateway.websocket.room;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.websocket.WebSocketService;
import io.asyncgateway.websocket.WebSocketSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** The other end of a real session, in memory: keeps what it gets, and reads only while it is not stalled. */
final class Peer implements Receive, Send {
    private final Sinks.Empty<Void> disconnected = Sinks.empty();
    private final Sinks.One<ReceiveEvent> end = Sinks.one();
    private final @Nullable Scheduler completesOn;
    private final List<WebSocketMessage> received = new ArrayList<>();
    private final WebSocketSession session;
    private final Disposable work;
    private boolean connected;
    private boolean stalled;
    private Sinks.@Nullable Empty<Void> held;
    private WebSocketEvent.@Nullable Close closed;

    private Peer(@Nullable Scheduler completesOn) {
        this.completesOn = completesOn;
        AtomicReference<WebSocketSession> opened = new AtomicReference<>();
        WebSocketService service = WebSocketService.of(live -> {
            opened.set(live);
            return live.messages().then();
        });
        WebSocketScope scope =
                WebSocketScope.builder().disconnected(disconnected.asMono()).build();
        // A server ends the connection for this failure, and says nothing either.
        work = service.handle(scope, this, this)
                .onErrorComplete(RequestException.class)
                .subscribe();
        session = Objects.requireNonNull(opened.get(), "session");
    }

    /** Takes each message at once, on the thread that sends it. */
    static Peer connect() {
        return new Peer(null);
    }

    /** Takes each message on a thread of the scheduler's. */
    static Peer connect(Scheduler thread) {
        return new Peer(thread);
    }

    WebSocketSession session() {
        return session;
    }

    synchronized List<WebSocketMessage> messages() {
        return List.copyOf(received);
    }

    List<String> texts() {
        return messages().stream()
                .map(message -> StandardCharsets.UTF_8.decode(message.payload()).toString())
                .toList();
    }

    synchronized int count() {
        return received.size();
    }

    /** The code of the close frame that came; 0 if none did. */
    synchronized int closeCode() {
        return closed == null ? 0 : closed.code();
    }

    /** Reads no more: the message that comes next stays with the transport. */
    synchronized void stall() {
        stalled = true;
    }

    void read() {
        Sinks.Empty<Void> waiting;
        synchronized (this) {
            stalled = false;
            waiting = held;
            held = null;
        }
        if (waiting != null) {
            waiting.tryEmitEmpty();
        }
    }

    /** The connection is gone. */
    void disconnect() {
        Sinks.Empty<Void> waiting;
        synchronized (this) {
            waiting = held;
            held = null;
            stalled = false;
        }
        if (waiting != null) {
            waiting.tryEmitError(new DisconnectedException());
        }
        end.tryEmitValue(new WebSocketEvent.Disconnect(1006, ""));
        disconnected.tryEmitEmpty();
        work.dispose();
    }

    @Override
    public synchronized Mono<ReceiveEvent> receive() {
        if (!connected) {
            connected = true;
            return Mono.just(WebSocketEvent.Connect.instance());
        }
        return end.asMono();
    }

    @Override
    public Mono<Void> send(SendEvent event) {
        Mono<Void> taking = Mono.defer(() -> take(event));
        // The session is to be there when the constructor returns.
        boolean atOnce = completesOn == null || event instanceof WebSocketEvent.Accept;
        return atOnce ? taking : taking.subscribeOn(completesOn);
    }

    private synchronized Mono<Void> take(SendEvent event) {
        if (event instanceof WebSocketEvent.Close close) {
            closed = close;
            end.tryEmitValue(new WebSocketEvent.Disconnect(close.code(), close.reason()));
        } else if (event instanceof WebSocketEvent.Send sent) {
            received.add(sent.message());
        }
        if (!stalled) {
            return Mono.empty();
        }
        held = Sinks.empty();
        return held.asMono();
    }
}

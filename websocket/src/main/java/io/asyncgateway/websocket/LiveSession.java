package io.asyncgateway.websocket;

import io.asyncgateway.api.Receive;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.State;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.api.WebSocketScope;
import java.security.Principal;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** A session over the channels of one accepted WebSocket. Safe for use from any thread. */
final class LiveSession implements WebSocketSession, Outbound.Owner, Inbound.Owner {
    private final String id = SessionIds.next();
    private final WebSocketScope scope;
    private final HandshakeResult.Accept accepted;
    private final SessionOptions options;
    private final Outbound outbound;
    private final Inbound inbound;
    private final Sinks.One<CloseStatus> closed = Sinks.one();
    private final Sinks.Empty<Void> closeSent = Sinks.empty();
    private final Sinks.Empty<Void> termination = Sinks.empty();
    private final Disposable.Swap closeTimer = Disposables.swap();
    private volatile @Nullable HeartbeatWatch heartbeat;
    private volatile @Nullable CloseStatus forced;

    LiveSession(
            WebSocketScope scope, Receive receive, Send send, HandshakeResult.Accept accepted, SessionOptions options) {
        this.scope = scope;
        this.accepted = accepted;
        this.options = options;
        this.outbound = new Outbound(this, send, options);
        this.inbound = new Inbound(this, receive);
    }

    // ------------------------------------------------------------------------------------------------ what it is

    @Override
    public String id() {
        return id;
    }

    @Override
    public WebSocketScope scope() {
        return scope;
    }

    @Override
    public @Nullable String subprotocol() {
        return accepted.subprotocol();
    }

    @Override
    public @Nullable Principal principal() {
        return accepted.principal();
    }

    @Override
    public State attributes() {
        return scope.state();
    }

    @Override
    public JsonMessages json() {
        return options.json();
    }

    // ------------------------------------------------------------------------------------------------ messages

    @Override
    public Flux<WebSocketMessage> messages() {
        return inbound;
    }

    @Override
    public <T> Flux<T> messages(Class<T> type) {
        Objects.requireNonNull(type, "type");
        return inbound.map(message -> json().decode(message, type));
    }

    @Override
    public <T> Flux<T> messages(Class<T> type, FailureHandler<? super InvalidMessageException> onInvalid) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(onInvalid, "onInvalid");
        return inbound.concatMap(
                message -> {
                    try {
                        return Mono.just(json().decode(message, type));
                    } catch (InvalidMessageException invalid) {
                        return onInvalid.handle(this, invalid).then(Mono.empty());
                    }
                },
                1);
    }

    @Override
    public Mono<Void> send(WebSocketMessage message) {
        return send(new WebSocketEvent.Send(message));
    }

    @Override
    public Mono<Void> send(WebSocketEvent.Send message) {
        return DirectSend.of(outbound, Objects.requireNonNull(message, "message"));
    }

    @Override
    public Mono<Void> sendJson(Object value) {
        Objects.requireNonNull(value, "value");
        return Mono.defer(() -> send(json().encode(value)));
    }

    @Override
    public OutboundQueue openQueue(QueueOptions queueOptions) {
        return outbound.open(Objects.requireNonNull(queueOptions, "queueOptions"));
    }

    // ------------------------------------------------------------------------------------------------ closing

    @Override
    public Mono<Void> close(int code, String reason) {
        WebSocketEvent.Close event = new WebSocketEvent.Close(code, reason);
        return Mono.defer(() -> {
            outbound.close(event, false);
            return closeSent.asMono();
        });
    }

    @Override
    public Mono<CloseStatus> closed() {
        return closed.asMono();
    }

    @Override
    public boolean isClosed() {
        return outbound.isClosed();
    }

    @Override
    public WebSocketSession session() {
        return this;
    }

    /** The frame has to wait for a send that is outstanding, so the peer may never take it. */
    @Override
    public void closing(WebSocketEvent.Close close) {
        closeTimer.update(Schedulers.parallel()
                .schedule(() -> closeTimedOut(close), options.closeTimeout().toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void closeSent() {
        closeTimer.dispose();
        closeSent.tryEmitEmpty();
        inbound.expectEnd();
    }

    /** The end of the application makes the server end the connection. */
    private void closeTimedOut(WebSocketEvent.Close close) {
        CloseStatus status = new CloseStatus(close.code(), close.reason());
        forced = status;
        if (close.code() == CloseStatus.NORMAL || close.code() == CloseStatus.GOING_AWAY) {
            termination.tryEmitEmpty();
        } else {
            // The one failure that the contract answers with a close and does not log.
            termination.tryEmitError(new RequestException(408, "close: the peer takes nothing"));
        }
        terminate(status, null);
    }

    // ------------------------------------------------------------------------------------------------ the end

    /** Watches the peer from now on. */
    void open() {
        scope.disconnected().subscribe(nothing -> {}, failure -> {}, inbound::expectEnd);
        Heartbeat beat = options.heartbeat();
        if (beat != null) {
            HeartbeatWatch watch = new HeartbeatWatch(this, beat);
            heartbeat = watch;
            watch.start();
        }
    }

    /** Whether what the peer sends is read. */
    boolean isReading() {
        return inbound.isPulling();
    }

    /** Closes without what waits. */
    void closeAtOnce(WebSocketEvent.Close close) {
        outbound.close(close, true);
    }

    @Override
    public void ended(CloseStatus status) {
        terminate(status, null);
    }

    @Override
    public void failed(Throwable failure) {
        termination.tryEmitError(failure);
        terminate(new CloseStatus(CloseStatus.ABNORMAL, ""), failure);
    }

    /** Fires when the work of the session has to end; fails where the server shall know. */
    Mono<Void> termination() {
        return termination.asMono();
    }

    /** Everything ends. How it did says the socket, where it has said so, and else the first call. */
    void terminate(CloseStatus status, @Nullable Throwable failure) {
        closeTimer.dispose();
        HeartbeatWatch watch = heartbeat;
        if (watch != null) {
            watch.dispose();
        }
        outbound.end();
        inbound.end(failure);
        CloseStatus told = inbound.status();
        CloseStatus known = told != null ? told : forced;
        closed.tryEmitValue(known != null ? known : status);
        closeSent.tryEmitEmpty();
        termination.tryEmitEmpty();
    }
}

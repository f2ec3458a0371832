package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.api.WebSocketScope;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.scheduler.Schedulers;

/** Drives an application through one WebSocket. Made by {@link ApplicationDriver#webSocket}. {@code Connect} is given by itself. */
public final class WebSocketDriver extends RequestDriver {
    private final SignOfLife life;
    private volatile int maxMessageSize = WebSocketEvent.Accept.SERVER_LIMIT;

    WebSocketDriver(Application application, RequestScopeBuilder.ForWebSocket scope) {
        this(application, scope, new Signals());
    }

    private WebSocketDriver(Application application, RequestScopeBuilder.ForWebSocket scope, Signals signals) {
        this(application, scope, signals, new SignOfLife());
    }

    private WebSocketDriver(
            Application application, RequestScopeBuilder.ForWebSocket scope, Signals signals, SignOfLife life) {
        this(application, signals.in(scope).lastHeard(life::last).build(), signals, life);
    }

    private WebSocketDriver(Application application, WebSocketScope scope, Signals signals, SignOfLife life) {
        super(application, scope, signals, SendOrder.CONNECTING, new Rules(scope));
        this.life = life;
        inbox.give(WebSocketEvent.Connect.instance());
    }

    @Override
    void taken(SendEvent event) {
        if (event instanceof WebSocketEvent.Accept accept) {
            maxMessageSize = accept.maxMessageSize();
        } else if (outbox.order() == SendOrder.COMPLETE) {
            inbox.failWith(ExchangeEndedException::new);
        } else if (event instanceof WebSocketEvent.Close close) {
            // The peer answers a close frame with its own.
            inbox.endWith(new WebSocketEvent.Disconnect(close.code(), close.reason()));
        }
    }

    /**
     * Gives a message.
     *
     * @param message the message
     * @throws IllegalStateException if the application has not answered yet
     * @throws IllegalArgumentException if it is larger than what the application accepts: a server would close with 1009
     */
    public void give(WebSocketMessage message) {
        begin();
        if (outbox.order() == SendOrder.CONNECTING) {
            throw new IllegalStateException("message: before Accept (expected: after it, as a peer would)");
        }
        int size = message.payload().remaining();
        if (size > maxMessageSize) {
            throw new IllegalArgumentException(
                    "message: " + size + " bytes (expected: at most " + maxMessageSize + ", as accepted)");
        }
        life.heard();
        inbox.give(new WebSocketEvent.Receive(message));
    }

    /** The peer gives a sign of life that the application does not see, such as a pong: {@link WebSocketScope#lastHeard()} is now. */
    public void heard() {
        begin();
        life.heard();
    }

    /**
     * Gives a text message.
     *
     * @param text the text
     */
    public void text(String text) {
        give(WebSocketMessage.text(text));
    }

    /**
     * Gives a binary message.
     *
     * @param data the bytes from position to limit
     */
    public void binary(ByteBuffer data) {
        give(WebSocketMessage.binary(data));
    }

    /**
     * The WebSocket is closed by the peer, or by the server: behind the messages given so far pulls yield {@link WebSocketEvent.Disconnect}, a
     * send that is held and every later one fail, {@link io.asyncgateway.api.RequestScope#disconnected()} fires. {@link #cancel()} is
     * what follows after the grace period. Where the application has closed or denied the WebSocket nothing of it happens.
     *
     * @param code the close code; 1006 for a connection that ended without one
     * @param reason the reason
     */
    public void disconnect(int code, String reason) {
        disconnect(() -> inbox.endWith(new WebSocketEvent.Disconnect(code, reason)));
    }

    /**
     * Expects a text message.
     *
     * @param text the text
     * @throws AssertionError if it is not the next event
     */
    public void expectText(String text) {
        expectMessage(WebSocketMessage.text(text));
    }

    /**
     * Expects a binary message.
     *
     * @param data the bytes from position to limit
     * @throws AssertionError if it is not the next event
     */
    public void expectBinary(ByteBuffer data) {
        expectMessage(WebSocketMessage.binary(data));
    }

    private void expectMessage(WebSocketMessage message) {
        WebSocketEvent.Send expected = new WebSocketEvent.Send(message);
        WebSocketEvent.Send sent = expect(WebSocketEvent.Send.class);
        if (!sent.equals(expected)) {
            throw new AssertionError(
                    "expected: " + EventText.of(expected) + ", but the application sent " + EventText.of(sent));
        }
    }

    /** When the peer gave its last sign of life, in virtual time where there is any. */
    private static final class SignOfLife {
        private volatile Instant last = now();

        void heard() {
            last = now();
        }

        Instant last() {
            return last;
        }

        private static Instant now() {
            return Instant.ofEpochMilli(Schedulers.parallel().now(TimeUnit.MILLISECONDS));
        }
    }

    /** What the order of the events does not say. */
    private static final class Rules implements Consumer<SendEvent> {
        private final ContentLength denial;
        private final List<String> offered;

        Rules(WebSocketScope scope) {
            denial = new ContentLength(scope.method());
            offered = scope.subprotocols();
        }

        @Override
        public void accept(SendEvent event) {
            denial.check(event);
            if (event instanceof WebSocketEvent.Accept accept) {
                String chosen = accept.subprotocol();
                if (chosen != null && !offered.contains(chosen)) {
                    throw new ProtocolViolationException("send: WebSocketEvent.Accept with subprotocol " + chosen
                            + " (expected: one of " + offered + ", or none)");
                }
                checkFields(accept.headers());
            }
        }

        private static void checkFields(Headers headers) {
            for (int i = 0, size = headers.size(); i < size; i++) {
                String name = headers.name(i);
                if (name.equals("connection") || name.equals("upgrade") || name.startsWith("sec-websocket-")) {
                    throw new ProtocolViolationException("send: WebSocketEvent.Accept with the header " + name
                            + " (expected: none of the handshake's own)");
                }
            }
        }
    }
}

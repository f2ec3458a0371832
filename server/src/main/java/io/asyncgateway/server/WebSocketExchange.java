package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpVersion;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One WebSocket as the application drives it. It begins as an HTTP exchange, which it stays where it is denied; with {@code Accept} the connection becomes a
 * {@link WebSocketConnection}, which knows what happens on the wire. Confined to the event loop of its connection.
 *
 * <pre>
 *   state        event                              next        on the wire
 *   CONNECTING   Accept                             OPEN        101, or 200 on a stream
 *   CONNECTING   Close                              denied      403
 *   CONNECTING   ResponseStart                      denied      as in {@link HttpResponse}
 *   CONNECTING   application ends                   denied      500, or the status of its failure
 *   CONNECTING   peer goes                          denied      nothing
 *   OPEN         Send                               OPEN        message
 *   OPEN         Close                              CLOSED      close frame; the peer's answer is the Disconnect
 *   OPEN         application completes              CLOSED      close frame with 1000
 *   OPEN         application fails                  CLOSED      close frame with 1011
 *   OPEN         the connection closes, whyever     CLOSED      Disconnect, disconnected(), sends fail
 *   any other pair                                  ProtocolViolationException, and no change
 * </pre>
 */
final class WebSocketExchange extends HttpExchange {
    private enum State {
        CONNECTING,
        OPEN,
        CLOSED
    }

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;

    private final HttpStream stream;
    private final WebSocketHandshake.Valid handshake;
    private final WebSocketMessages messages = new WebSocketMessages(this);
    private State state = State.CONNECTING;
    private @Nullable WebSocketConnection connection;
    private boolean closedHere;
    private volatile Instant lastHeard;

    WebSocketExchange(
            HttpStream stream,
            ServerContext context,
            RequestHead head,
            Addresses addresses,
            WebSocketHandshake.Valid handshake) {
        super(stream, context, head, addresses);
        this.stream = stream;
        this.handshake = handshake;
        this.lastHeard = context.clock.now();
        describe(new ServerWebSocketScope(this, head, handshake.subprotocols()));
    }

    /** Without the deadline of requests. */
    @Override
    void run() {
        run(Duration.ZERO);
    }

    // ------------------------------------------------------------------------------------------------ receiving

    @Override
    public Mono<ReceiveEvent> receive() {
        return messages.events();
    }

    /** The application waits for a message. */
    void demandMessage() {
        WebSocketConnection current = connection;
        if (current != null) {
            current.demand();
        }
    }

    boolean wantsMessage() {
        return messages.isWanted();
    }

    /** Whether messages go to nobody. */
    boolean dropsMessages() {
        return messages.isFinished();
    }

    /** Whether a message has come that is not decoded yet. */
    boolean messageWaits() {
        WebSocketConnection current = connection;
        return current != null && current.messageWaits();
    }

    @Override
    void applicationLeft() {
        messages.drop();
        WebSocketConnection current = connection;
        if (current != null) {
            current.demand();
        }
    }

    /** Octets have come. Written once a second at most, as the clock gives the same time until it ticks. */
    @SuppressWarnings("ReferenceEquality") // of what the clock gave
    void heard() {
        Instant now = context.clock.now();
        if (lastHeard != now) {
            lastHeard = now;
        }
    }

    /** When octets last came, on any thread. */
    Instant lastHeard() {
        return lastHeard;
    }

    void message(WebSocketMessage message) {
        messages.message(message);
    }

    @Override
    void wakeReceiver() {
        messages.answer();
    }

    // ------------------------------------------------------------------------------------------------ sending

    @Override
    boolean perform(SendEvent event) {
        WebSocketConnection current = connection;
        if (state == State.OPEN && current != null) {
            return performOpen(event, current);
        }
        if (state == State.CLOSED && current != null) {
            throw illegal(event, "nothing, the WebSocket is closed");
        }
        if (!isUnanswered() || event instanceof HttpEvent.ResponseStart) {
            return super.perform(event);
        }
        if (event instanceof WebSocketEvent.Accept accept) {
            return accept(accept);
        }
        if (event instanceof WebSocketEvent.Close) {
            answer(FORBIDDEN);
            return true;
        }
        throw illegal(event, "Accept, Close or ResponseStart");
    }

    private boolean performOpen(SendEvent event, WebSocketConnection current) {
        if (event instanceof WebSocketEvent.Send message) {
            return current.send(message.message());
        }
        if (event instanceof WebSocketEvent.Close close) {
            closedHere = true;
            state = State.CLOSED;
            messages.drop();
            current.close(close.code(), close.reason());
            detach();
            return true;
        }
        throw illegal(event, "Send or Close");
    }

    private static ProtocolViolationException illegal(SendEvent event, String expected) {
        return new ProtocolViolationException(
                "send: " + event.getClass().getSimpleName() + " (expected: " + expected + ")");
    }

    private boolean accept(WebSocketEvent.Accept accept) {
        String chosen = accept.subprotocol();
        if (chosen != null && !handshake.subprotocols().contains(chosen)) {
            throw new ProtocolViolationException("subprotocol: " + chosen + " (expected: "
                    + (handshake.subprotocols().isEmpty() ? "" : "one of " + handshake.subprotocols() + ", or ")
                    + "none)");
        }
        checkHeaders(accept.headers());
        WebSocketOptions options = context.config.webSocket();
        PerMessageDeflateSession deflate =
                options.compression() && accept.compression() ? context.deflate.agree(handshake.extensions()) : null;
        WebSocketConnection successor =
                new WebSocketConnection(this, deflate, Math.min(accept.maxMessageSize(), options.maxMessageSize()));
        connection = successor;
        state = State.OPEN;
        stream.openWebSocket(handshake, agreed(chosen, deflate), accept.headers(), successor);
        return true;
    }

    /** The handshake's own fields are the server's. */
    private static void checkHeaders(Headers headers) {
        for (int i = 0, size = headers.size(); i < size; i++) {
            String name = headers.name(i);
            if (name.startsWith("sec-websocket-") || name.equals("upgrade") || name.equals("connection")) {
                throw new ProtocolViolationException(
                        "header: " + name + " (expected: none of the handshake's own; use Accept.subprotocol)");
            }
        }
    }

    private static Headers agreed(@Nullable String subprotocol, @Nullable PerMessageDeflateSession deflate) {
        Headers.Builder fields = Headers.builder();
        if (subprotocol != null) {
            fields.add("sec-websocket-protocol", subprotocol);
        }
        if (deflate != null) {
            fields.add("sec-websocket-extensions", deflate.parameters().answer());
        }
        return fields.build();
    }

    /** The connection takes more. */
    void sendThrough() {
        sendCompleted();
    }

    @Override
    void afterSend() {
        if (connection == null) {
            super.afterSend();
        }
    }

    // ------------------------------------------------------------------------------------------------ ending

    @Override
    void endedEarly(@Nullable Throwable failure) {
        WebSocketConnection current = connection;
        if (current == null) {
            super.endedEarly(failure);
            return;
        }
        closedHere = true;
        state = State.CLOSED;
        if (failure == null) {
            current.close(WebSocketCloseCodes.NORMAL, "");
        } else {
            Failures.report(scope(), failure, false);
            current.close(Failures.closeCode(failure), "");
        }
    }

    /** The connection is closed, or as good as: the application is told, and the exchange is over. The first call counts. */
    void closed(WebSocketEvent.Disconnect event) {
        if (messages.isEnded()) {
            return;
        }
        messages.end(event);
        if (closedHere) {
            logClosed(event);
            messages.answer();
        } else {
            peerGone();
        }
    }

    /** The peer's close frame was found behind messages after the connection had ended: it says more than the end did. */
    void closeFound(WebSocketEvent.Disconnect event) {
        if (messages.isEnded()) {
            messages.end(event);
        }
    }

    /** Before {@code Accept} the HTTP connection tells; afterwards {@link #closed} says why. */
    @Override
    void ending() {
        if (connection == null) {
            super.ending();
            messages.end(new WebSocketEvent.Disconnect(WebSocketCloseCodes.ABNORMAL, ""));
        } else {
            state = State.CLOSED;
            logClosed(messages.ended());
        }
    }

    private void logClosed(WebSocketEvent.Disconnect event) {
        WebSocketConnection current = connection;
        long bytes = current == null ? 0 : current.sentBytes();
        int status = head.version().compareTo(HttpVersion.HTTP_2) < 0 ? SWITCHING_PROTOCOLS : OK;
        logAccess(status, bytes, event.code() == WebSocketCloseCodes.ABNORMAL);
    }

    @Override
    boolean isOver() {
        return connection == null ? super.isOver() : state == State.CLOSED;
    }
}

package io.asyncgateway.websocket;

import io.asyncgateway.api.State;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.api.WebSocketScope;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A WebSocket that was accepted, for many hands: messages in, as a stream; messages out, from any thread. Made by a
 * {@link WebSocketService}.
 *
 * <pre>{@code
 * SessionHandler echo = session -> session.messages()
 *         .concatMap(session::send, 1)
 *         .then();
 * }</pre>
 *
 * <p><b>Sending.</b> The contract allows one send at a time; a session puts those of all its users into a row. {@link #send} is for answers:
 * its result completes when the transport took the message, so that waiting for it is backpressure. {@link #openQueue} is for what is pushed, such as
 * the messages of a room: it never waits and has a policy for slow peers. The session's sends and each of its queues take turns, a message each.
 *
 * <p><b>The end.</b> When the socket ends, in whatever way, {@link #closed()} emits, {@link #messages()} completes, queues are closed, sends fail
 * with {@link io.asyncgateway.api.DisconnectedException}, and the work of the {@link SessionHandler} is cancelled.
 *
 * <p>All methods are safe for use from any thread, also after the end.
 */
public interface WebSocketSession {
    /**
     * The name of this session: 128 random bits, which nobody can guess.
     *
     * @return 22 characters of {@code A-Z a-z 0-9 - _}
     */
    String id();

    /**
     * The opening request.
     *
     * @return the scope
     */
    WebSocketScope scope();

    /**
     * The subprotocol that the handshake chose.
     *
     * @return the name, or {@code null} for none
     */
    @Nullable
    String subprotocol();

    /**
     * Who the handshake found at the other end.
     *
     * @return the user, or {@code null} where no handshake looked
     */
    @Nullable
    Principal principal();

    /**
     * Values that belong to this session: the state of its opening request, above that of the lifespan.
     *
     * @return the state
     */
    State attributes();

    /**
     * The peer's messages. Each element asked for is one pull, so the demand of the subscriber reaches the socket of the peer; without demand
     * the server reads no further than its window. Completes when the WebSocket has ended, whatever its code.
     *
     * <p>One subscriber at a time; another fails at once with {@link IllegalStateException}. One that cancels has lost nothing: the next goes on
     * behind its last message ({@code messages().next()} and then {@code messages()}).
     *
     * @return the messages
     */
    Flux<WebSocketMessage> messages();

    /**
     * The peer's messages, read as JSON. Fails with {@link InvalidMessageException} at the first that does not fit, and a handler that lets this
     * through closes the session with 1007. Else as {@link #messages()}.
     *
     * @param type the type of every message; a record for instance
     * @param <T> that type
     * @return the messages
     */
    <T> Flux<T> messages(Class<T> type);

    /**
     * The peer's messages, read as JSON; one that does not fit is answered by a handler and left out. Else as {@link #messages()}.
     *
     * <pre>{@code
     * session.messages(Say.class, (who, invalid) -> who.sendText("what?"))
     * }</pre>
     *
     * @param type the type of every message
     * @param onInvalid answers a message that does not fit; the next is read when it has completed
     * @param <T> that type
     * @return the messages
     */
    <T> Flux<T> messages(Class<T> type, FailureHandler<? super InvalidMessageException> onInvalid);

    /**
     * Sends a message. Cold; each subscription sends it once.
     *
     * @param message the message; a binary one's buffer must not be changed until the result completes
     * @return completes when the transport took it. Fails with {@link OutboundOverflowException} where too many wait
     *     ({@link SessionOptions#maxPendingSends()}), with {@link io.asyncgateway.api.DisconnectedException} where the session is closed. Cancelled
     *     before its turn, the message is not sent
     */
    Mono<Void> send(WebSocketMessage message);

    /**
     * Sends an event that was made before, perhaps for many. Else as {@link #send(WebSocketMessage)}.
     *
     * @param message the message
     * @return completes when the transport took it
     */
    Mono<Void> send(WebSocketEvent.Send message);

    /**
     * Sends a text message. See {@link #send(WebSocketMessage)}.
     *
     * @param text the text
     * @return completes when the transport took it
     */
    default Mono<Void> sendText(String text) {
        return send(WebSocketMessage.text(text));
    }

    /**
     * Sends a binary message. See {@link #send(WebSocketMessage)}.
     *
     * @param data the bytes from position to limit
     * @return completes when the transport took it
     */
    default Mono<Void> sendBinary(ByteBuffer data) {
        return send(WebSocketMessage.binary(data));
    }

    /**
     * Sends a value as JSON in a text message. See {@link #send(WebSocketMessage)}.
     *
     * @param value the value; a record for instance
     * @return completes when the transport took it; fails with {@link IllegalArgumentException} where the value can't be written as JSON
     */
    Mono<Void> sendJson(Object value);

    /**
     * How this session reads and writes JSON.
     *
     * @return that of {@link SessionOptions#json()}
     */
    JsonMessages json();

    /**
     * Opens a queue of its own for messages that are pushed.
     *
     * @param options its bounds and policy
     * @return the queue; closed where the session has ended
     * @throws IllegalStateException if {@link SessionOptions#maxQueues()} are open
     */
    OutboundQueue openQueue(QueueOptions options);

    /**
     * Closes the session once everything that was sent and offered before is out; what is sent later fails. What paused queues hold is given up.
     * Where the peer does not take it in time ({@link SessionOptions#closeTimeout()}) the server ends the connection. The first close counts. Cold.
     *
     * @param code 1000 to 1003, 1007 to 1014, or 3000 to 4999
     * @param reason at most 123 bytes of UTF-8; empty for none
     * @return completes when the close frame is on its way, or the session has ended
     * @throws IllegalArgumentException if code or reason is not allowed
     */
    Mono<Void> close(int code, String reason);

    /**
     * Closes with 1000 and no reason. See {@link #close(int, String)}.
     *
     * @return completes when the close frame is on its way, or the session has ended
     */
    default Mono<Void> close() {
        return close(CloseStatus.NORMAL, "");
    }

    /**
     * Emits when the WebSocket has ended, in whatever way; late subscribers get it at once. Never fails.
     *
     * @return how it ended
     */
    Mono<CloseStatus> closed();

    /**
     * Whether the session takes no more messages to send, because it is closed or being closed.
     *
     * @return whether it is closed
     */
    boolean isClosed();

    /**
     * The last sign of life: when anything last came from the peer, pongs included.
     *
     * @return {@link WebSocketScope#lastHeard()}
     */
    default Instant lastSeen() {
        return scope().lastHeard();
    }

    /**
     * Fires when the server begins to shut down. The server then closes the WebSocket by itself.
     *
     * @return the signal of the scope
     */
    default Mono<Void> draining() {
        return scope().draining();
    }
}

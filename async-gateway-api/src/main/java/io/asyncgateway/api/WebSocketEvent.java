package io.asyncgateway.api;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events of a WebSocket. {@code WebSocketEvent.Accept} is ASGI's {@code websocket.accept}, and so on.
 *
 * <table>
 *   <caption>States of a WebSocket as the application drives it</caption>
 *   <tr><th>state</th><th>event</th><th>next state</th></tr>
 *   <tr><td>connecting</td><td>{@link Accept}</td><td>open</td></tr>
 *   <tr><td>connecting</td><td>{@link Close}</td><td>closed (refused with 403)</td></tr>
 *   <tr><td>connecting</td><td>{@link HttpEvent.ResponseStart}</td><td>denied: an ordinary response follows, as in {@link HttpEvent}</td></tr>
 *   <tr><td>open</td><td>{@link Send}</td><td>open</td></tr>
 *   <tr><td>open</td><td>{@link Close}</td><td>closed</td></tr>
 * </table>
 */
public sealed interface WebSocketEvent {
    /** The largest reason of a close frame, in bytes of UTF-8 (RFC 6455 section 5.5). */
    int MAX_REASON_BYTES = 123;

    /** Received: the first event of every WebSocket. */
    record Connect() implements WebSocketEvent, ReceiveEvent {
        private static final Connect INSTANCE = new Connect();

        /**
         * The event.
         *
         * @return a constant
         */
        public static Connect instance() {
            return INSTANCE;
        }
    }

    /**
     * Received: a whole message, put together from its fragments, inflated, and valid UTF-8 where it is text.
     *
     * @param message the message; the application's own for ever
     */
    record Receive(WebSocketMessage message) implements WebSocketEvent, ReceiveEvent {
        /** Refuses null. */
        public Receive {
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * Received: the WebSocket is closed, by the peer, by the server or by the application. {@link io.asyncgateway.api.Receive#receive()}
     * yields it again at every later pull.
     *
     * @param code the code of the peer's close frame; 1005 where it had none; 1006 where the connection ended without one; the
     *     server's own code where the server closed (1001, 1002, 1007, 1009, 1011, 1012)
     * @param reason the reason of the close frame; empty where there is none
     */
    record Disconnect(int code, String reason) implements WebSocketEvent, ReceiveEvent {
        /** Refuses null. */
        public Disconnect {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Sent: accepts the WebSocket. Completes when the answer is on its way.
     *
     * @param subprotocol one of those offered ({@link WebSocketScope#subprotocols()}), or {@code null} for none; any other fails the send
     * @param headers additional header fields of the handshake's response; one of the handshake itself ({@code connection}, {@code upgrade},
     *     {@code sec-websocket-*}) fails the send
     * @param maxMessageSize a lower limit than the server's on the bytes of a received message, after inflation; {@link #SERVER_LIMIT} by
     *     default. A larger value than the server's has no effect. Past it the server closes with 1009
     * @param compression whether permessage-deflate may be agreed on (RFC 7692) if client and server both want it; {@code true} by default
     */
    record Accept(@Nullable String subprotocol, Headers headers, int maxMessageSize, boolean compression)
            implements WebSocketEvent, SendEvent {
        /** The value of {@link #maxMessageSize()} that leaves the limit to the server. */
        public static final int SERVER_LIMIT = Integer.MAX_VALUE;

        /** Validates the limit and the fields. */
        public Accept {
            headers = Headers.copyOf(headers);
            if (maxMessageSize < 1) {
                throw new IllegalArgumentException("maxMessageSize: " + maxMessageSize + " (expected: >= 1)");
            }
        }

        /** Accepts without a subprotocol, with the server's limits. */
        public Accept() {
            this(null, Headers.empty(), SERVER_LIMIT, true);
        }

        /**
         * The same with a subprotocol.
         *
         * @param chosen one of those offered
         * @return the event
         */
        public Accept withSubprotocol(String chosen) {
            return new Accept(chosen, headers, maxMessageSize, compression);
        }

        /**
         * The same with header fields.
         *
         * @param fields the fields
         * @return the event
         */
        public Accept withHeaders(Headers fields) {
            return new Accept(subprotocol, fields, maxMessageSize, compression);
        }

        /**
         * The same with a lower limit.
         *
         * @param bytes the limit on a received message
         * @return the event
         */
        public Accept withMaxMessageSize(int bytes) {
            return new Accept(subprotocol, headers, bytes, compression);
        }

        /**
         * The same without compression.
         *
         * @return the event
         */
        public Accept withoutCompression() {
            return new Accept(subprotocol, headers, maxMessageSize, false);
        }
    }

    /**
     * Sent: a message. Completes when the transport takes more.
     *
     * @param message the message; a binary one's buffer must not be changed until the send completes
     */
    record Send(WebSocketMessage message) implements WebSocketEvent, SendEvent {
        /** Refuses null. */
        public Send {
            Objects.requireNonNull(message, "message");
        }

        /**
         * A text message.
         *
         * @param text the text; unpaired surrogates become {@code ?}
         * @return the event
         */
        public static Send text(String text) {
            return new Send(WebSocketMessage.text(text));
        }

        /**
         * A binary message.
         *
         * @param data the bytes from position to limit
         * @return the event
         */
        public static Send binary(ByteBuffer data) {
            return new Send(WebSocketMessage.binary(data));
        }
    }

    /**
     * Sent: closes the WebSocket. Completes when the close frame is on its way; the peer's answer, awaited for a bounded time, shows as
     * {@link Disconnect}.
     *
     * @param code 1000 to 1003, 1007 to 1014, or 3000 to 4999 (RFC 6455 section 7.4)
     * @param reason at most {@value #MAX_REASON_BYTES} bytes of UTF-8; empty for none
     */
    record Close(int code, String reason) implements WebSocketEvent, SendEvent {
        /** Validates code and reason. */
        public Close {
            if (!isSendable(code)) {
                throw new IllegalArgumentException("code: " + code + " (expected: 1000-1003, 1007-1014 or 3000-4999)");
            }
            int bytes = reason.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            if (bytes > MAX_REASON_BYTES) {
                throw new IllegalArgumentException(
                        "reason: " + bytes + " bytes of UTF-8 (expected: at most " + MAX_REASON_BYTES + ")");
            }
        }

        /** Closes with 1000 and no reason. */
        public Close() {
            this(1000, "");
        }

        /**
         * Closes without a reason.
         *
         * @param code the close code
         */
        public Close(int code) {
            this(code, "");
        }

        private static boolean isSendable(int code) {
            return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
        }
    }
}

package io.asyncgateway.api.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncgateway.api.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a raw client, as the rules of {@link ServerConformance} drive it: step by step, blocking, on the thread of the test.
 *
 * <p>Each wait is bounded: an answer that does not come within {@link #PATIENCE} is an {@link AssertionError}. An end that the
 * protocol does not call clean (a reset, a body cut short) is an {@link IOException}. A client reads from its socket only when it is
 * asked to, and keeps the buffers of its socket small, so that the backpressure of the server can be seen.
 *
 * <p>{@link RawHttp1Client} speaks HTTP/1.1.
 */
public interface ConformanceClient extends AutoCloseable {
    /** The longest wait for anything that must come. */
    Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Sends the head of a request, on this connection. A client of HTTP/1.1 has one exchange at a time.
     *
     * @param request the request
     * @return the exchange
     * @throws IOException if it could not be sent
     */
    Exchange open(Request request) throws IOException;

    /**
     * Sends the opening request of a WebSocket, without waiting for the answer.
     *
     * @param request target and additional header fields; the client adds those of the handshake
     * @return the WebSocket
     * @throws IOException if it could not be sent
     */
    WebSocket openWebSocket(Request request) throws IOException;

    /** Closes the connection. */
    @Override
    void close();

    /**
     * A request to send.
     *
     * @param method the method
     * @param target the target as it goes over the wire
     * @param fields the header fields, names in the case in which they are sent where the protocol keeps it; the client adds
     *     {@code host} and, for a body without a content-length, the framing
     * @param body whether {@link Exchange#write} and {@link Exchange#finish} follow; otherwise the request ends with its head
     */
    record Request(String method, String target, List<Map.Entry<String, String>> fields, boolean body) {
        /** Copies the list. */
        public Request {
            fields = List.copyOf(fields);
        }

        /**
         * A request without a body.
         *
         * @param target the target
         * @return the request
         */
        public static Request get(String target) {
            return new Request("GET", target, List.of(), false);
        }

        /**
         * A request whose body follows.
         *
         * @param target the target
         * @return the request
         */
        public static Request post(String target) {
            return new Request("POST", target, List.of(), true);
        }

        /**
         * The same with another method.
         *
         * @param value the method
         * @return a changed copy
         */
        public Request withMethod(String value) {
            return new Request(value, target, fields, body);
        }

        /**
         * The same with one more header field, after the others.
         *
         * @param name the name
         * @param value the value, Latin-1
         * @return a changed copy
         */
        public Request with(String name, String value) {
            List<Map.Entry<String, String>> more = new ArrayList<>(fields);
            more.add(Map.entry(name, value));
            return new Request(method, target, more, body);
        }

        /**
         * The first value of a header field.
         *
         * @param name the name, in any case
         * @return the value, or {@code null} where there is no such field
         */
        public @Nullable String first(String name) {
            for (Map.Entry<String, String> field : fields) {
                if (field.getKey().equalsIgnoreCase(name)) {
                    return field.getValue();
                }
            }
            return null;
        }
    }

    /**
     * The head of a response, interim (1xx) or final.
     *
     * @param status the status code
     * @param headers the header fields as received
     */
    record Head(int status, Headers headers) {}

    /**
     * A response as far as it came.
     *
     * @param head the final head
     * @param interim the interim responses before it that were not taken by {@link Exchange#awaitHead} already
     * @param body the bytes of the body that were not taken by {@link Exchange#read} already
     * @param complete whether the response ended as the protocol ends a complete one; {@code false} where it was cut short or reset
     * @param trailers the trailer fields
     */
    record Response(Head head, List<Head> interim, ByteBuffer body, boolean complete, Headers trailers) {
        /**
         * The status code.
         *
         * @return the final one
         */
        public int status() {
            return head.status();
        }

        /**
         * The header fields.
         *
         * @return those of the final head
         */
        public Headers headers() {
            return head.headers();
        }

        /**
         * The body as text.
         *
         * @return the body decoded as UTF-8
         */
        public String text() {
            return UTF_8.decode(body.duplicate()).toString();
        }
    }

    /** One request and its response. */
    interface Exchange {
        /**
         * Sends a part of the body; blocks while the server does not take it.
         *
         * @param part the bytes
         * @throws IOException if the connection is gone
         */
        void write(byte[] part) throws IOException;

        /**
         * Ends the body.
         *
         * @param trailers the trailer fields; empty for none
         * @throws IOException if the connection is gone
         */
        void finish(Headers trailers) throws IOException;

        /**
         * Ends the body without trailers.
         *
         * @throws IOException if the connection is gone
         */
        default void finish() throws IOException {
            finish(Headers.empty());
        }

        /**
         * Sends a part of the body as text in UTF-8.
         *
         * @param part the text
         * @throws IOException if the connection is gone
         */
        default void write(String part) throws IOException {
            write(part.getBytes(UTF_8));
        }

        /**
         * Closes the client's direction and goes on reading.
         *
         * @throws IOException if the connection is gone
         */
        void halfClose() throws IOException;

        /**
         * Waits for the next head.
         *
         * @return an interim one, or the final one
         * @throws IOException if the exchange ended before
         */
        Head awaitHead() throws IOException;

        /**
         * Reads some of the body, after the final head.
         *
         * @param target where to put it
         * @return the number of bytes, at least one; -1 after a complete body
         * @throws IOException if the body was cut short
         */
        int read(byte[] target) throws IOException;

        /**
         * Waits for the end of the response, whether complete or not.
         *
         * @return what came and was not taken before
         * @throws IOException if the exchange ended before the final head
         */
        Response awaitResponse() throws IOException;

        /**
         * Whether nothing comes for a while: no head, no part of a body, no end.
         *
         * @param time how long
         * @return whether there was silence; what breaks it is kept for the next read
         * @throws IOException if the connection was reset
         */
        boolean silent(Duration time) throws IOException;

        /** Resets the exchange: a TCP reset where it has the connection for itself, a reset of its stream otherwise. */
        void abort();
    }

    /** A WebSocket. */
    interface WebSocket {
        /** The opcode of a continuation frame. */
        int CONTINUATION = 0;
        /** The opcode of a text frame. */
        int TEXT = 1;
        /** The opcode of a binary frame. */
        int BINARY = 2;
        /** The opcode of a close frame. */
        int CLOSE = 8;
        /** The opcode of a pong. */
        int PONG = 10;

        /**
         * Waits for the answer to the opening request.
         *
         * @return the head; {@link #accepted} says what it means
         * @throws IOException if the connection ended before
         */
        Head awaitHead() throws IOException;

        /**
         * Whether the WebSocket was accepted; waits for the answer.
         *
         * @return whether the WebSocket is open
         * @throws IOException if the connection ended before the answer
         */
        boolean accepted() throws IOException;

        /**
         * Waits for the end of the response that denied the WebSocket.
         *
         * @return the response
         * @throws IOException if the connection ended before the answer
         */
        Response awaitDenial() throws IOException;

        /**
         * Sends one frame; blocks while the server does not take it. Nothing is sent but by this: the client answers no close frame by itself.
         *
         * @param opcode the opcode
         * @param last whether it is the last frame of its message
         * @param payload the payload
         * @throws IOException if the connection is gone
         */
        void sendFrame(int opcode, boolean last, byte[] payload) throws IOException;

        /**
         * Sends a text message in one frame.
         *
         * @param text the text
         * @throws IOException if the connection is gone
         */
        default void sendText(String text) throws IOException {
            sendFrame(TEXT, true, text.getBytes(UTF_8));
        }

        /**
         * Sends a binary message in one frame.
         *
         * @param data the bytes
         * @throws IOException if the connection is gone
         */
        default void sendBinary(byte[] data) throws IOException {
            sendFrame(BINARY, true, data);
        }

        /**
         * Sends a close frame.
         *
         * @param code the code
         * @param reason the reason; empty for none
         * @throws IOException if the connection is gone
         */
        default void sendClose(int code, String reason) throws IOException {
            byte[] text = reason.getBytes(UTF_8);
            byte[] payload = ByteBuffer.allocate(2 + text.length)
                    .putShort((short) code)
                    .put(text)
                    .array();
            sendFrame(CLOSE, true, payload);
        }

        /**
         * Waits for the next message. Pings are answered and left out, fragments put together.
         *
         * @return the message, or how the WebSocket ended
         * @throws IOException if the peer broke RFC 6455
         */
        Message receive() throws IOException;

        /**
         * Whether nothing comes for a while.
         *
         * @param time how long
         * @return whether there was silence; what breaks it is kept for the next read
         * @throws IOException if the connection was reset
         */
        boolean silent(Duration time) throws IOException;

        /** Ends the connection without a close frame: a TCP reset, or a reset of the stream. */
        void abort();
    }

    /**
     * What a WebSocket yields.
     *
     * @param kind which it is
     * @param payload the payload of the message or of the close frame
     */
    record Message(Kind kind, ByteBuffer payload) {
        /** The kinds of messages. */
        public enum Kind {
            /** A text message. */
            TEXT,
            /** A binary message. */
            BINARY,
            /** A close frame. */
            CLOSE,
            /** The connection ended without a close frame. */
            END
        }

        /**
         * The code of a close frame.
         *
         * @return the code; 1005 where the frame has none; 1006 for {@link Kind#END}
         */
        public int code() {
            if (kind == Kind.END) {
                return 1006;
            }
            return payload.remaining() < 2 ? 1005 : payload.getShort(payload.position()) & 0xffff;
        }

        /**
         * The text of a message, or the reason of a close frame.
         *
         * @return the payload as UTF-8, without the code
         */
        public String text() {
            ByteBuffer text = payload.duplicate();
            if (kind == Kind.CLOSE) {
                text.position(Math.min(2, text.limit()));
            }
            return UTF_8.decode(text).toString();
        }
    }
}

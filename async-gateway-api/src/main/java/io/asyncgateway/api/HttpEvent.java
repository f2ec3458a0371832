package io.asyncgateway.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The events of an HTTP exchange. {@code HttpEvent.ResponseStart} is ASGI's {@code http.response.start}, and so on.
 *
 * <p>The order of an answer, as a table. Any other event is a {@link ProtocolViolationException}.
 *
 * <table>
 *   <caption>States of a response</caption>
 *   <tr><th>state</th><th>event</th><th>next state</th></tr>
 *   <tr><td>idle</td><td>{@link EarlyHints}</td><td>idle</td></tr>
 *   <tr><td>idle</td><td>{@link ResponseStart}</td><td>started</td></tr>
 *   <tr><td>started</td><td>{@link ResponseBody} or {@link ResponseFile} with {@code more}</td><td>started</td></tr>
 *   <tr><td>started</td><td>{@link ResponseBody} or {@link ResponseFile} without {@code more}</td><td>complete</td></tr>
 *   <tr><td>started</td><td>{@link ResponseTrailers}</td><td>complete</td></tr>
 * </table>
 */
public sealed interface HttpEvent {
    /**
     * Received: a part of the request's body. There is always at least one; a request without a body has one that is empty and last.
     *
     * @param body the bytes, read-only, from position to limit; the application's own for ever; empty possible
     * @param more whether more parts follow; {@code false} for the last one
     * @param trailers the trailer fields of the request (RFC 9110 section 6.5) on the last part; empty otherwise
     */
    record Request(ByteBuffer body, boolean more, Headers trailers) implements HttpEvent, ReceiveEvent {
        private static final Request EMPTY = new Request(ByteBuffer.allocate(0), false, Headers.empty());

        /** Makes the body read-only. */
        public Request {
            body = Buffers.readOnly(body);
            trailers = Headers.copyOf(trailers);
        }

        /**
         * A part without trailers.
         *
         * @param body the bytes
         * @param more whether more parts follow
         */
        public Request(ByteBuffer body, boolean more) {
            this(body, more, Headers.empty());
        }

        /**
         * The one event of a request without a body.
         *
         * @return a constant
         */
        public static Request empty() {
            return EMPTY;
        }
    }

    /** Received: the peer is gone before the exchange has ended. {@link Receive#receive()} yields it again at every later pull. */
    record Disconnect() implements HttpEvent, ReceiveEvent {
        private static final Disconnect INSTANCE = new Disconnect();

        /**
         * The event.
         *
         * @return a constant
         */
        public static Disconnect instance() {
            return INSTANCE;
        }
    }

    /**
     * Sent: an interim response 103 (RFC 8297), any number of times before the start. Where the peer speaks HTTP/1.0 it is accepted and
     * left out.
     *
     * @param headers the hints, usually {@code link} fields
     */
    record EarlyHints(Headers headers) implements HttpEvent, SendEvent {
        /** Validates the fields. */
        public EarlyHints {
            headers = Headers.copyOf(headers);
        }
    }

    /**
     * Sent: status and header fields of the response. It is held back until the first body event (or the end), so that a whole response is one
     * write: sending it completes at once and says nothing of the transport.
     *
     * <p>Framing is the server's: {@code transfer-encoding} and {@code connection} of the application are ignored (ASGI), except that
     * {@code connection: close} closes the connection after the response. With a {@code content-length} the server holds the application to it: a send
     * past it fails, an end before it aborts the connection. Without one the server chooses: the length itself where the whole
     * body is in one event, a chunked body, or the end of the connection for HTTP/1.0. The body of a response to HEAD, of 204 and of 304 is
     * accepted and dropped; the content-length of a response to HEAD or of 304 is sent as it is.
     *
     * @param status the status code, 200 to 599
     * @param headers the header fields
     */
    record ResponseStart(int status, Headers headers) implements HttpEvent, SendEvent {
        /** Validates status and fields. */
        public ResponseStart {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("status: " + status + " (expected: 200-599)");
            }
            headers = Headers.copyOf(headers);
        }

        /**
         * A start without header fields.
         *
         * @param status the status code, 200 to 599
         */
        public ResponseStart(int status) {
            this(status, Headers.empty());
        }

        /**
         * A start with header fields in pairs: {@code ResponseStart.of(200, "content-type", "text/plain")}.
         *
         * @param status the status code, 200 to 599
         * @param namesAndValues name, value, name, value
         * @return the event
         */
        public static ResponseStart of(int status, String... namesAndValues) {
            return new ResponseStart(status, Headers.of(namesAndValues));
        }
    }

    /**
     * Sent: a part of the response's body.
     *
     * @param body the bytes from position to limit; must not be changed until the send completes; empty possible
     * @param more whether more parts follow; {@code false} ends the response
     */
    record ResponseBody(ByteBuffer body, boolean more) implements HttpEvent, SendEvent {
        private static final ResponseBody END = new ResponseBody(ByteBuffer.allocate(0), false);

        /** Makes the body read-only. */
        public ResponseBody {
            body = Buffers.readOnly(body);
        }

        /**
         * A part after which more follow.
         *
         * @param body the bytes
         * @return the event
         */
        public static ResponseBody more(ByteBuffer body) {
            return new ResponseBody(body, true);
        }

        /**
         * The last part.
         *
         * @param body the bytes
         * @return the event
         */
        public static ResponseBody last(ByteBuffer body) {
            return new ResponseBody(body, false);
        }

        /**
         * The last part, of text in UTF-8.
         *
         * @param text the text
         * @return the event
         */
        public static ResponseBody last(String text) {
            return new ResponseBody(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), false);
        }

        /**
         * The end without more bytes.
         *
         * @return a constant
         */
        public static ResponseBody last() {
            return END;
        }
    }

    /**
     * Sent: a part of the response's body that is a range of a file (ASGI: path send and zero-copy send). Over plain HTTP/1.1 the kernel sends it
     * without a copy. A file that can't be opened fails the send with {@link java.io.UncheckedIOException}, one that is shorter than its range with
     * {@link ProtocolViolationException}; nothing of it has been sent then. The file must not shrink while it is sent; where it does, the response
     * is aborted.
     *
     * @param file a regular file
     * @param offset the first byte
     * @param length the number of bytes, or {@link #TO_END}
     * @param more whether more parts follow
     */
    record ResponseFile(Path file, long offset, long length, boolean more) implements HttpEvent, SendEvent {
        /** The length of "as far as the file goes when it is opened". */
        public static final long TO_END = -1;

        /** Validates the range. */
        public ResponseFile {
            Objects.requireNonNull(file, "file");
            if (offset < 0) {
                throw new IllegalArgumentException("offset: " + offset + " (expected: >= 0)");
            }
            if (length < TO_END) {
                throw new IllegalArgumentException("length: " + length + " (expected: >= 0, or TO_END)");
            }
        }

        /**
         * A whole file as the last part.
         *
         * @param file a regular file
         * @return the event
         */
        public static ResponseFile last(Path file) {
            return new ResponseFile(file, 0, TO_END, false);
        }
    }

    /**
     * Sent: the trailer fields, which end the response. Where they can't be sent (HTTP/1.0, a content-length, a response without a body)
     * the response ends without them (RFC 9110 section 6.5.1).
     *
     * @param trailers the fields; empty possible
     */
    record ResponseTrailers(Headers trailers) implements HttpEvent, SendEvent {
        /** Validates the fields. */
        public ResponseTrailers {
            trailers = Headers.copyOf(trailers);
        }
    }
}

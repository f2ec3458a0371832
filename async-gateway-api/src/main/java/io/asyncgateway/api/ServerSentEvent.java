package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One event of a {@code text/event-stream} (WHATWG HTML, "Server-sent events"). At least one field is there.
 *
 * @param id what a client that reconnects sends as {@code last-event-id}; without CR, LF and NUL. {@code null} for none
 * @param event the type, for {@code addEventListener}; without CR and LF. {@code null} for {@code message}
 * @param data the data, of one or more lines, each of which becomes a field. A client dispatches an event only where this is there
 * @param retry how long a client waits before it reconnects, in whole milliseconds, not negative. {@code null} leaves it to the client
 * @param comment a comment, of one or more lines, which a client ignores
 */
public record ServerSentEvent(
        @Nullable String id,
        @Nullable String event,
        @Nullable String data,
        @Nullable Duration retry,
        @Nullable String comment) {
    /** Validates the fields. */
    public ServerSentEvent {
        if (id == null && event == null && data == null && retry == null && comment == null) {
            throw new IllegalArgumentException("server-sent event: no field (expected: at least one)");
        }
        requireOneLine("id", id);
        requireOneLine("event", event);
        if (id != null && id.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("id: contains NUL (expected: none, clients ignore such an id)");
        }
        if (retry != null && retry.isNegative()) {
            throw new IllegalArgumentException("retry: " + retry + " (expected: >= 0)");
        }
    }

    /**
     * An event of data alone.
     *
     * @param data the data, of one or more lines
     * @return the event
     */
    public static ServerSentEvent of(String data) {
        return new ServerSentEvent(null, null, data, null, null);
    }

    /**
     * A comment, which a client ignores.
     *
     * @param comment the text, of one or more lines
     * @return the event
     */
    public static ServerSentEvent comment(String comment) {
        return new ServerSentEvent(null, null, null, null, comment);
    }

    /**
     * The same with an id.
     *
     * @param value the id
     * @return the event
     */
    public ServerSentEvent withId(String value) {
        return new ServerSentEvent(value, event, data, retry, comment);
    }

    /**
     * The same with a type.
     *
     * @param value the type
     * @return the event
     */
    public ServerSentEvent withEvent(String value) {
        return new ServerSentEvent(id, value, data, retry, comment);
    }

    /**
     * The same with a time to reconnect.
     *
     * @param value the time
     * @return the event
     */
    public ServerSentEvent withRetry(Duration value) {
        return new ServerSentEvent(id, event, data, value, comment);
    }

    /**
     * The event as it goes over the wire. For a broadcast encode once and send it with {@link Http#stream}.
     *
     * @return UTF-8, with the empty line at its end
     */
    public ByteBuffer encode() {
        StringBuilder out = new StringBuilder(64);
        lines(out, ": ", comment);
        lines(out, "id: ", id);
        lines(out, "event: ", event);
        lines(out, "data: ", data);
        if (retry != null) {
            out.append("retry: ").append(retry.toMillis()).append('\n');
        }
        return ByteBuffer.wrap(out.append('\n').toString().getBytes(UTF_8));
    }

    /** One field for each line; a line ends at CRLF, CR or LF, as it does for the client. */
    private static void lines(StringBuilder out, String field, @Nullable String text) {
        if (text == null) {
            return;
        }
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\n' && c != '\r') {
                continue;
            }
            out.append(field).append(text, start, i).append('\n');
            if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                i++;
            }
            start = i + 1;
        }
        out.append(field).append(text, start, text.length()).append('\n');
    }

    private static void requireOneLine(String name, @Nullable String value) {
        if (value != null && (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0)) {
            throw new IllegalArgumentException(name + ": contains a line break (expected: one line)");
        }
    }
}

package io.asyncgateway.websocket.room;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.history.EntryId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Splices the id into JSON objects, without parsing them. */
final class JsonIdEncoder implements RoomEncoder {
    private static final String NAME = "[A-Za-z0-9._-]+";

    private final String prefix;

    JsonIdEncoder(String field) {
        if (!field.matches(NAME)) {
            throw new IllegalArgumentException(
                    "field: " + field + " (expected: ASCII letters, digits, '-', '_' or '.')");
        }
        prefix = "{\"" + field + "\":\"";
    }

    @Override
    public WebSocketMessage encode(@Nullable EntryId id, WebSocketMessage message) {
        if (id == null) {
            return message;
        }
        ByteBuffer json = message.payload();
        int body = skipWhitespace(json, json.position());
        if (!isObject(message, json, body)) {
            throw notAnObject();
        }
        int first = skipWhitespace(json, body + 1);
        boolean empty = first < json.limit() && json.get(first) == '}';
        byte[] start = (prefix + id + (empty ? "\"" : "\",")).getBytes(US_ASCII);
        json.position(first);
        return WebSocketMessage.utf8(ByteBuffer.allocate(start.length + json.remaining())
                .put(start)
                .put(json)
                .flip());
    }

    @Override
    public void check(WebSocketMessage message) {
        ByteBuffer json = message.payload();
        if (!isObject(message, json, skipWhitespace(json, json.position()))) {
            throw notAnObject();
        }
    }

    @Override
    public WebSocketMessage gap(EntryId after, EntryId resumeAfter) {
        return WebSocketMessage.text(prefix + resumeAfter + "\",\"gap\":true}");
    }

    private static boolean isObject(WebSocketMessage message, ByteBuffer json, int start) {
        return message instanceof WebSocketMessage.Text && start < json.limit() && json.get(start) == '{';
    }

    private static int skipWhitespace(ByteBuffer json, int from) {
        int index = from;
        while (index < json.limit() && isWhitespace(json.get(index))) {
            index++;
        }
        return index;
    }

    private static boolean isWhitespace(byte octet) {
        return octet == ' ' || octet == '\t' || octet == '\n' || octet == '\r';
    }

    private static IllegalArgumentException notAnObject() {
        return new IllegalArgumentException(
                "message: does not begin with { (expected: a JSON object in a text message)");
    }
}

package io.asyncgateway.api.testing;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;

/** Events as they stand in the messages of failed tests: short, with the data that tells them apart. */
final class EventText {
    private static final int SHOWN_BYTES = 64;

    private EventText() {}

    static String name(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return outer == null ? type.getSimpleName() : outer.getSimpleName() + "." + type.getSimpleName();
    }

    static String of(SendEvent event) {
        return name(event.getClass()) + "[" + content(event) + "]";
    }

    private static String content(SendEvent event) {
        if (event instanceof HttpEvent.EarlyHints hints) {
            return headers(hints.headers());
        }
        if (event instanceof HttpEvent.ResponseStart start) {
            return start.status() + headers(start.headers());
        }
        if (event instanceof HttpEvent.ResponseBody part) {
            return bytes(part.body()) + (part.more() ? ", more" : ", last");
        }
        if (event instanceof HttpEvent.ResponseTrailers trailers) {
            return headers(trailers.trailers());
        }
        if (event instanceof WebSocketEvent.Accept accept) {
            return "subprotocol " + accept.subprotocol() + headers(accept.headers());
        }
        if (event instanceof WebSocketEvent.Send sent) {
            return (sent.message() instanceof WebSocketMessage.Text ? "text, " : "binary, ")
                    + bytes(sent.message().payload());
        }
        String text = event.toString();
        return text.substring(text.indexOf('[') + 1, text.length() - 1);
    }

    private static String headers(Headers headers) {
        StringJoiner text = new StringJoiner(", ", " {", "}").setEmptyValue("");
        for (Map.Entry<String, String> field : headers) {
            text.add(field.getKey() + ": " + field.getValue());
        }
        return text.toString();
    }

    private static String bytes(ByteBuffer buffer) {
        int size = buffer.remaining();
        byte[] shown = new byte[Math.min(size, SHOWN_BYTES)];
        buffer.duplicate().get(shown);
        StringBuilder text = new StringBuilder().append(size).append(size == 1 ? " byte" : " bytes");
        if (size > 0) {
            text.append(" \"");
            new String(shown, StandardCharsets.UTF_8)
                    .codePoints()
                    .forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '.' : c));
            text.append(size > SHOWN_BYTES ? "...\"" : "\"");
        }
        return text.toString();
    }
}

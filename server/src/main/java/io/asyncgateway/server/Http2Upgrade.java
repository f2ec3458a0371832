package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of HTTP/1.1 that asks to go on with HTTP/2 (RFC 7540 section 3.2; RFC 9113 no longer says how, but clients still ask). One that asks in another way, or has a body, is answered over HTTP/1.1, as any
 * server may.
 *
 * @param request the request as the first stream has it
 * @param settings the payload of the client's first SETTINGS
 */
record Http2Upgrade(RequestHead request, ByteBuf settings) {
    /** What the answer says. */
    static final Headers SWITCHING = Headers.of("connection", "upgrade", "upgrade", "h2c");

    private static final String SETTINGS = "http2-settings";

    static @Nullable Http2Upgrade of(RequestHead head) {
        Headers headers = head.headers();
        List<String> values = headers.all(SETTINGS);
        if (!head.upgrade()
                || head.hasBody()
                || values.size() != 1
                || !WebSocketHandshake.lists(headers, "upgrade", "h2c")
                || !WebSocketHandshake.lists(headers, "connection", SETTINGS)) {
            return null;
        }
        byte[] settings;
        try {
            settings = Base64.getUrlDecoder().decode(values.get(0));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        return settings.length % Http2Settings.ENTRY == 0
                ? new Http2Upgrade(request(head), Unpooled.wrappedBuffer(settings))
                : null;
    }

    private static RequestHead request(RequestHead head) {
        Headers fields = head.headers().toBuilder()
                .remove("connection")
                .remove("upgrade")
                .remove(SETTINGS)
                .build();
        return new RequestHead(HttpVersion.HTTP_2, head.method(), head.target(), fields, 0, true, false, false);
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import org.jspecify.annotations.Nullable;

/**
 * Gives a connection of HTTP/1 to another protocol: its handlers leave the pipeline, and what has come behind the request goes to their successor. What the
 * connection has to say in HTTP/1 must be flushed before. To be called on its event loop.
 */
final class ProtocolSwitch {
    private ProtocolSwitch() {}

    /** The fields of the answer to a valid handshake, without the application's (RFC 6455 section 4.2.2). */
    static Headers answer(WebSocketHandshake.Valid handshake, Headers agreed) {
        Headers.Builder fields = Headers.builder()
                .add("upgrade", "websocket")
                .add("connection", "upgrade")
                .add("sec-websocket-accept", handshake.accept());
        agreed.forEach(field -> fields.add(field.getKey(), field.getValue()));
        return fields.build();
    }

    /**
     * To a WebSocket.
     *
     * @param ctx of the {@link Http1Connection}
     * @param ended whether the peer has closed its direction
     * @param draining whether the server is shutting down
     */
    static void toWebSocket(ChannelHandlerContext ctx, WebSocketConnection successor, boolean ended, boolean draining) {
        ByteBuf input = give(ctx, successor, "webSocket");
        successor.begin(input, ended, draining);
    }

    /**
     * To HTTP/2.
     *
     * @param ctx of the {@link Http1Connection}
     * @param upgrade the request that asked for it; null where the peer has begun with the preface (RFC 9113 section 3.3)
     */
    static void toHttp2(ChannelHandlerContext ctx, ServerContext context, @Nullable Http2Upgrade upgrade) {
        Http2Connection successor = new Http2Connection(context, false);
        ByteBuf input = give(ctx, successor, "http2");
        if (upgrade != null) {
            successor.upgraded(upgrade);
        }
        successor.begin(input);
    }

    /** Returns what has come for the successor already. */
    private static @Nullable ByteBuf give(ChannelHandlerContext ctx, ChannelHandler successor, String name) {
        ChannelPipeline pipeline = ctx.pipeline();
        Http1Decoder decoder = pipeline.get(Http1Decoder.class);
        ByteBuf input = decoder.takeInput();
        pipeline.replace(ctx.handler(), name, successor);
        pipeline.remove(decoder);
        return input;
    }
}

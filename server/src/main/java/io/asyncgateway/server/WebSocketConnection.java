package io.asyncgateway.server;

import io.asyncgateway.api.WebSocketMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has become a WebSocket, as Netty and the exchange see it. It takes the place of the HTTP handlers in the pipeline, or that of all handlers in
 * the channel of a stream; what happens then is decided by {@link WebSocketLife}. Confined to its event loop.
 */
final class WebSocketConnection extends ConnectionHandler<WebSocketLife> {
    private final WebSocketExchange exchange;
    private final @Nullable PerMessageDeflateSession deflate;
    private final int maxMessageSize;

    /** @param deflate what was agreed on, which is closed with the connection */
    WebSocketConnection(WebSocketExchange exchange, @Nullable PerMessageDeflateSession deflate, int maxMessageSize) {
        this.exchange = exchange;
        this.deflate = deflate;
        this.maxMessageSize = maxMessageSize;
    }

    // ------------------------------------------------------------------------------------------------ the exchange

    /**
     * Takes the connection over from HTTP.
     *
     * @param octets what came behind the request; taken over
     * @param ended whether the peer has closed its direction
     * @param draining whether the server is shutting down
     */
    void begin(@Nullable ByteBuf octets, boolean ended, boolean draining) {
        life().begin(octets, ended, draining);
    }

    /** The application waits for a message, or never will again. */
    void demand() {
        life().input.proceed();
    }

    /** Whether a message has come that is not decoded yet. */
    boolean messageWaits() {
        return life().input.messageWaits();
    }

    /** Sends a message; false if its send has to wait for {@link WebSocketExchange#sendThrough()}. */
    boolean send(WebSocketMessage message) {
        return life().output.send(message);
    }

    /** Bytes of the messages that were sent. */
    long sentBytes() {
        return life().output.sentBytes();
    }

    /** The application closes. */
    void close(int code, String reason) {
        life().close(code, reason);
    }

    // ------------------------------------------------------------------------------------------------ Netty

    @Override
    WebSocketLife newLife(ChannelHandlerContext ctx) {
        return new WebSocketLife(ctx, exchange, deflate, maxMessageSize);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        life().received((ByteBuf) message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            life().inputEnded();
        } else if (event == ServerEvent.DRAIN) {
            life().drain();
        } else if (event == ServerEvent.FORCE) {
            life().reset();
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            ReferenceCountUtil.release(event);
        }
    }
}

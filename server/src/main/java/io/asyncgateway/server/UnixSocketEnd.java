package io.asyncgateway.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on a Unix domain socket whose peer is gone. Over TCP a peer that leaves is told from one that only ends its own direction by the reset that follows;
 * here nothing follows, but the kernel refuses to send at once. The JDK's sockets don't say so, so there the end of one direction is that of both.
 */
@ChannelHandler.Sharable
final class UnixSocketEnd extends ChannelInboundHandlerAdapter {
    static final UnixSocketEnd INSTANCE = new UnixSocketEnd();

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private static final ByteBuffer NOTHING = Unpooled.EMPTY_BUFFER.nioBuffer();

    private UnixSocketEnd() {}

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent)) {
            ctx.fireUserEventTriggered(event);
        } else if (watch(ctx)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** Closes what is gone; whether it is not. What goes later brings no event any more, so it is looked at again. */
    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private static boolean watch(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            return false;
        }
        if (!takesMore(ctx.channel())) {
            ctx.close();
            return false;
        }
        ctx.executor().schedule(() -> watch(ctx), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return true;
    }

    private static boolean takesMore(Channel channel) {
        if (!(channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket)) {
            return false;
        }
        try {
            socket.send(NOTHING, 0, 0);
            return true;
        } catch (IOException gone) {
            return false;
        }
    }
}

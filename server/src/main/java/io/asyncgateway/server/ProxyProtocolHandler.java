package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a connection of a trusted proxy, which must begin with a header of the PROXY protocol: takes it off, remembers what it says as an attribute of the
 * channel, and leaves the pipeline. A connection that begins otherwise, or not in time, is closed without an answer, since it is not known to whom that
 * would go. Confined to its event loop.
 *
 * <pre>
 *   WAITING ──(header)──────────────────────────► DONE: removed, what is behind the header goes on
 *   WAITING ──(no header, end, timeout, drain)──► DONE: closed
 * </pre>
 */
final class ProxyProtocolHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyProtocolHandler.class);

    private final ProxyProtocol expected;
    private final long timeoutNanos;
    private final Seldom warnings;
    private @Nullable LazyTimer timer;
    private @Nullable ByteBuf input;
    private boolean done;

    ProxyProtocolHandler(ProxyProtocol expected, Timeouts timeouts, Seldom warnings) {
        this.expected = expected;
        this.timeoutNanos = timeouts.requestHead().toNanos();
        this.warnings = warnings;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        LazyTimer made = new LazyTimer(ctx.channel().eventLoop(), () -> close(ctx, "not complete in time"));
        made.set(timeoutNanos);
        timer = made;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        done = true;
        LazyTimer started = timer;
        if (started != null) {
            started.close();
        }
        ByteBuf left = input;
        input = null;
        if (left != null) {
            left.release();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (done) {
            more.release();
            return;
        }
        ByteBuf before = input;
        ByteBuf octets =
                before == null ? more : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, more);
        input = octets;
        try {
            ProxyHeader header = ProxyHeaderParser.parse(octets, expected);
            if (header != null) {
                passOn(ctx, header, octets);
            }
        } catch (ProxyHeaderException failure) {
            close(ctx, String.valueOf(failure.getMessage()));
        }
    }

    private void passOn(ChannelHandlerContext ctx, ProxyHeader header, ByteBuf rest) {
        input = null;
        ctx.channel().attr(ProxyHeader.KEY).set(header);
        ctx.pipeline().remove(this);
        // A removed context still leads on to those who were behind it.
        if (rest.isReadable()) {
            ctx.fireChannelRead(rest);
        } else {
            rest.release();
            ctx.read(); // as in channelReadComplete, which this handler won't see any more
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!done) {
            ctx.read(); // the read that those behind this handler have asked for is not answered yet
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof ServerEvent) {
            close(ctx, "not complete");
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private void close(ChannelHandlerContext ctx, String reason) {
        if (!done) {
            done = true;
            // Whoever only looks whether the port is open, as checks of load balancers do, has begun nothing.
            if (input != null && warnings.isTime()) {
                LOG.warn("{} closed: PROXY header: {} (further ones are logged at level DEBUG)", ctx.channel(), reason);
            } else {
                LOG.debug("{} closed: PROXY header: {}", ctx.channel(), reason);
            }
            ctx.close();
        }
    }
}

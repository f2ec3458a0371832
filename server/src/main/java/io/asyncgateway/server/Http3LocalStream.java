package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** The server's own control stream, which the peer may not stop (RFC 9114 section 6.2.1). Confined to the event loop of its connection. */
final class Http3LocalStream extends ChannelInboundHandlerAdapter {
    private final Http3Connection connection;
    private final ChannelFutureListener failure = this::written;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable StopSentinel sentinel;

    Http3LocalStream(Http3Connection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
    }

    /** Writes octets, and hears from then on if the peer stops the stream. Before the stream is there it takes nothing. */
    void write(ByteBuf octets) {
        ChannelHandlerContext known = ctx;
        if (known == null) {
            octets.release();
            return;
        }
        StopSentinel before = sentinel;
        if (before != null) {
            before.pass(); // what is written would wait behind it
        }
        known.write(octets).addListener(failure);
        StopSentinel watching = new StopSentinel();
        sentinel = watching;
        known.write(watching).addListener(failure);
    }

    private void written(ChannelFuture write) {
        if (!write.isSuccess() && write.channel().parent().isActive()) {
            stopped();
        }
    }

    private void stopped() {
        connection.fail(Http3Failure.ofConnection(
                Http3Error.H3_CLOSED_CRITICAL_STREAM, "the server's control stream was stopped"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (from.channel().parent().isActive()) {
            stopped();
        }
    }
}

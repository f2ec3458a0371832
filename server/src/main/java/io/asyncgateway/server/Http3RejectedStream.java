package io.asyncgateway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;

/** A request that comes behind the last GOAWAY: nothing of it was done, and the peer may ask for the same elsewhere (RFC 9114 section 5.2). */
final class Http3RejectedStream extends ChannelInboundHandlerAdapter {
    private final Http3Connection connection;

    Http3RejectedStream(Http3Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connection.resets.reset((QuicStreamChannel) ctx.channel(), Http3Error.H3_REQUEST_REJECTED);
        connection.abandoned();
        connection.count(Http3FloodGuard.Kind.RESET);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // It is over already.
    }
}

package io.asyncgateway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The server's own control stream, which the peer may not stop (RFC 9114 section 6.2.1). */
final class Http3LocalStream extends ChannelInboundHandlerAdapter {
    private final Http3Connection connection;

    Http3LocalStream(Http3Connection connection) {
        this.connection = connection;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (ctx.channel().parent().isActive()) {
            connection.fail(Http3Failure.ofConnection(
                    Http3Error.H3_CLOSED_CRITICAL_STREAM, "the server's control stream was stopped"));
        }
    }
}

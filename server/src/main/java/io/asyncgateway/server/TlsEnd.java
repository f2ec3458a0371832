package io.asyncgateway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;

/**
 * Closes a connection in which TLS has ended in both directions. Where the peer ends its own alone it may still be waiting for an answer (RFC 8446 section 6.1);
 * in TLS 1.2, and with OpenSSL's engine, its end is that of both.
 */
final class TlsEnd extends ChannelInboundHandlerAdapter {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslCloseCompletionEvent)) {
            ctx.fireUserEventTriggered(event);
        } else if (ctx.pipeline().get(SslHandler.class).engine().isOutboundDone()) {
            ctx.close();
        }
    }
}

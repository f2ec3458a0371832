package io.asyncgateway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning of a connection with TLS: Netty's handlers choose the certificate and shake hands; this one waits behind them, and has the pipeline of the
 * agreed protocol put in its place. Confined to its event loop.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshake.class);

    /** Larger ones don't exist but to use up memory. */
    private static final int MAX_CLIENT_HELLO = 16 * 1024;

    private final BiConsumer<ChannelPipeline, String> protocols;

    private TlsHandshake(BiConsumer<ChannelPipeline, String> protocols) {
        this.protocols = protocols;
    }

    /**
     * Adds the handlers of TLS to a new connection.
     *
     * @param protocols installs the protocol that was agreed on by ALPN; {@code http/1.1} where there was none
     */
    static void install(
            ChannelPipeline pipeline, Tls config, TlsContexts contexts, BiConsumer<ChannelPipeline, String> protocols) {
        long timeout = config.handshakeTimeout().toMillis();
        pipeline.addLast(
                "tls",
                new SniHandler(
                        (name, promise) -> promise.setSuccess(contexts.forName(name)), MAX_CLIENT_HELLO, timeout) {
                    @Override
                    protected SslHandler newSslHandler(
                            io.netty.handler.ssl.SslContext context, io.netty.buffer.ByteBufAllocator allocator) {
                        SslHandler handler = super.newSslHandler(context, allocator);
                        handler.setHandshakeTimeoutMillis(timeout);
                        return handler;
                    }
                });
        pipeline.addLast("handshake", new TlsHandshake(protocols));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SniCompletionEvent name) {
            ctx.channel().attr(TlsConnection.SERVER_NAME).set(name.hostname());
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                ctx.pipeline().addLast("end", new TlsEnd()).addLast("files", new FilePieces());
                protocols.accept(ctx.pipeline(), protocol(ctx.pipeline().get(SslHandler.class)));
                ctx.pipeline().remove(this);
            } else {
                LOG.debug("{} handshake failed", ctx.channel(), handshake.cause());
                close(ctx);
            }
        } else if (event instanceof ServerEvent || event instanceof ChannelInputShutdownEvent) {
            close(ctx); // no request has come yet
        } else {
            ReferenceCountUtil.release(event);
        }
    }

    private static String protocol(SslHandler tls) {
        @Nullable String agreed = tls.applicationProtocol();
        return agreed == null ? "http/1.1" : agreed;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{} closed before the end of the handshake", ctx.channel(), cause);
        close(ctx);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private static void close(ChannelHandlerContext ctx) {
        ctx.close();
    }
}

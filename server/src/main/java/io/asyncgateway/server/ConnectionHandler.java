package io.asyncgateway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection as a handler in the pipeline of its channel: tells its life what happens there. That is made when the handler is added, so that all its parts can be final. Confined to its
 * event loop.
 *
 * @param <L> what decides
 */
abstract class ConnectionHandler<L extends ConnectionHandler.Life> extends ChannelInboundHandlerAdapter {
    /** What becomes of one connection. */
    interface Life {
        /** For now there is no more to be read. */
        void readComplete();

        /** The peer takes more than before, or no more. */
        void writabilityChanged();

        /** The connection has failed, and is of no more use. */
        void failed();

        /** The connection is closed. */
        void closed();

        /** Another handler has it from now on; may come after {@link #closed()}. */
        void removed();
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

    private @Nullable L life;

    abstract L newLife(ChannelHandlerContext ctx);

    final L life() {
        L known = life;
        if (known == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return known;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        life = newLife(ctx);
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        life().readComplete();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        life().writabilityChanged();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} connection lost", ctx.channel(), cause);
        } else {
            LOG.error("{} connection failed", ctx.channel(), cause);
        }
        life().failed();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        life().closed();
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext ctx) {
        life().removed();
    }
}

package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2, as a handler in the pipeline of its socket: tells {@link Http2Life} and {@link Http2Input} what happens there, which are made when it is added. Confined to its
 * event loop.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {
    private final ServerContext context;
    private final boolean agreed;
    private @Nullable Http2Life life;

    /** @param agreed whether the peer has asked for HTTP/2 in its TLS handshake; else it may yet turn out to speak something else */
    Http2Connection(ServerContext context, boolean agreed) {
        this.context = context;
        this.agreed = agreed;
    }

    private Http2Life life() {
        Http2Life known = life;
        if (known == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return known;
    }

    // ------------------------------------------------------------------------------------------------ beginning

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        life = new Http2Life(context, ctx);
        if (ctx.channel().isActive()) {
            life().begin(agreed);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        life().begin(agreed);
    }

    /** Begins with a request that came over HTTP/1.1. It is answered behind the preface, which is still to come. */
    void upgraded(Http2Upgrade request) {
        life().input.upgraded(request);
    }

    /** Takes octets over that were read before this was in the pipeline. */
    void begin(@Nullable ByteBuf first) {
        if (first != null) {
            life().input.read(first);
            life().input.readComplete();
        }
    }

    // ------------------------------------------------------------------------------------------------ events

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        life().input.read((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        life().input.readComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        life().writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            life().inputEnded();
        } else if (event == ServerEvent.DRAIN) {
            life().drain();
        } else if (event == ServerEvent.FORCE) {
            life().force();
        } else {
            ReferenceCountUtil.release(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        life().lost(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        life().end();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        life().end();
    }
}

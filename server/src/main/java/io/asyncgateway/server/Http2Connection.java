package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2 in the pipeline of its socket. Confined to its event loop.
 */
final class Http2Connection extends ConnectionHandler<Http2Life> {
    private final ServerContext context;
    private final boolean agreed;

    /** @param agreed whether the peer has asked for HTTP/2 in its TLS handshake; else it may yet turn out to speak something else */
    Http2Connection(ServerContext context, boolean agreed) {
        this.context = context;
        this.agreed = agreed;
    }

    // ------------------------------------------------------------------------------------------------ beginning

    @Override
    Http2Life newLife(ChannelHandlerContext ctx) {
        return new Http2Life(context, ctx);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        super.handlerAdded(ctx);
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
}

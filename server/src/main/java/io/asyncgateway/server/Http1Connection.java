package io.asyncgateway.server;

import io.asyncgateway.api.HttpEvent;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of HTTP/1, as a handler in the pipeline of its socket, behind the codec: tells {@link Http1Life} what happens there, which is made when it is
 * added. Confined to its event loop.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);

    private final ServerContext context;
    private @Nullable Http1Life life;

    Http1Connection(ServerContext context) {
        this.context = context;
    }

    private Http1Life life() {
        Http1Life known = life;
        if (known == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return known;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        life = new Http1Life(context, ctx);
        if (ctx.channel().isActive()) {
            ctx.read();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        life().release();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Http1Life http = life();
        http.readBegins();
        if (http.isLingering()) {
            http.demand(); // what comes after the last response is thrown away
        } else if (message instanceof RequestHead head) {
            http.begin(head);
        } else if (message instanceof HttpEvent.Request part) {
            http.bodyPart(part);
        } else if (message instanceof HttpFailure failure) {
            http.malformed(failure);
        } else if (message == InputEvent.HTTP_2) {
            http.becomeHttp2(null);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        life().readEnds();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        life().writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof InputEvent input) {
            life().inputEvent(input);
        } else if (event instanceof ServerEvent server) {
            life().serverEvent(server);
        } else {
            ReferenceCountUtil.release(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        life().gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} connection lost", ctx.channel(), cause);
        } else {
            LOG.error("{} connection failed", ctx.channel(), cause);
        }
        life().failed();
    }
}

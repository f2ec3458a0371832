package io.asyncgateway.server;

import io.asyncgateway.api.HttpEvent;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The place of an {@link Http1Connection} in the pipeline, behind the codec: it passes on what Netty tells. Confined to its event loop. */
final class ExchangeHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeHandler.class);

    private final ServerContext context;
    private @Nullable Http1Connection connection;

    ExchangeHandler(ServerContext context) {
        this.context = context;
    }

    private Http1Connection connection() {
        Http1Connection known = connection;
        if (known == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return known;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        connection = new Http1Connection(context, ctx);
        if (ctx.channel().isActive()) {
            ctx.read();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        connection().release();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Http1Connection http = connection();
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
        connection().readEnds();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection().writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof InputEvent input) {
            connection().inputEvent(input);
        } else if (event instanceof ServerEvent server) {
            connection().serverEvent(server);
        } else {
            ReferenceCountUtil.release(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection().gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} connection lost", ctx.channel(), cause);
        } else {
            LOG.error("{} connection failed", ctx.channel(), cause);
        }
        connection().failed();
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.HttpEvent;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;

/**
 * One connection of HTTP/1 in the pipeline of its socket, behind the codec. Confined to its event loop.
 */
final class Http1Connection extends ConnectionHandler<Http1Life> {
    private final ServerContext context;

    Http1Connection(ServerContext context) {
        this.context = context;
    }

    @Override
    Http1Life newLife(ChannelHandlerContext ctx) {
        return new Http1Life(context, ctx);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        super.handlerAdded(ctx);
        if (ctx.channel().isActive()) {
            ctx.read();
        }
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
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof InputEvent input) {
            life().inputEvent(input);
        } else if (event instanceof ServerEvent server) {
            life().serverEvent(server);
        } else {
            ReferenceCountUtil.release(event);
        }
    }
}

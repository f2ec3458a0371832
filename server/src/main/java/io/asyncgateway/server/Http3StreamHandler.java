package io.asyncgateway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One stream of a request, as a handler in its pipeline: tells {@link Http3Stream}, which is made when it is added, what happens there. Confined to the event loop of its connection. */
final class Http3StreamHandler extends ChannelInboundHandlerAdapter {
    private final Http3Connection connection;
    private @Nullable Http3Stream stream;

    Http3StreamHandler(Http3Connection connection) {
        this.connection = connection;
    }

    private Http3Stream stream() {
        Http3Stream known = stream;
        if (known == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return known;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        Http3Stream added = new Http3Stream(connection, ctx);
        stream = added;
        connection.opened(added);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        stream().begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        stream().read((QuicStreamFrame) message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Http3Output.Event.WRITTEN) {
            stream().written();
        } else if (event == Http3Output.Event.TAKEN) {
            stream().writabilityChanged();
        } else {
            ReferenceCountUtil.release(event); // the end of the input, which came with its last octets
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        stream().writabilityChanged();
    }

    /** Later, for a write that fails does so in the middle of what the exchange does. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Http3Stream failed = stream();
        failed.loop().execute(() -> failed.lost(cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stream().gone();
    }
}

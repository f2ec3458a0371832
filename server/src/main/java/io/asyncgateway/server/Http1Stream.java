package io.asyncgateway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange needs of its connection of HTTP/1 and what takes no decision: octets out, demand for what comes in, addresses; and which exchange that is. The
 * decisions are {@link Http1Life}'s. Confined to the event loop of the connection.
 */
abstract class Http1Stream implements HttpStream {
    final ServerContext context;
    final ChannelHandlerContext ctx;
    final OutputBuffer output;
    final Http1ResponseWriter writer;

    /** The exchange that is told of what happens; null between two, and once there is nothing more to tell. */
    @Nullable
    HttpExchange current;

    private @Nullable Addresses addresses;

    Http1Stream(ServerContext context, ChannelHandlerContext ctx) {
        this.context = context;
        this.ctx = ctx;
        this.output = new OutputBuffer(ctx);
        this.writer =
                new Http1ResponseWriter(output, context.encoder(ctx.channel().eventLoop()));
    }

    @Override
    public EventLoop loop() {
        return ctx.channel().eventLoop();
    }

    @Override
    public Addresses addresses() {
        Addresses known = addresses;
        if (known == null) {
            known = Addresses.of(ctx.channel(), context.forwarding);
            addresses = known;
        }
        return known;
    }

    @Override
    public void occupy(HttpExchange exchange) {
        current = exchange;
    }

    @Override
    public void demand() {
        ctx.read();
    }

    @Override
    public ResponseWriter writer() {
        return writer;
    }

    @Override
    public boolean isWritable() {
        return ctx.channel().isWritable();
    }

    @Override
    public void flush() {
        output.flushNow();
    }

    void readBegins() {
        output.readBegins();
    }

    /** For {@link ConnectionHandler.Life}. */
    public void readComplete() {
        output.readEnds();
    }

    /** What was handed to the channel until now, and the bytes of a file that the peer has taken. */
    public long passedOn() {
        HttpExchange exchange = current;
        return output.passedOn() + (exchange == null ? 0 : exchange.fileProgress());
    }

    /** Tells the exchange, if there is one, that it is on its own. */
    void peerGone() {
        HttpExchange exchange = current;
        current = null;
        if (exchange != null) {
            exchange.peerGone();
        }
    }
}

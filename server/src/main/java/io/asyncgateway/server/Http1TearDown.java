package io.asyncgateway.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways in which a connection of HTTP/1 ends (RFC 9112 section 9.6), and the watches over a peer that takes nothing. Which way it goes, and when, is its
 * owner's to say. Confined to its event loop.
 */
final class Http1TearDown {
    /** The connection. */
    interface Owner {
        /** What was handed to the channel until now, and the bytes of a file that the peer has taken. */
        long passedOn();

        /** Everything is flushed, after {@link #flush()}. */
        void flushed();

        /** The peer takes too little of what waits for it. */
        void stalled();

        /** The peer has closed its direction and takes nothing: it is not waiting for an answer, however long that takes. */
        void silent();

        void close();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Http1TearDown.class);

    private final ChannelHandlerContext ctx;
    private final OutputBuffer output;
    private final Owner owner;
    private final Duration patience;
    private final LazyTimer lingerTimer;
    private final StallWatch stall;
    private final StallWatch halfClosed;

    /** Nothing is watched yet. */
    Http1TearDown(ServerConfig config, ChannelHandlerContext ctx, OutputBuffer output, Owner owner) {
        this.ctx = ctx;
        this.output = output;
        this.owner = owner;
        EventLoop loop = ctx.channel().eventLoop();
        Timeouts timeouts = config.timeouts();
        this.patience = timeouts.linger();
        this.lingerTimer = new LazyTimer(loop, owner::close);
        LongSupplier passedOn = owner::passedOn;
        int rate = config.limits().responseRate();
        this.stall = new StallWatch(ctx.channel(), timeouts.responseGap(), rate, passedOn, this::stalled);
        this.halfClosed = new StallWatch(ctx.channel(), timeouts.halfClosed(), 0, passedOn, owner::silent);
    }

    // ------------------------------------------------------------------------------------------------ watches

    /** Something waits for the peer. */
    void watchStall() {
        stall.begin();
    }

    /** Nothing waits for it any more. */
    void peerTakes() {
        stall.end();
    }

    private void stalled() {
        if (stall.isWaiting()) {
            LOG.debug("{} peer takes nothing", ctx.channel());
            owner.stalled();
        }
    }

    /** The peer has closed its direction, and an answer is owed to it. */
    void watchHalfClosed() {
        halfClosed.begin();
    }

    // ------------------------------------------------------------------------------------------------ ways to end

    /** Closes both directions when everything is flushed. */
    void closeAfterFlush() {
        lingerTimer.clear();
        flushAll().addListener(ChannelFutureListener.CLOSE);
        stall.begin();
    }

    /** Flushes everything, and tells {@link Owner#flushed()}. */
    void flush() {
        ChannelFuture everything = flushAll();
        stall.begin();
        everything.addListener(written -> owner.flushed());
    }

    private ChannelFuture flushAll() {
        output.flushNow();
        return ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    /**
     * Closes the server's direction and leaves the other open for a while: a close with octets unread would reset the connection, and the peer could lose the
     * response.
     *
     * @param ended whether the peer has closed its own, so that there is nothing to wait for
     */
    void linger(boolean ended) {
        stall.end();
        if (!ended && HalfClose.begin(ctx.channel())) {
            lingerTimer.set(patience.toNanos());
        } else {
            owner.close();
        }
    }

    /** Closes so that the peer can't take it for a regular end. */
    void reset() {
        ConnectionReset.prepare(ctx.channel());
        close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    void close() {
        ctx.close();
    }

    /** Ends all watches. */
    void release() {
        lingerTimer.close();
        stall.close();
        halfClosed.close();
    }
}

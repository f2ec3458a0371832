package io.asyncgateway.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one connection of HTTP/2 from the preface to the last GOAWAY, and the time limits on it. What comes is read by {@link Http2Input}; what frames mean to streams is decided by
 * {@link Http2Streams}. Confined to its event loop.
 *
 * <pre>
 *   state       on                                        next         on the wire
 *   PREFACE     preface                                   OPEN         SETTINGS: behind TLS at once, in clear text behind the head of the peer's first frame
 *   PREFACE     drain                                     LINGERING    SETTINGS, GOAWAY with no stream
 *   PREFACE     time, behind TLS                          LINGERING    GOAWAY with no stream
 *   PREFACE     time, in clear text                       CLOSED       nothing, since it may be another protocol; the same in OPEN before the head of the first frame
 *   OPEN        drain                                     ANNOUNCED    GOAWAY with 2^31-1, PING
 *   ANNOUNCED   PING answered, grace passes               LAST         GOAWAY with the last stream
 *   OPEN        idle, GOAWAY from the peer, no stream     LINGERING    GOAWAY with the last stream
 *   LAST        no stream is left                         LINGERING
 *   any         broken rule, flood, time otherwise        LINGERING    GOAWAY with the error; streams are gone
 *   any         the peer takes nothing                    CLOSED       reset of TCP; streams are gone
 *   LINGERING   time                                      CLOSED
 *   any         end of input, connection lost, force      CLOSED
 * </pre>
 */
final class Http2Life implements ConnectionHandler.Life, Http2Streams.Owner {
    private enum State {
        PREFACE,
        OPEN,
        ANNOUNCED,
        LAST,
        LINGERING,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Http2Life.class);

    /** The PING that goes out behind the first GOAWAY: what the peer sent before it knew has come when it is answered. */
    private static final long ANNOUNCEMENT = 0x676f61776179L;

    final Http2Input input;

    private final ServerContext context;
    private final Http2Options options;
    private final ChannelHandlerContext ctx;
    private final Channel channel;
    private final OutputBuffer octets;
    private final Http2Output output;
    private final Http2Streams streams;
    private final LazyTimer timer;
    private final StallWatch stall;

    private State state = State.PREFACE;
    private boolean greeted;
    private boolean peerLeaves;

    /** A connection that is yet to {@linkplain #begin begin}. */
    Http2Life(ServerContext context, ChannelHandlerContext ctx) {
        this.context = context;
        this.ctx = ctx;
        channel = ctx.channel();
        options = context.config.http2();
        EventLoop loop = channel.eventLoop();
        Limits limits = context.config.limits();
        Http2FloodGuard guard = new Http2FloodGuard(options, loop.ticker());
        Http2HeadEncoder heads = new Http2HeadEncoder(context.config.http(), context.clock, context.alternative);
        octets = new OutputBuffer(ctx);
        output = new Http2Output(octets, channel, heads, guard, limits);
        Addresses addresses = Addresses.of(channel, context.forwarding);
        streams = new Http2Streams(context, this, addresses, output, guard, context.section(loop));
        input = new Http2Input(this, context, ctx, streams);
        timer = new LazyTimer(loop, this::timedOut);
        stall = new StallWatch(
                channel,
                context.config.timeouts().responseGap(),
                limits.responseRate(),
                octets::passedOn,
                this::stalled);
    }

    // ------------------------------------------------------------------------------------------------ beginning

    /** @param agreed whether the peer is known to speak HTTP/2 */
    void begin(boolean agreed) {
        input.begin();
        if (agreed) {
            greet();
        }
        input.ask();
        if (context.draining.isFired()) {
            drain(); // else it will be told
        }
    }

    /** The server's part of the preface, before anything else that it sends. */
    void greet() {
        if (!greeted) {
            greeted = true;
            output.preface(options, context.config.limits());
        }
    }

    boolean hasGreeted() {
        return greeted;
    }

    boolean awaitsPreface() {
        return state == State.PREFACE;
    }

    /** The peer's part of the preface has come. */
    void prefaced() {
        state = State.OPEN;
        idle();
    }

    // ------------------------------------------------------------------------------------------------ streams

    @Override
    public void opened() {
        if (state == State.OPEN) {
            timer.clear();
        }
    }

    @Override
    public void emptied() {
        if (state == State.LAST) {
            linger();
        } else if (state == State.OPEN && peerLeaves) {
            leave();
        } else {
            idle();
        }
    }

    private void idle() {
        if (state == State.OPEN && streams.isEmpty()) {
            timer.set(options.keepAlive().toNanos());
        }
    }

    // ------------------------------------------------------------------------------------------------ leaving

    @Override
    public void peerLeaves() {
        peerLeaves = true;
        if (state == State.OPEN && streams.isEmpty()) {
            leave();
        }
    }

    @Override
    public void drain() {
        if (state == State.PREFACE) {
            leave();
        } else if (state == State.OPEN) {
            streams.tell(ServerEvent.DRAIN);
            state = State.ANNOUNCED;
            output.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR, "");
            output.ping(ANNOUNCEMENT, false);
            timer.set(options.goAwayGrace().toNanos());
            octets.flushIfIdle();
        }
    }

    @Override
    public void pingAnswered(long opaque) {
        if (opaque == ANNOUNCEMENT && state == State.ANNOUNCED) {
            leave();
        }
    }

    private void timedOut() {
        if (state == State.LINGERING) {
            close();
        } else {
            leave();
        }
    }

    /** Takes no more streams. */
    private void leave() {
        state = State.LAST;
        timer.clear();
        streams.takeNoMore();
        greet();
        output.goAway(streams.last(), Http2Error.NO_ERROR, "");
        octets.flushIfIdle();
        if (streams.isEmpty()) {
            linger();
        }
    }

    /** The peer broke a rule of the connection, or a limit. */
    void fail(Http2Failure failure) {
        LOG.debug("{} ended with {}: {}", channel, failure.error(), failure.getMessage());
        greet();
        output.goAway(streams.last(), failure.error(), String.valueOf(failure.getMessage()));
        linger();
        streams.peerGone();
    }

    /** Closes the server's direction when everything is flushed, and reads on for a while: a close with octets unread would reset the connection, and the peer could lose the GOAWAY. */
    private void linger() {
        state = State.LINGERING;
        input.ignore();
        octets.flushNow();
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> lingerOn());
        stall.begin();
        input.ask();
    }

    private void lingerOn() {
        if (state != State.LINGERING) {
            return;
        }
        stall.end();
        if (HalfClose.begin(channel)) {
            timer.set(context.config.timeouts().linger().toNanos());
        } else {
            close();
        }
    }

    // ------------------------------------------------------------------------------------------------ the end

    /** Whether input is thrown away. */
    boolean isOver() {
        return state == State.LINGERING || state == State.CLOSED;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    void close() {
        state = State.CLOSED;
        ctx.close();
    }

    private void reset() {
        ConnectionReset.prepare(channel);
        close();
    }

    /** A peer that closes its direction can neither open windows nor reset streams any more: it is gone (RFC 9113 section 9.1). */
    void inputEnded() {
        if (state == State.CLOSED) {
            return;
        }
        boolean lingering = state == State.LINGERING;
        state = State.CLOSED;
        streams.peerGone();
        if (!lingering && channel.isWritable()) {
            octets.flushNow();
        }
        close();
    }

    /** The server's time is over. */
    void force() {
        if (state != State.CLOSED) {
            streams.force();
            reset();
        }
    }

    @Override
    public void readComplete() {
        input.readComplete();
    }

    @Override
    public void writabilityChanged() {
        if (!channel.isWritable()) {
            stall.begin();
            return;
        }
        if (state != State.LINGERING) {
            stall.end();
        }
        output.resume();
        input.resume();
    }

    private void stalled() {
        if (stall.isWaiting()) {
            LOG.debug("{} peer takes nothing", channel);
            state = State.CLOSED;
            streams.peerGone();
            reset();
        }
    }

    @Override
    public void failed() {
        state = State.CLOSED;
        streams.peerGone();
        close();
    }

    @Override
    public void removed() {
        closed();
    }

    @Override
    public void closed() {
        state = State.CLOSED;
        timer.close();
        stall.close();
        octets.discard();
        input.close();
        streams.peerGone();
    }
}

package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of HTTP/2: its life from the preface to the last GOAWAY, its input, and the time limits on both. What frames mean to streams is decided by {@link Http2Streams}. Confined to
 * its event loop.
 *
 * <p>Input is always read, since what nobody asked for is bounded by the windows; but for a peer that does not take its answers.
 *
 * <pre>
 *   state       on                                        next         on the wire
 *   PREFACE     preface                                   OPEN         SETTINGS: behind TLS at once, in clear text behind the head of the peer's first frame
 *   OPEN        drain                                     ANNOUNCED    GOAWAY with 2^31-1, PING
 *   ANNOUNCED   PING answered, grace passes               LAST         GOAWAY with the last stream
 *   OPEN        idle, GOAWAY from the peer, no stream     LINGERING    GOAWAY with the last stream
 *   LAST        no stream is left                         LINGERING
 *   any         broken rule, flood, time                  LINGERING    GOAWAY with the error; streams are gone
 *   LINGERING   time                                      CLOSED
 *   any         end of input, connection lost, force      CLOSED
 * </pre>
 */
final class Http2Connection extends ChannelInboundHandlerAdapter implements Http2Streams.Owner {
    private enum State {
        PREFACE,
        OPEN,
        ANNOUNCED,
        LAST,
        LINGERING,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

    /** The PING that goes out behind the first GOAWAY: what the peer sent before it knew has come when it is answered. */
    private static final long ANNOUNCEMENT = 0x676f61776179L;

    /** In clear text: whoever sends the preface sends SETTINGS in the same breath (RFC 9113 section 3.4), or does not speak HTTP/2. */
    private static final Duration FIRST_FRAME = Duration.ofMillis(1_500);

    private final ServerContext context;
    private final Http2Options options;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable OutputBuffer octets;
    private @Nullable Http2Output output;
    private @Nullable Http2Streams streams;
    private @Nullable Http2FrameDecoder decoder;
    private @Nullable LazyTimer inputTimer;
    private @Nullable LazyTimer lifeTimer;
    private @Nullable StallWatch stall;

    private State state = State.PREFACE;
    private @Nullable ByteBuf input;
    private boolean inRead;
    private boolean reading;
    private boolean decoding;
    private boolean peerLeaves;
    private int completed;
    private final boolean greetsAtOnce;
    private boolean greeted;
    private @Nullable Http2Upgrade upgrade;

    /** @param agreed whether the peer has asked for HTTP/2 in its TLS handshake; else it may yet turn out to speak something else */
    Http2Connection(ServerContext context, boolean agreed) {
        this.context = context;
        this.options = context.config.http2();
        this.greetsAtOnce = agreed;
    }

    // ------------------------------------------------------------------------------------------------ beginning

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        Channel channel = added.channel();
        EventLoop loop = channel.eventLoop();
        octets = new OutputBuffer(added);
        Http2FloodGuard guard = new Http2FloodGuard(options, loop.ticker());
        Limits limits = context.config.limits();
        Http2HeadEncoder heads = new Http2HeadEncoder(context.config.http(), context.clock, context.alternative);
        output = new Http2Output(octets(), channel, heads, guard, limits);
        streams = new Http2Streams(
                context, this, Addresses.of(channel, context.forwarding), output(), guard, context.section(loop));
        decoder = new Http2FrameDecoder(streams(), options, limits);
        inputTimer = new LazyTimer(loop, this::inputTimedOut);
        lifeTimer = new LazyTimer(loop, this::lifeTimedOut);
        stall = new StallWatch(
                channel,
                context.config.timeouts().responseGap(),
                context.config.limits().responseRate(),
                octets()::passedOn,
                this::stalled);
        if (channel.isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        begin();
    }

    private void begin() {
        added(inputTimer).set(context.config.timeouts().requestHead().toNanos());
        if (greetsAtOnce) {
            greet();
        }
        read();
        if (context.draining.isFired()) {
            drain(); // else it will be told
        }
    }

    /** The server's part of the preface, before anything else that it sends. */
    private void greet() {
        if (!greeted) {
            greeted = true;
            output().preface(options, context.config.limits());
        }
    }

    /** Takes octets over that were read before this was in the pipeline. */
    void begin(@Nullable ByteBuf first) {
        if (first != null) {
            channelRead(ctx(), first);
            channelReadComplete(ctx());
        }
    }

    /** Begins with a request that came over HTTP/1.1. It is answered behind the preface, which is still to come. */
    void upgraded(Http2Upgrade request) {
        try {
            streams().apply(request.settings(), request.settings().readableBytes());
            upgrade = request;
        } catch (Http2Failure failure) {
            fail(failure);
        }
    }

    private void firstFrame() throws Http2Failure {
        greet();
        Http2Upgrade request = upgrade;
        if (request != null) {
            upgrade = null;
            streams().open(1, request.request());
        }
    }

    private static <T> T added(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return part;
    }

    private ChannelHandlerContext ctx() {
        return added(ctx);
    }

    private Channel channel() {
        return ctx().channel();
    }

    private OutputBuffer octets() {
        return added(octets);
    }

    private Http2Output output() {
        return added(output);
    }

    private Http2Streams streams() {
        return added(streams);
    }

    private Http2FrameDecoder decoder() {
        return added(decoder);
    }

    // ------------------------------------------------------------------------------------------------ input

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        inRead = true;
        octets().readBegins();
        ByteBuf more = (ByteBuf) message;
        if (isOver()) {
            more.release();
            return;
        }
        ByteBuf before = input;
        input = before == null ? more : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(from.alloc(), before, more);
        decode();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        inRead = false;
        reading = false;
        if (state != State.CLOSED) {
            octets().readEnds();
            readOn();
        }
    }

    /** Goes on with what has come, and then reads more, unless the peer leaves too much of its answers untaken. */
    private void readOn() {
        if (!isOver() && input != null && !isBackedUp()) {
            decode();
        }
        if (isOver() || !isBackedUp()) {
            read();
        }
    }

    private boolean isBackedUp() {
        return output().isBackedUp();
    }

    private void read() {
        if (!reading && state != State.CLOSED) {
            reading = true;
            ctx().read();
        }
    }

    /** Whether input is thrown away. */
    private boolean isOver() {
        return state == State.LINGERING || state == State.CLOSED;
    }

    private void decode() {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            ByteBuf in = input;
            while (in != null && !isOver() && !isBackedUp() && step(in)) {
                // one frame, or part of one, each
            }
        } catch (Http2Failure failure) {
            fail(failure);
        } finally {
            decoding = false;
        }
        ByteBuf left = input;
        if (left != null && (!left.isReadable() || isOver())) {
            input = null;
            left.release();
        }
        watchInput();
    }

    /** {@code false} if more octets are needed. */
    private boolean step(ByteBuf in) throws Http2Failure {
        if (state == State.PREFACE) {
            return preface(in);
        }
        if (!greeted || upgrade != null) {
            if (in.readableBytes() < Http2FrameDecoder.HEADER_SIZE) {
                return false;
            }
            firstFrame();
        }
        try {
            return decoder().decode(in);
        } catch (Http2Failure failure) {
            if (failure.isOfConnection()) {
                throw failure;
            }
            streams().fail(failure);
            return true;
        }
    }

    private boolean preface(ByteBuf in) throws Http2Failure {
        if (!Http2Preface.mayBegin(in)) {
            throw Http2Failure.ofConnection(Http2Error.PROTOCOL_ERROR, "another preface");
        }
        if (in.readableBytes() < Http2Preface.LENGTH) {
            return false;
        }
        in.skipBytes(Http2Preface.LENGTH);
        state = State.OPEN;
        idle();
        if (!greeted) {
            Duration head = context.config.timeouts().requestHead();
            added(inputTimer).set(Math.min(FIRST_FRAME.toNanos(), head.toNanos()));
        }
        return true;
    }

    /** What was begun and is awaited whole has its time. */
    private void watchInput() {
        LazyTimer timer = added(inputTimer);
        if (isOver() || isBackedUp()) {
            timer.clear();
        } else if (state != State.PREFACE && greeted) {
            boolean within = decoder().isWithin(input != null);
            if (!within) {
                timer.clear();
            } else if (!timer.isSet() || completed != decoder().completed()) {
                timer.set(context.config.timeouts().requestHead().toNanos());
            }
            completed = decoder().completed();
        }
    }

    private void inputTimedOut() {
        if (!greeted) {
            close(); // to a peer of another protocol there is nothing to say
            return;
        }
        fail(Http2Failure.ofConnection(Http2Error.NO_ERROR, "not complete in time"));
    }

    // ------------------------------------------------------------------------------------------------ the life of the
    // connection

    @Override
    public void opened() {
        if (state == State.OPEN) {
            added(lifeTimer).clear();
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
        if (state == State.OPEN && streams().isEmpty()) {
            added(lifeTimer).set(options.keepAlive().toNanos());
        }
    }

    @Override
    public void peerLeaves() {
        peerLeaves = true;
        if (state == State.OPEN && streams().isEmpty()) {
            leave();
        }
    }

    @Override
    public void drain() {
        if (state == State.PREFACE) {
            leave();
        } else if (state == State.OPEN) {
            streams().all().forEach(stream -> stream.tell(ServerEvent.DRAIN));
            state = State.ANNOUNCED;
            output().goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR, "");
            output().ping(ANNOUNCEMENT, false);
            added(lifeTimer).set(options.goAwayGrace().toNanos());
            octets().flushIfIdle();
        }
    }

    @Override
    public void pingAnswered(long opaque) {
        if (opaque == ANNOUNCEMENT && state == State.ANNOUNCED) {
            leave();
        }
    }

    private void lifeTimedOut() {
        if (state == State.LINGERING) {
            close();
        } else {
            leave();
        }
    }

    /** Takes no more streams. */
    private void leave() {
        state = State.LAST;
        added(lifeTimer).clear();
        streams().takeNoMore();
        greet();
        output().goAway(streams().last(), Http2Error.NO_ERROR, "");
        octets().flushIfIdle();
        if (streams().isEmpty()) {
            linger();
        }
    }

    /** The peer broke a rule of the connection, or a limit. */
    private void fail(Http2Failure failure) {
        LOG.debug("{} ended with {}: {}", channel(), failure.error(), failure.getMessage());
        greet();
        output().goAway(streams().last(), failure.error(), String.valueOf(failure.getMessage()));
        linger();
        peerGone();
    }

    /** Closes the server's direction when everything is flushed, and reads on for a while: a close with octets unread would reset the connection, and the peer could lose the GOAWAY. */
    private void linger() {
        state = State.LINGERING;
        added(inputTimer).clear();
        octets().flushNow();
        ctx().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> lingerOn());
        added(stall).begin();
        read();
    }

    private void lingerOn() {
        if (state != State.LINGERING) {
            return;
        }
        added(stall).end();
        if (HalfClose.begin(channel())) {
            Duration linger = context.config.timeouts().linger();
            added(lifeTimer).set(linger.toNanos());
        } else {
            close();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive tells
    private void close() {
        state = State.CLOSED;
        ctx().close();
    }

    private void reset() {
        if (channel().isOpen()) {
            channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        close();
    }

    private void peerGone() {
        for (Http2Stream stream : streams().all()) {
            streams().remove(stream);
            stream.peerGone();
        }
    }

    // ------------------------------------------------------------------------------------------------ what else
    // happens

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        } else if (event == ServerEvent.DRAIN) {
            drain();
        } else if (event == ServerEvent.FORCE) {
            force();
        } else {
            ReferenceCountUtil.release(event);
        }
    }

    /** A peer that closes its direction can neither open windows nor reset streams any more: it is gone (RFC 9113 section 9.1). */
    private void inputEnded() {
        if (state == State.CLOSED) {
            return;
        }
        boolean lingering = state == State.LINGERING;
        state = State.CLOSED;
        peerGone();
        if (lingering || !channel().isWritable()) {
            close();
        } else {
            octets().flushNow();
            close();
        }
    }

    private void force() {
        if (state != State.CLOSED) {
            for (Http2Stream stream : streams().all()) {
                if (!stream.tell(ServerEvent.FORCE)) {
                    streams().remove(stream);
                    stream.cancelApplication();
                }
            }
            reset();
        }
    }

    private void stalled() {
        if (added(stall).isWaiting()) {
            LOG.debug("{} peer takes nothing", channel());
            state = State.CLOSED;
            peerGone();
            reset();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (!channel().isWritable()) {
            added(stall).begin();
            return;
        }
        if (state != State.LINGERING) {
            added(stall).end();
        }
        output().resume();
        if (!inRead) {
            readOn();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        end();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext from) {
        end();
    }

    private void end() {
        state = State.CLOSED;
        added(inputTimer).close();
        added(lifeTimer).close();
        added(stall).close();
        octets().discard();
        ByteBuf left = input;
        if (left != null && !decoding) {
            input = null;
            left.release();
        }
        peerGone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} connection lost", channel(), cause);
        } else {
            LOG.error("{} connection failed", channel(), cause);
        }
        state = State.CLOSED;
        peerGone();
        close();
    }
}

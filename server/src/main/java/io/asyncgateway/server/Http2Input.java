package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What comes on one connection of HTTP/2: the preface, then frames, each step checked and handed on before the next is looked at; and the time that a peer has for what it began. Confined to
 * its event loop.
 *
 * <p>Input is always read, since what nobody asked for is bounded by the windows; but for a peer that does not take its answers.
 */
final class Http2Input {
    /** In clear text: whoever sends the preface sends SETTINGS in the same breath (RFC 9113 section 3.4), or does not speak HTTP/2. */
    private static final Duration FIRST_FRAME = Duration.ofMillis(1_500);

    private final Http2Life life;
    private final ChannelHandlerContext ctx;
    private final OutputBuffer octets;
    private final Http2Output output;
    private final Http2Streams streams;
    private final Http2FrameDecoder decoder;
    private final Duration head;
    private final LazyTimer timer;

    private @Nullable ByteBuf waiting;
    private @Nullable Http2Upgrade upgrade;

    /** Between the first octets of a read of the socket and its end. */
    private boolean inRead;

    /** The socket was asked for octets. */
    private boolean asked;

    private boolean decoding;
    private int completed;

    Http2Input(Http2Life life, ServerContext context, ChannelHandlerContext ctx, Http2Streams streams) {
        this.life = life;
        this.ctx = ctx;
        this.streams = streams;
        this.output = streams.output;
        this.octets = output.octets();
        this.decoder = new Http2FrameDecoder(streams, context.config.http2(), context.config.limits());
        this.head = context.config.timeouts().requestHead();
        this.timer = new LazyTimer(output.loop(), this::timedOut);
    }

    /** The preface is awaited from now on. */
    void begin() {
        timer.set(head.toNanos());
    }

    /** Begins with a request that came over HTTP/1.1. */
    void upgraded(Http2Upgrade request) {
        try {
            streams.apply(request.settings(), request.settings().readableBytes());
            upgrade = request;
        } catch (Http2Failure failure) {
            life.fail(failure);
        }
    }

    // ------------------------------------------------------------------------------------------------ reading

    /** Octets have come, which are taken over. */
    void read(ByteBuf more) {
        inRead = true;
        octets.readBegins();
        if (life.isOver()) {
            more.release();
            return;
        }
        ByteBuf before = waiting;
        waiting = before == null ? more : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, more);
        decode();
    }

    void readComplete() {
        inRead = false;
        asked = false;
        if (!life.isClosed()) {
            octets.readEnds();
            readOn();
        }
    }

    /** The peer takes answers again. */
    void resume() {
        if (!inRead) {
            readOn();
        }
    }

    /** Goes on with what has come, and then reads more, unless the peer leaves too much of its answers untaken. */
    private void readOn() {
        if (!life.isOver() && waiting != null && !output.isBackedUp()) {
            decode();
        }
        if (life.isOver() || !output.isBackedUp()) {
            ask();
        }
    }

    /** Asks the socket for octets. */
    void ask() {
        if (!asked && !life.isClosed()) {
            asked = true;
            ctx.read();
        }
    }

    // ------------------------------------------------------------------------------------------------ decoding

    private void decode() {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            ByteBuf in = waiting;
            while (in != null && !life.isOver() && !output.isBackedUp() && step(in)) {
                // one frame, or part of one, each
            }
        } catch (Http2Failure failure) {
            life.fail(failure);
        } finally {
            decoding = false;
        }
        ByteBuf left = waiting;
        if (left != null && (!left.isReadable() || life.isOver())) {
            waiting = null;
            left.release();
        }
        watch();
    }

    /** {@code false} if more octets are needed. */
    private boolean step(ByteBuf in) throws Http2Failure {
        if (life.awaitsPreface()) {
            return preface(in);
        }
        if (!life.hasGreeted() || upgrade != null) {
            if (in.readableBytes() < Http2FrameDecoder.HEADER_SIZE) {
                return false;
            }
            firstFrame();
        }
        try {
            return decoder.decode(in);
        } catch (Http2Failure failure) {
            if (failure.isOfConnection()) {
                throw failure;
            }
            streams.fail(failure);
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
        life.prefaced();
        if (!life.hasGreeted()) {
            timer.set(Math.min(FIRST_FRAME.toNanos(), head.toNanos()));
        }
        return true;
    }

    private void firstFrame() throws Http2Failure {
        life.greet();
        Http2Upgrade request = upgrade;
        if (request != null) {
            upgrade = null;
            streams.open(1, request.request());
        }
    }

    // ------------------------------------------------------------------------------------------------ time

    /** What was begun and is awaited whole has its time. */
    private void watch() {
        if (life.isOver() || output.isBackedUp()) {
            timer.clear();
        } else if (!life.awaitsPreface() && life.hasGreeted()) {
            boolean within = decoder.isWithin(waiting != null);
            if (!within) {
                timer.clear();
            } else if (!timer.isSet() || completed != decoder.completed()) {
                timer.set(head.toNanos());
            }
            completed = decoder.completed();
        }
    }

    private void timedOut() {
        if (!life.hasGreeted()) {
            life.close(); // to a peer of another protocol there is nothing to say
            return;
        }
        life.fail(Http2Failure.ofConnection(Http2Error.NO_ERROR, "not complete in time"));
    }

    /** What comes from now on is thrown away, and has no time limit of its own. */
    void ignore() {
        timer.clear();
    }

    /** Nothing more comes. */
    void close() {
        timer.close();
        ByteBuf left = waiting;
        if (left != null && !decoding) {
            waiting = null;
            left.release();
        }
    }
}

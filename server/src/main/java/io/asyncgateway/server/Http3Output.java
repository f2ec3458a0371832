package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one stream of HTTP/3, gathered so that what belongs together leaves together: with the end of a read of the stream, or by a task where nothing is being read. What the
 * peer does not take waits in the stream, which is then no longer writable. Confined to its event loop.
 */
final class Http3Output {
    /** Past it the octets are handed to the stream. */
    private static final int PASS_ON = 16 * 1024;

    private static final int SMALLEST = 256;

    private final ChannelHandlerContext ctx;
    private final Runnable flushTask = this::flush;

    /** Not a void promise, to which a stream does not tell that what waited in it has failed. */
    private final ChannelFutureListener written = this::written;

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private boolean fin;
    private boolean ended;
    private boolean inRead;
    private boolean flushScheduled;
    private boolean writing;
    private boolean discarded;

    /** Writes that wait in the stream. It calls itself writable when it could take one of them, and would keep without end what is written behind the others. */
    private int waiting;

    private int handedOver;
    private @Nullable StopSentinel sentinel;

    Http3Output(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** The section that was encoded. */
    void headers(QpackEncoder section, boolean last) {
        int size = section.size();
        frame(Http3FrameDecoder.HEADERS, size).writeBytes(section.octets(), 0, size);
        fin |= last;
    }

    /** Octets of a body, which keeps its position. */
    void data(ByteBuffer body, int offset, int length, boolean last) {
        if (length > 0) {
            OutputBuffer.copy(body, offset, length, frame(Http3FrameDecoder.DATA, length));
        }
        end(last);
    }

    /** The same of a buffer, of which they are read. */
    void data(ByteBuf octets, int length) {
        frame(Http3FrameDecoder.DATA, length).writeBytes(octets, length);
    }

    /** Says that nothing more comes. */
    void end(boolean last) {
        fin |= last;
        scheduleFlush();
    }

    private ByteBuf frame(int type, int length) {
        int octets = 1 + VarInt.size(length) + length;
        if (buffer.readableBytes() + octets > PASS_ON) {
            passOn();
        }
        if (buffer.capacity() == 0) {
            buffer = ctx.alloc().directBuffer(Math.max(octets, SMALLEST));
        } else {
            buffer.ensureWritable(octets);
        }
        scheduleFlush();
        return VarInt.write(buffer.writeByte(type), length);
    }

    private ByteBuf take() {
        ByteBuf octets = buffer;
        buffer = Unpooled.EMPTY_BUFFER;
        return octets;
    }

    private void passOn() {
        if (buffer.isReadable()) {
            unwatch();
            handedOver = (int) Math.min(Integer.MAX_VALUE, (long) handedOver + buffer.readableBytes());
            write(take(), written);
        }
    }

    private void write(Object message, ChannelFutureListener done) {
        waiting++;
        writing = true;
        ctx.write(message).addListener(done);
        writing = false;
    }

    void readBegins() {
        inRead = true;
    }

    void readEnds() {
        inRead = false;
        flush();
    }

    private void scheduleFlush() {
        if (!inRead && !flushScheduled) {
            flushScheduled = true;
            ctx.channel().eventLoop().execute(flushTask);
        }
    }

    void flushIfIdle() {
        if (!inRead) {
            flush();
        }
    }

    void flush() {
        flushScheduled = false;
        if (fin && !ended) {
            ended = true;
            unwatch();
            write(new DefaultQuicStreamFrame(take(), true), this::endWritten);
        } else {
            passOn();
            watch();
        }
    }

    /** Hears at once from now on if the peer stops the stream, though nothing is being written. */
    private void watch() {
        if (!fin && !discarded && sentinel == null && isWritable()) {
            StopSentinel watching = new StopSentinel();
            sentinel = watching;
            write(watching, written);
        }
    }

    /** What is written would wait behind it. */
    private void unwatch() {
        StopSentinel watching = sentinel;
        if (watching != null) {
            sentinel = null;
            watching.pass();
            write(Unpooled.EMPTY_BUFFER, written);
        }
    }

    /** How many octets the stream was given since this was asked last. */
    int handedOver() {
        int octets = handedOver;
        handedOver = 0;
        return octets;
    }

    /** Whether the stream takes more. */
    boolean isWritable() {
        return sentinel != null || (waiting == 0 && ctx.channel().isWritable());
    }

    private void written(ChannelFuture write) {
        waiting--;
        Throwable cause = write.cause();
        if (cause != null) {
            ctx.pipeline().fireExceptionCaught(cause);
        } else if (waiting == 0 && !writing) {
            ctx.pipeline().fireUserEventTriggered(Event.TAKEN);
        }
    }

    private void endWritten(ChannelFuture write) {
        written(write);
        if (write.isSuccess()) {
            ctx.pipeline().fireUserEventTriggered(Event.WRITTEN);
        }
    }

    /** What it tells the pipeline. */
    enum Event {
        /** Nothing waits in the stream any more. */
        TAKEN,

        /** Everything up to the end of the stream is the transport's. */
        WRITTEN
    }

    /** Whether a write is under way, whose caller asks by itself whether there is room for more. */
    boolean isWriting() {
        return writing;
    }

    /** Gives back what was not handed on; nothing is written afterwards. */
    void discard() {
        discarded = true;
        fin = false;
        take().release();
    }
}

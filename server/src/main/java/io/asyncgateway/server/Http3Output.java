package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import java.nio.ByteBuffer;

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
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private boolean fin;
    private boolean ended;
    private boolean inRead;
    private boolean flushScheduled;
    private boolean writing;

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

    @SuppressWarnings("FutureReturnValueIgnored") // a void promise: a failure reaches exceptionCaught
    private void passOn() {
        if (buffer.isReadable()) {
            writing = true;
            ctx.write(take(), ctx.voidPromise());
            writing = false;
        }
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

    @SuppressWarnings("FutureReturnValueIgnored") // the same
    void flush() {
        flushScheduled = false;
        if (fin && !ended) {
            ended = true;
            ChannelPromise written = ctx.newPromise();
            written.addListener(done -> {
                if (done.isSuccess()) {
                    ctx.pipeline().fireUserEventTriggered(Event.WRITTEN);
                } else {
                    ctx.pipeline().fireExceptionCaught(done.cause());
                }
            });
            writing = true;
            ctx.write(new DefaultQuicStreamFrame(take(), true), written);
            writing = false;
        } else {
            passOn();
        }
    }

    /** What it tells the pipeline. */
    enum Event {
        /** Everything up to the end of the stream is the transport's. */
        WRITTEN
    }

    /** Whether the end was said, and nothing is to follow. */
    boolean isEnded() {
        return fin;
    }

    /** Whether a write is under way, whose caller asks by itself whether there is room for more. */
    boolean isWriting() {
        return writing;
    }

    /** Gives back what was not handed on; nothing is written afterwards. */
    void discard() {
        fin = false;
        take().release();
    }
}

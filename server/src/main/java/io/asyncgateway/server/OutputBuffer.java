package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one connection, gathered so that everything that was answered during one read of the socket is one write: heads, chunks and small bodies
 * are copied into one buffer, which is flushed when the read is complete, or by a task once where nothing is being read. Confined to its event loop.
 */
final class OutputBuffer {
    /** Past it the buffer is handed to the channel, where it counts as pending. */
    private static final int PASS_ON = 16 * 1024;

    private static final int SMALLEST = 256;

    /** What the channel adds to what is pending for each write, so that it can be told from what the peer has taken. */
    private static final int ENTRY = Integer.getInteger("io.netty.transport.outboundBufferEntrySizeOverhead", 96);

    private final ChannelHandlerContext ctx;
    private final Runnable flushTask = this::flushNow;
    private @Nullable ByteBuf buffer;
    private int expected = SMALLEST;
    private boolean inRead;
    private boolean flushScheduled;
    private boolean unflushed;
    private long passedOn;

    OutputBuffer(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** A buffer with room for that many octets more, to be written to at once and not kept. */
    ByteBuf room(int octets) {
        ByteBuf current = buffer;
        if (current != null && current.readableBytes() + octets > PASS_ON) {
            passOn();
            current = null;
        }
        if (current == null) {
            current = ctx.alloc().directBuffer(Math.max(octets, expected));
            buffer = current;
        } else {
            current.ensureWritable(octets);
        }
        scheduleFlush();
        return current;
    }

    /** Copies octets of a source, which keeps its position. */
    static void copy(ByteBuffer source, int offset, int length, ByteBuf target) {
        int index = target.writerIndex();
        ByteBuffer view = target.internalNioBuffer(index, length);
        view.put(view.position(), source, source.position() + offset, length);
        target.writerIndex(index + length);
    }

    /** Writes something of the channel's own after what is here, and takes it over. */
    ChannelFuture write(Object message) {
        passOn();
        unflushed = true;
        passedOn += ENTRY;
        scheduleFlush();
        return ctx.write(message);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a void promise: a failure reaches exceptionCaught
    private void passOn() {
        ByteBuf current = buffer;
        if (current != null) {
            buffer = null;
            unflushed = true;
            passedOn += current.readableBytes() + ENTRY;
            ctx.write(current, ctx.voidPromise());
        }
    }

    /** What was handed to the channel until now, as the channel counts what is pending: without the bytes of files. */
    long passedOn() {
        return passedOn;
    }

    /** Whether more may be written without holding more than the outbound window. */
    boolean isWritable() {
        return ctx.channel().isWritable();
    }

    void readBegins() {
        inRead = true;
    }

    void readEnds() {
        inRead = false;
        flushNow();
    }

    private void scheduleFlush() {
        if (!inRead && !flushScheduled) {
            flushScheduled = true;
            ctx.channel().eventLoop().execute(flushTask);
        }
    }

    /** Flushes unless a read is under way, at whose end everything is flushed together. */
    void flushIfIdle() {
        if (!inRead) {
            flushNow();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a void promise: a failure reaches exceptionCaught
    void flushNow() {
        flushScheduled = false;
        ByteBuf current = buffer;
        if (current != null) {
            buffer = null;
            unflushed = false;
            passedOn += current.readableBytes() + ENTRY;
            expected = Math.min(PASS_ON, Math.max(SMALLEST, current.readableBytes()));
            ctx.writeAndFlush(current, ctx.voidPromise());
        } else if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
    }

    /** Gives back what was not passed on; nothing is written afterwards. */
    void discard() {
        ByteBuf current = buffer;
        if (current != null) {
            buffer = null;
            current.release();
        }
    }
}

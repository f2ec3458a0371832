package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.PendingWriteQueue;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Sends ranges of files where the kernel can't copy them into the socket, as with TLS: piece by piece, each read on Reactor's bounded elastic scheduler when the
 * channel takes more. What is written meanwhile waits behind the file. Confined to its event loop.
 */
final class FilePieces extends ChannelDuplexHandler {
    static final int PIECE = 64 * 1024;

    private @Nullable PendingWriteQueue waiting;
    private @Nullable FileRegion region;
    private @Nullable ChannelPromise promise;
    private boolean reading;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        waiting = new PendingWriteQueue(ctx);
    }

    private PendingWriteQueue waiting() {
        PendingWriteQueue queue = waiting;
        if (queue == null) {
            throw new IllegalStateException("used before it was added to a pipeline");
        }
        return queue;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is the future
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise written) {
        if (region != null) {
            waiting().add(message, written.isVoid() ? ctx.newPromise() : written);
        } else if (message instanceof FileRegion file) {
            region = file;
            promise = written;
            proceed(ctx);
        } else {
            ctx.write(message, written);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        proceed(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    private void proceed(ChannelHandlerContext ctx) {
        FileRegion file = region;
        if (file == null || reading || !ctx.channel().isWritable()) {
            return;
        }
        if (file.transferred() >= file.count()) {
            end(null);
            writeWaiting(ctx);
            return;
        }
        reading = true;
        Piece piece = new Piece(ctx.alloc().directBuffer((int) Math.min(PIECE, file.count() - file.transferred())));
        Mono.fromCallable(() -> file.transferTo(piece, file.transferred()))
                .subscribeOn(Schedulers.boundedElastic())
                .subscribe(
                        octets -> later(ctx, piece, () -> read(ctx, piece, octets)),
                        failure -> later(ctx, piece, () -> failed(ctx, piece, failure)));
    }

    /** A server that is gone has no event loop and closed its channels; the buffer is all that is left. */
    private static void later(ChannelHandlerContext ctx, Piece piece, Runnable task) {
        try {
            ctx.channel().eventLoop().execute(task);
        } catch (RejectedExecutionException stopped) {
            piece.buffer.release();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a void promise: a failure reaches exceptionCaught
    private void read(ChannelHandlerContext ctx, Piece piece, long octets) {
        if (octets <= 0) {
            failed(ctx, piece, new EOFException("the file has become shorter"));
            return;
        }
        reading = false;
        if (region == null || ctx.isRemoved()) {
            end(new ClosedChannelException());
            piece.buffer.release();
            return;
        }
        ctx.writeAndFlush(piece.buffer, ctx.voidPromise());
        proceed(ctx);
    }

    private void failed(ChannelHandlerContext ctx, Piece piece, Throwable failure) {
        reading = false;
        piece.buffer.release();
        end(failure);
        if (!ctx.isRemoved()) {
            writeWaiting(ctx);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // each has a promise of its own
    private void writeWaiting(ChannelHandlerContext ctx) {
        PendingWriteQueue queue = waiting();
        while (region == null && !queue.isEmpty()) {
            if (queue.current() instanceof FileRegion file) {
                region = file;
                file.retain();
                promise = queue.remove();
                proceed(ctx);
            } else {
                queue.removeAndWrite();
            }
        }
        ctx.flush();
    }

    /** The file is through, or was given up. */
    private void end(@Nullable Throwable failure) {
        FileRegion file = region;
        ChannelPromise written = promise;
        region = null;
        promise = null;
        if (file != null) {
            file.release();
        }
        if (written != null) {
            if (failure == null) {
                written.trySuccess();
            } else {
                written.tryFailure(failure);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        giveUp();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        giveUp();
    }

    /** A file that is being read is released afterwards. */
    private void giveUp() {
        ClosedChannelException closed = new ClosedChannelException();
        waiting().removeAndFailAll(closed);
        if (!reading) {
            end(closed);
        }
    }

    /** Takes as many octets as its buffer has room for. */
    private record Piece(ByteBuf buffer) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            int octets = Math.min(source.remaining(), buffer.writableBytes());
            int limit = source.limit();
            source.limit(source.position() + octets);
            buffer.writeBytes(source);
            source.limit(limit);
            return octets;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}

package io.asyncgateway.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Sends a range of a file on one stream, piece by piece, each read on Reactor's bounded elastic scheduler when the stream takes more. Confined to its event loop. */
final class StreamFileTransfer {
    /** A stream that takes octets of a file. */
    interface Target {
        EventLoop loop();

        boolean isClosed();

        /** Whether it takes octets now. Where it does not, {@link #proceed()} is called when it does again, or is closed. */
        boolean isWritable();

        /** Writes octets; returns how many it took. */
        int write(ByteBuffer body, int offset, int length, boolean last);

        /** This transfer has begun; {@code null} when it is over. */
        void sending(@Nullable StreamFileTransfer transfer);
    }

    private static final int PIECE = 32 * 1024;

    private final Target stream;
    private final FileRegion region;
    private final ChannelPromise promise;
    private final ByteBuffer piece;
    private boolean reading;

    private StreamFileTransfer(Target stream, FileRegion region, ChannelPromise promise) {
        this.stream = stream;
        this.region = region;
        this.promise = promise;
        this.piece = ByteBuffer.allocate((int) Math.min(PIECE, region.count())).limit(0);
    }

    /** Begins; the result completes when the last octet has gone out. */
    static ChannelFuture begin(Target stream, FileRegion region, ChannelPromise promise) {
        StreamFileTransfer transfer = new StreamFileTransfer(stream, region, promise);
        stream.sending(transfer);
        transfer.proceed();
        return promise;
    }

    /** The stream takes more, or is closed. */
    void proceed() {
        if (reading || promise.isDone()) {
            return;
        }
        if (stream.isClosed()) {
            end(new ClosedChannelException());
            return;
        }
        while (piece.hasRemaining()) {
            if (!stream.isWritable()) {
                return;
            }
            piece.position(piece.position() + stream.write(piece, 0, piece.remaining(), false));
        }
        if (region.transferred() == region.count()) {
            end(null);
        } else {
            read();
        }
    }

    private void read() {
        reading = true;
        piece.clear();
        Mono.fromCallable(() -> region.transferTo(new Piece(piece), region.transferred()))
                .subscribeOn(Schedulers.boundedElastic())
                .subscribe(octets -> later(null), this::later);
    }

    /** A server that is gone has no event loop, and closed its files with its exchanges. */
    private void later(@Nullable Throwable failure) {
        try {
            stream.loop().execute(() -> read(failure));
        } catch (RejectedExecutionException stopped) {
            region.release();
        }
    }

    private void read(@Nullable Throwable failure) {
        reading = false;
        piece.flip();
        if (failure != null || !piece.hasRemaining()) {
            end(failure != null ? failure : new EOFException("the file has become shorter"));
        } else {
            proceed();
        }
    }

    private void end(@Nullable Throwable failure) {
        stream.sending(null);
        region.release();
        if (failure == null) {
            promise.setSuccess();
        } else {
            promise.setFailure(failure);
        }
    }

    /** Takes as many octets as its buffer has room for. */
    private record Piece(ByteBuffer target) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            int length = Math.min(source.remaining(), target.remaining());
            ByteBuffer part = source.duplicate().limit(source.position() + length);
            target.put(part);
            source.position(source.position() + length);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}

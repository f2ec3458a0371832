package io.asyncgateway.blocking;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ReceiveEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of a request: each part is pulled when the one before has been read. For one thread at a time, whichever it is. */
final class RequestStream extends InputStream {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final BlockingExchange exchange;
    private ByteBuffer part = EMPTY;
    private boolean ended;
    private boolean closed;

    RequestStream(BlockingExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public int read() throws IOException {
        return fill() ? part.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, part.remaining());
        part.get(into, offset, count);
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        long left = count;
        while (left > 0 && fill()) {
            int step = (int) Math.min(left, part.remaining());
            part.position(part.position() + step);
            left -= step;
        }
        return count <= 0 ? 0 : count - left;
    }

    /** What can be read without waiting for the client: the rest of the last part. */
    @Override
    public int available() throws IOException {
        requireOpen();
        return part.remaining();
    }

    /** Further reads fail. The rest of the body is the server's to deal with. */
    @Override
    public void close() {
        closed = true;
        part = EMPTY;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the body of the request is closed");
        }
    }

    /** Waits until there is something to read; {@code false} at the end. */
    private boolean fill() throws IOException {
        requireOpen();
        while (!part.hasRemaining()) {
            if (ended) {
                return false;
            }
            take(exchange.receive());
        }
        return true;
    }

    private void take(@Nullable ReceiveEvent event) throws IOException {
        if (event instanceof HttpEvent.Request request) {
            part = request.body();
            ended = !request.more();
        } else {
            throw new GatewayIOException(new DisconnectedException());
        }
    }
}

package io.asyncgateway.blocking;

import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The body of a response that is written: collected into parts, each of which is sent and waited for before the next. The head leaves with the first. For one thread
 * at a time.
 */
final class ResponseStream extends OutputStream {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final BlockingExchange exchange;
    private final ResponseStart start;
    private final int partSize;
    private byte[] part = new byte[0];
    private int size;
    private boolean begun;
    private boolean closed;

    ResponseStream(BlockingExchange exchange, ResponseStart start, int partSize) {
        this.exchange = exchange;
        this.start = start;
        this.partSize = partSize;
    }

    @Override
    public void write(int octet) throws IOException {
        makeRoom();
        part[size++] = (byte) octet;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int from = offset;
        int left = length;
        while (left > 0) {
            makeRoom();
            int count = Math.min(left, part.length - size);
            System.arraycopy(bytes, from, part, size, count);
            size += count;
            from += count;
            left -= count;
        }
    }

    /** A part that waits leaves when there is more, so that what fits into one part can be the whole response. */
    private void makeRoom() throws IOException {
        requireOpen();
        if (part.length == 0) {
            part = new byte[partSize];
        } else if (size == part.length) {
            sendPart();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the body of the response is closed");
        }
    }

    private void sendPart() throws IOException {
        ByteBuffer bytes = size == 0 ? EMPTY : ByteBuffer.wrap(part, 0, size);
        size = 0;
        send(bytes);
    }

    /** Sends bytes as a part of their own, and what waits before them. */
    void send(ByteBuffer bytes) throws IOException {
        if (size > 0) {
            sendPart();
        }
        if (!begun) {
            begun = true;
            exchange.send(start);
        }
        exchange.send(ResponseBody.more(bytes));
    }

    /** Sends the head and what waits. */
    @Override
    public void flush() throws IOException {
        requireOpen();
        if (size > 0 || !begun) {
            sendPart();
        }
    }

    /** The response ends with its writer, not here. */
    @Override
    public void close() {
        closed = true;
    }

    boolean hasBegun() {
        return begun;
    }

    ResponseStart start() {
        return start;
    }

    /** What has not been sent. */
    ByteBuffer rest() {
        return size == 0 ? EMPTY : ByteBuffer.wrap(part, 0, size);
    }
}

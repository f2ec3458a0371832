package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.testing.ConformanceClient.Exchange;
import io.asyncgateway.api.testing.ConformanceClient.Head;
import io.asyncgateway.api.testing.ConformanceClient.Response;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One request and its response on a stream of their own; how the stream is read and written is the protocol's. */
abstract class StreamExchange implements Exchange {
    private final List<Head> interim = new ArrayList<>();
    private Head head;
    private Headers trailers = Headers.empty();
    private byte[] part = {};
    private int taken;

    /** What comes on a stream. */
    sealed interface Piece {
        record Fields(Headers fields) implements Piece {}

        record Data(byte[] octets) implements Piece {}
    }

    /** Waits for the next piece; {@code null} at the end of the stream, an {@link IOException} where it is reset. */
    abstract Piece next() throws IOException;

    /** Sends the names and values of a field section, with the end of the stream where it is the last. */
    abstract void sendFields(boolean last, String... fields);

    abstract void sendData(byte[] octets) throws IOException;

    abstract void sendEnd();

    /** All of a part of the body was read, which may have to be told to the server. */
    abstract void consumed(int octets);

    private interface Action {
        void run() throws IOException;
    }

    private static void io(Action action) throws IOException {
        try {
            action.run();
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    final void begin(List<String> fields, boolean last) throws IOException {
        io(() -> sendFields(last, fields.toArray(String[]::new)));
    }

    @Override
    public final void write(byte[] octets) throws IOException {
        io(() -> sendData(octets));
    }

    @Override
    public final void finish(Headers fields) throws IOException {
        if (fields.isEmpty()) {
            io(this::sendEnd);
        } else {
            List<String> pairs = new ArrayList<>();
            fields.forEach(field -> {
                pairs.add(field.getKey());
                pairs.add(field.getValue());
            });
            begin(pairs, true);
        }
    }

    @Override
    public final void halfClose() {
        throw new UnsupportedOperationException("a stream that ends is a request; the connection has no half");
    }

    @Override
    public final Head awaitHead() throws IOException {
        Piece piece = next();
        if (piece == null) {
            throw new EOFException("the stream ended before its response");
        }
        if (!(piece instanceof Piece.Fields section)) {
            throw new AssertionError("a part of a body came (expected: the head of a response)");
        }
        Head received = new Head(Integer.parseInt(section.fields().first(":status")), section.fields());
        if (received.status() >= 200) {
            head = received;
        }
        return received;
    }

    private Head awaitFinalHead() throws IOException {
        while (head == null) {
            Head received = awaitHead();
            if (head == null) {
                interim.add(received);
            }
        }
        return head;
    }

    @Override
    public final int read(byte[] target) throws IOException {
        awaitFinalHead();
        while (taken == part.length) {
            Piece piece = next();
            if (piece == null) {
                return -1;
            }
            if (piece instanceof Piece.Fields section) {
                trailers = section.fields();
            } else if (piece instanceof Piece.Data data) {
                part = data.octets();
                taken = 0;
            }
        }
        int count = Math.min(target.length, part.length - taken);
        System.arraycopy(part, taken, target, 0, count);
        taken += count;
        if (taken == part.length) {
            io(() -> consumed(part.length));
        }
        return count;
    }

    @Override
    public final Response awaitResponse() throws IOException {
        Head last = awaitFinalHead();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] some = new byte[8 * 1024];
        boolean complete = true;
        try {
            for (int count = read(some); count >= 0; count = read(some)) {
                body.write(some, 0, count);
            }
        } catch (IOException cutShort) {
            complete = false;
        }
        return new Response(
                last, List.copyOf(interim), ByteBuffer.wrap(body.toByteArray()).asReadOnlyBuffer(), complete, trailers);
    }
}

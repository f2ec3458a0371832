package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.testing.ConformanceClient;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The client of the conformance kit over HTTP/2: each exchange and each WebSocket is a stream. */
final class Http2ConformanceClient implements ConformanceClient {
    private final Supplier<Http2Client> connector;
    private Http2Client client;
    private int nextStream = 1;

    Http2ConformanceClient(Supplier<Http2Client> connector) {
        this.connector = connector;
    }

    private Http2Client client() {
        if (client == null) {
            client = connector.get().begin();
        }
        return client;
    }

    private Stream stream(boolean endStream, List<String> fields) throws IOException {
        Http2Client connection = client();
        Stream stream = new Stream(connection, nextStream);
        nextStream += 2;
        io(() -> connection.headers(stream.id, endStream, fields.toArray(String[]::new)));
        return stream;
    }

    private static List<String> fields(String method, Request request, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method", method));
        fields.addAll(List.of(more));
        fields.addAll(List.of(":scheme", "http", ":path", request.target()));
        if (request.first("host") == null) {
            fields.addAll(List.of(":authority", "conformance.example"));
        }
        request.fields().forEach(field -> {
            fields.add(field.getKey().toLowerCase(Locale.ROOT));
            fields.add(field.getValue());
        });
        return fields;
    }

    @Override
    public Exchange open(Request request) throws IOException {
        return stream(!request.body(), fields(request.method(), request));
    }

    @Override
    public WebSocket openWebSocket(Request request) throws IOException {
        List<String> fields = fields("CONNECT", request, ":protocol", "websocket");
        fields.addAll(List.of("sec-websocket-version", "13"));
        return new Tunnel(stream(false, fields));
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }

    private static void io(Runnable action) throws IOException {
        try {
            action.run();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /** One request and its response. */
    private static final class Stream implements Exchange {
        private final Http2Client client;
        private final int id;
        private final List<Head> interim = new ArrayList<>();
        private Head head;
        private Headers trailers = Headers.empty();
        private boolean ended;
        private byte[] part = {};
        private int taken;

        Stream(Http2Client client, int id) {
            this.client = client;
            this.id = id;
        }

        @Override
        public void write(byte[] octets) throws IOException {
            try {
                client.body(id, octets);
            } catch (UncheckedIOException gone) {
                throw gone.getCause();
            }
        }

        @Override
        public void finish(Headers fields) throws IOException {
            io(() -> {
                if (fields.isEmpty()) {
                    client.data(id, true, "");
                } else {
                    List<String> pairs = new ArrayList<>();
                    fields.forEach(field -> {
                        pairs.add(field.getKey());
                        pairs.add(field.getValue());
                    });
                    client.headers(id, true, pairs.toArray(String[]::new));
                }
            });
        }

        @Override
        public void halfClose() {
            throw new UnsupportedOperationException("HTTP/2 has none");
        }

        private boolean isMine(Http2Client.Frame frame) {
            return frame.streamId() == id
                    && (frame.type() == Http2Client.HEADERS
                            || frame.type() == Http2Client.DATA
                            || frame.type() == Http2Client.RST_STREAM);
        }

        private Http2Client.Frame next() throws IOException {
            Http2Client.Frame frame = client.poll(this::isMine, PATIENCE);
            if (frame == null) {
                if (client.isEnded()) {
                    throw new EOFException("the connection ended before its message did");
                }
                throw new AssertionError("nothing came from the server within " + PATIENCE);
            }
            if (frame.type() == Http2Client.RST_STREAM) {
                ended = true;
                throw new IOException("reset by the server with " + frame.error());
            }
            ended |= frame.is(Http2Client.END_STREAM);
            return frame;
        }

        @Override
        public Head awaitHead() throws IOException {
            Http2Client.Frame frame = next();
            Head received = new Head(Integer.parseInt(frame.fields().first(":status")), frame.fields());
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
        public int read(byte[] target) throws IOException {
            awaitFinalHead();
            while (taken == part.length) {
                if (ended) {
                    return -1;
                }
                Http2Client.Frame frame = next();
                if (frame.type() == Http2Client.HEADERS) {
                    trailers = frame.fields();
                } else {
                    part = frame.payload();
                    taken = 0;
                }
            }
            int count = Math.min(target.length, part.length - taken);
            System.arraycopy(part, taken, target, 0, count);
            taken += count;
            if (taken == part.length && !ended) {
                io(() -> client.send(Http2Client.WINDOW_UPDATE, 0, id, part.length));
            }
            return count;
        }

        @Override
        public Response awaitResponse() throws IOException {
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
                    last,
                    List.copyOf(interim),
                    ByteBuffer.wrap(body.toByteArray()).asReadOnlyBuffer(),
                    complete,
                    trailers);
        }

        @Override
        public boolean silent(Duration time) {
            long deadline = System.nanoTime() + time.toNanos();
            while (client.all().stream().noneMatch(this::isMine) && !client.isEnded()) {
                if (System.nanoTime() > deadline) {
                    return true;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
            }
            return false;
        }

        @Override
        public void abort() {
            client.send(Http2Client.RST_STREAM, 0, id, Http2Error.CANCEL.code());
        }
    }

    /** A WebSocket on a stream. */
    private static final class Tunnel implements WebSocket {
        private final Stream stream;
        private Head head;

        Tunnel(Stream stream) {
            this.stream = stream;
        }

        @Override
        public Head awaitHead() throws IOException {
            if (head == null) {
                head = stream.awaitHead();
            }
            return head;
        }

        @Override
        public boolean accepted() throws IOException {
            return awaitHead().status() == 200;
        }

        @Override
        public Response awaitDenial() throws IOException {
            if (accepted()) {
                throw new AssertionError("the WebSocket was accepted (expected: a response that denies it)");
            }
            return stream.awaitResponse();
        }

        @Override
        public void sendFrame(int opcode, boolean last, byte[] payload) throws IOException {
            ClientFrames frame = ClientFrames.frame(opcode, payload);
            stream.write((last ? frame : frame.more()).bytes());
        }

        @Override
        public Message receive() throws IOException {
            try {
                return receiveMessage();
            } catch (AssertionError broken) {
                throw broken;
            } catch (IOException gone) {
                return new Message(Message.Kind.END, ByteBuffer.allocate(0));
            }
        }

        private Message receiveMessage() throws IOException {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            int kind = CONTINUATION;
            while (true) {
                int first = readFully(1)[0] & 0xff;
                int opcode = first & 0x0f;
                byte[] payload = readFully(length());
                if (opcode == 9) {
                    sendFrame(PONG, true, payload);
                } else if (opcode == CLOSE) {
                    return new Message(Message.Kind.CLOSE, ByteBuffer.wrap(payload));
                } else if (opcode != PONG) {
                    kind = opcode == CONTINUATION ? kind : opcode;
                    message.writeBytes(payload);
                    if ((first & 0x80) != 0) {
                        return new Message(
                                kind == TEXT ? Message.Kind.TEXT : Message.Kind.BINARY,
                                ByteBuffer.wrap(message.toByteArray()).asReadOnlyBuffer());
                    }
                }
            }
        }

        private int length() throws IOException {
            int length = readFully(1)[0] & 0xff;
            if (length == 126) {
                return ByteBuffer.wrap(readFully(2)).getShort() & 0xffff;
            }
            return length == 127 ? Math.toIntExact(ByteBuffer.wrap(readFully(8)).getLong()) : length;
        }

        private byte[] readFully(int length) throws IOException {
            byte[] octets = new byte[length];
            for (int at = 0; at < length; ) {
                byte[] some = new byte[length - at];
                int count = stream.read(some);
                if (count < 0) {
                    throw new EOFException("the stream ended before its frame did");
                }
                System.arraycopy(some, 0, octets, at, count);
                at += count;
            }
            return octets;
        }

        @Override
        public boolean silent(Duration time) {
            return stream.silent(time);
        }

        @Override
        public void abort() {
            stream.abort();
        }
    }
}

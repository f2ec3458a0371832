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

/** The client of the conformance kit over HTTP/3: each exchange and each WebSocket is a stream. */
final class Http3ConformanceClient implements ConformanceClient {
    private final Supplier<Http3Client> connector;
    private Http3Client client;

    Http3ConformanceClient(Supplier<Http3Client> connector) {
        this.connector = connector;
    }

    private Stream stream(boolean endStream, List<String> fields) throws IOException {
        if (client == null) {
            client = connector.get().begin();
        }
        Stream stream = new Stream(client.open());
        stream.send(Http3Client.headers(fields.toArray(String[]::new)), endStream);
        return stream;
    }

    private static List<String> fields(String method, Request request, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method", method));
        fields.addAll(List.of(more));
        fields.addAll(List.of(":scheme", "https", ":path", request.target()));
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

    /** One request and its response. */
    private static final class Stream implements Exchange {
        private final Http3Client.Stream stream;
        private final List<Head> interim = new ArrayList<>();
        private Head head;
        private Headers trailers = Headers.empty();
        private byte[] part = {};
        private int taken;

        Stream(Http3Client.Stream stream) {
            this.stream = stream;
        }

        void send(byte[] octets, boolean last) throws IOException {
            try {
                stream.send(octets, last);
            } catch (UncheckedIOException gone) {
                throw gone.getCause();
            }
        }

        @Override
        public void write(byte[] octets) throws IOException {
            send(Http3Client.frame(Http3FrameDecoder.DATA, octets), false);
        }

        @Override
        public void finish(Headers fields) throws IOException {
            if (fields.isEmpty()) {
                send(new byte[0], true);
            } else {
                List<String> pairs = new ArrayList<>();
                fields.forEach(field -> {
                    pairs.add(field.getKey());
                    pairs.add(field.getValue());
                });
                send(Http3Client.headers(pairs.toArray(String[]::new)), true);
            }
        }

        @Override
        public void halfClose() {
            throw new UnsupportedOperationException("HTTP/3 has none");
        }

        @Override
        public Head awaitHead() throws IOException {
            Http3Client.Frame frame = stream.frame();
            if (frame == null) {
                throw new EOFException("the stream ended before its response");
            }
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
                Http3Client.Frame frame = stream.frame();
                if (frame == null) {
                    return -1;
                }
                if (frame.type() == Http3FrameDecoder.HEADERS) {
                    trailers = frame.fields();
                } else if (frame.type() == Http3FrameDecoder.DATA) {
                    part = frame.payload();
                    taken = 0;
                }
            }
            int count = Math.min(target.length, part.length - taken);
            System.arraycopy(part, taken, target, 0, count);
            taken += count;
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
            return stream.isSilent(time);
        }

        @Override
        public void abort() {
            stream.reset(Http3Error.H3_REQUEST_CANCELLED);
            stream.stop(Http3Error.H3_REQUEST_CANCELLED);
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

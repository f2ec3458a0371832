package io.asyncgateway.server;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The client of the conformance kit over HTTP/2. */
final class Http2ConformanceClient extends StreamConformanceClient {
    private final Supplier<Http2Client> connector;
    private Http2Client client;
    private int nextStream = 1;

    Http2ConformanceClient(Supplier<Http2Client> connector) {
        super("http");
        this.connector = connector;
    }

    @Override
    StreamExchange newStream() {
        if (client == null) {
            client = connector.get().begin();
        }
        Stream stream = new Stream(client, nextStream);
        nextStream += 2;
        return stream;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }

    private static final class Stream extends StreamExchange {
        private final Http2Client client;
        private final int id;
        private boolean ended;

        Stream(Http2Client client, int id) {
            this.client = client;
            this.id = id;
        }

        @Override
        void sendFields(boolean last, String... fields) {
            client.headers(id, last, fields);
        }

        @Override
        void sendData(byte[] octets) throws IOException {
            client.body(id, octets);
        }

        @Override
        void sendEnd() {
            client.data(id, true, "");
        }

        private boolean isMine(Http2Client.Frame frame) {
            return frame.streamId() == id
                    && (frame.type() == Http2Client.HEADERS
                            || frame.type() == Http2Client.DATA
                            || frame.type() == Http2Client.RST_STREAM);
        }

        @Override
        Piece next() throws IOException {
            if (ended) {
                return null;
            }
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
            ended = frame.is(Http2Client.END_STREAM);
            return frame.type() == Http2Client.HEADERS
                    ? new Piece.Fields(frame.fields())
                    : new Piece.Data(frame.payload());
        }

        @Override
        void consumed(int octets) {
            if (!ended) {
                client.send(Http2Client.WINDOW_UPDATE, 0, id, octets);
            }
        }

        @Override
        public boolean silent(Duration time) {
            long deadline = System.nanoTime() + time.toNanos();
            while (client.all().stream().noneMatch(this::isMine) && !client.isEnded()) {
                if (System.nanoTime() > deadline) {
                    return true;
                }
                LockSupport.parkNanos(2_000_000);
            }
            return false;
        }

        @Override
        public void abort() {
            client.send(Http2Client.RST_STREAM, 0, id, Http2Error.CANCEL.code());
        }
    }
}

package io.asyncgateway.server;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** The client of the conformance kit over HTTP/3. */
final class Http3ConformanceClient extends StreamConformanceClient {
    private final Supplier<Http3Client> connector;
    private Http3Client client;

    Http3ConformanceClient(Supplier<Http3Client> connector) {
        super("https");
        this.connector = connector;
    }

    @Override
    StreamExchange newStream() {
        if (client == null) {
            client = connector.get().begin();
        }
        return new Stream(client.open());
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }

    private static final class Stream extends StreamExchange {
        private final Http3Client.Stream stream;

        Stream(Http3Client.Stream stream) {
            this.stream = stream;
        }

        @Override
        void sendFields(boolean last, String... fields) {
            stream.send(Http3Client.headers(fields), last);
        }

        @Override
        void sendData(byte[] octets) {
            stream.send(Http3Client.frame(Http3FrameDecoder.DATA, octets), false);
        }

        @Override
        void sendEnd() {
            stream.send(new byte[0], true);
        }

        /** Frames of other types are left out, as RFC 9114 section 9 has it. */
        @Override
        Piece next() throws IOException {
            for (Http3Client.Frame frame = stream.frame(); frame != null; frame = stream.frame()) {
                if (frame.type() == Http3FrameDecoder.HEADERS) {
                    return new Piece.Fields(frame.fields());
                }
                if (frame.type() == Http3FrameDecoder.DATA) {
                    return new Piece.Data(frame.payload());
                }
            }
            return null;
        }

        /** QUIC opens its windows itself as the stream is read. */
        @Override
        void consumed(int octets) {}

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
}

package io.asyncgateway.blocking;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;

/** What a response's body is made of. */
sealed interface ResponseContent {
    /** Writes all of it, as a test wants it. */
    void writeTo(OutputStream out) throws Exception;

    /** Gives up what it holds. Called once, whether it was sent or not. */
    default void close() throws Exception {}

    /** All of it, in memory. */
    record Bytes(ByteBuffer bytes) implements ResponseContent {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            WritableByteChannel channel = Channels.newChannel(out);
            for (ByteBuffer rest = bytes.duplicate(); rest.hasRemaining(); ) {
                channel.write(rest);
            }
        }
    }

    /** A file, which the server sends. */
    record WholeFile(Path file) implements ResponseContent {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            Files.copy(file, out);
        }
    }

    /** A stream of a length, or of {@link #UNKNOWN}. */
    record Stream(InputStream in, long length) implements ResponseContent {
        static final long UNKNOWN = -1;

        @Override
        public void writeTo(OutputStream out) throws IOException {
            try (in) {
                in.transferTo(out);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Parts that are sent as they come. */
    record Chunks(Iterator<byte[]> chunks) implements ResponseContent {
        @Override
        public void writeTo(OutputStream out) throws Exception {
            while (chunks.hasNext()) {
                out.write(chunks.next());
            }
            close();
        }

        @Override
        public void close() throws Exception {
            if (chunks instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    /** Whatever is written. */
    record Written(BodyWriter writer) implements ResponseContent {
        @Override
        public void writeTo(OutputStream out) throws Exception {
            writer.writeTo(out);
        }
    }
}

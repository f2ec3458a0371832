package io.asyncgateway.cli.log;

import io.asyncgateway.server.AccessLog;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the access log off the event loops. What an entry says is taken from its scope when it is written. Lines are ASCII: formats escape
 * everything else.
 */
public final class AccessLogWriter implements AccessLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLogWriter.class);

    private final OutputStream out;
    private final boolean owned;
    private final BoundedWriter<Entry> writer;

    AccessLogWriter(AccessLogFormat format, OutputStream out, boolean owned, int queue, Duration closeTimeout) {
        this.out = out;
        this.owned = owned;
        this.writer = new BoundedWriter<>(
                        "access-log", queue, new Lines(format, out, queue), System::nanoTime, closeTimeout)
                .start();
    }

    /**
     * Opens the access log and starts its thread.
     *
     * @param options where and how; enabled
     * @param stdout standard output, where that is it
     * @throws IOException if its file can't be opened
     */
    public static AccessLogWriter open(AccessLogOptions options, PrintStream stdout) throws IOException {
        boolean file = !options.file().equals(AccessLogOptions.STDOUT);
        OutputStream out = file ? new FileOutputStream(options.file().toFile(), true) : new Checked(stdout);
        return new AccessLogWriter(options.format(), out, file, options.queue(), BoundedWriter.CLOSE_TIMEOUT);
    }

    @Override
    public void ended(Entry entry) {
        writer.offer(entry);
    }

    /** Writes what is queued, unless whoever reads the log does not. */
    @Override
    public void close() {
        long lost = writer.end();
        if (lost > 0) {
            LOG.warn("Access log: nobody takes it, {} entries dropped in total", lost);
        } else if (owned) {
            try {
                out.close();
            } catch (IOException e) {
                LOG.warn("Access log: {}", e.toString());
            }
        }
    }

    /** Lines in a buffer, which becomes one write. */
    private static final class Lines implements BoundedWriter.Sink<Entry> {
        private final AccessLogFormat format;
        private final OutputStream out;
        private final int queue;
        private final StringBuilder lines = new StringBuilder();

        Lines(AccessLogFormat format, OutputStream out, int queue) {
            this.format = format;
            this.out = out;
            this.queue = queue;
        }

        @Override
        public void add(Entry entry) {
            int begin = lines.length();
            try {
                format.append(entry, lines);
            } catch (RuntimeException e) {
                lines.setLength(begin);
                throw e;
            }
            lines.append('\n');
        }

        @Override
        public void flush() throws IOException {
            byte[] bytes = lines.toString().getBytes(StandardCharsets.US_ASCII);
            lines.setLength(0);
            out.write(bytes);
            out.flush();
        }

        @Override
        public void lost(BoundedWriter.Losses losses) {
            String when = losses.end() ? " in total" : "";
            if (losses.dropped() > 0) {
                LOG.warn("Access log: {} entries dropped{}, the queue of {} was full", losses.dropped(), when, queue);
            }
            if (losses.unwritten() > 0) {
                LOG.warn(
                        "Access log: {} entries not written{}: {}",
                        losses.unwritten(),
                        when,
                        String.valueOf(losses.cause()));
            }
        }
    }

    /** A print stream keeps its errors to itself. */
    private static final class Checked extends OutputStream {
        private final PrintStream stream;

        Checked(PrintStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int b) {
            stream.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            stream.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (stream.checkError()) {
                throw new IOException("standard output can't be written to");
            }
        }
    }
}

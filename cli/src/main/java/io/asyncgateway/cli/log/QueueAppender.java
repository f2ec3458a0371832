package io.asyncgateway.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.PrintStream;

/** Logs by a bounded queue, so that an event loop that logs never waits for whoever reads standard error. */
final class QueueAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final int QUEUE = 10_000;

    private final BoundedWriter<ILoggingEvent> writer;

    QueueAppender(LineLayout layout, PrintStream err) {
        writer = new BoundedWriter<>(
                "log", QUEUE, new Lines(layout, err), System::nanoTime, BoundedWriter.CLOSE_TIMEOUT);
    }

    @Override
    public void start() {
        writer.start();
        super.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        writer.offer(event);
    }

    @Override
    public void stop() {
        if (isStarted()) {
            super.stop();
            writer.close();
        }
    }

    private static final class Lines implements BoundedWriter.Sink<ILoggingEvent> {
        private final LineLayout layout;
        private final PrintStream err;
        private final StringBuilder lines = new StringBuilder();

        Lines(LineLayout layout, PrintStream err) {
            this.layout = layout;
            this.err = err;
        }

        @Override
        public void add(ILoggingEvent event) {
            lines.append(layout.format(event));
        }

        @Override
        public void flush() {
            err.print(lines);
            err.flush();
            lines.setLength(0);
        }

        @Override
        public void lost(BoundedWriter.Losses losses) {
            layout.prefix(Level.WARN, lines);
            lines.append("Log: ").append(losses.dropped() + losses.unwritten()).append(" lines lost");
            lines.append(losses.end() ? " in total" : "").append(System.lineSeparator());
            flush();
        }
    }
}

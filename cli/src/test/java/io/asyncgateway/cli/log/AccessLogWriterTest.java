package io.asyncgateway.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.server.AccessLog.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class AccessLogWriterTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(AccessLogWriter.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @TempDir
    Path directory;

    @BeforeEach
    void record() {
        logged.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(logged);
    }

    @AfterEach
    void stopRecording() {
        logger.detachAppender(logged);
    }

    @Test
    void aFileIsAppendedTo() throws Exception {
        Path file = Files.writeString(directory.resolve("access.log"), "before\n");
        AccessLogOptions options = options().withFile(file);

        try (AccessLogWriter log = AccessLogWriter.open(options, System.out)) {
            log.ended(entry("/a"));
        }
        try (AccessLogWriter log = AccessLogWriter.open(options, System.out)) {
            log.ended(entry("/b"));
        }

        assertThat(file).hasContent("before\n/a\n/b\n");
    }

    @Test
    void standardOutputStaysOpen() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stdout = new PrintStream(bytes, false, StandardCharsets.UTF_8);

        try (AccessLogWriter log = AccessLogWriter.open(options(), stdout)) {
            log.ended(entry("/a"));
        }
        stdout.print("after");
        stdout.flush();

        assertThat(bytes).hasToString("/a\nafter");
    }

    @Test
    void aFileThatCantBeOpenedIsToldOf() {
        AccessLogOptions options = options().withFile(directory.resolve("nowhere/access.log"));

        assertThatThrownBy(() -> AccessLogWriter.open(options, System.out)).isInstanceOf(IOException.class);
    }

    @Test
    void droppedEntriesAreCountedInTheLog() throws Exception {
        Blocked slow = new Blocked();
        AccessLogWriter log =
                new AccessLogWriter(AccessLogFormat.named("%(U)s"), slow, false, 2, BoundedWriter.CLOSE_TIMEOUT);
        log.ended(entry("/first"));
        slow.writing.await();
        for (int i = 0; i < 5; i++) {
            log.ended(entry("/" + i));
        }
        slow.go.countDown();
        log.close();

        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .last()
                .isEqualTo("Access log: 3 entries dropped in total, the queue of 2 was full");
    }

    @Test
    void anOutputThatNobodyReadsDoesNotHoldUpTheEnd() throws Exception {
        Blocked stuck = new Blocked();
        AccessLogWriter log =
                new AccessLogWriter(AccessLogFormat.named("%(U)s"), stuck, false, 2, Duration.ofMillis(1));
        log.ended(entry("/first"));
        stuck.writing.await();
        for (int i = 0; i < 5; i++) {
            log.ended(entry("/" + i));
        }
        log.close();

        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("Access log: nobody takes it, 6 entries dropped in total");
        stuck.go.countDown();
    }

    @Test
    void entriesThatCantBeWrittenAreCountedInTheLog() throws Exception {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        AccessLogWriter log =
                new AccessLogWriter(AccessLogFormat.named("%(U)s"), broken, false, 10, BoundedWriter.CLOSE_TIMEOUT);
        log.ended(entry("/a"));
        log.close();

        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .last()
                .isEqualTo("Access log: 1 entries not written in total: java.io.IOException: No space left on device");
    }

    @Test
    void aClosedStandardOutputIsNoticed() throws Exception {
        PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        try (AccessLogWriter log = AccessLogWriter.open(options(), broken)) {
            log.ended(entry("/a"));
        }

        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .last()
                .asString()
                .startsWith("Access log: 1 entries not written in total");
    }

    /** Holds its first write up. */
    private static final class Blocked extends OutputStream {
        final CountDownLatch writing = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public void write(int b) {}

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writing.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private static AccessLogOptions options() {
        return AccessLogOptions.DEFAULTS.withFormat(AccessLogFormat.named("%(U)s"));
    }

    private static Entry entry(String target) {
        return new Entry(HttpScope.builder().target(target).build(), 200, 0, Instant.EPOCH, Duration.ZERO, false);
    }
}

package io.asyncgateway.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** What is logged as an error, from its making to its close. The test judges it, so the console stays silent meanwhile. */
final class LoggedErrors extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final Logger ROOT = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private static final AtomicInteger OPEN = new AtomicInteger();
    /** Enough to find the place. */
    private static final int FRAMES = 8;

    static {
        for (var appenders = ROOT.iteratorForAppenders(); appenders.hasNext(); ) {
            Appender<ILoggingEvent> console = appenders.next();
            console.addFilter(new Silence());
        }
    }

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    LoggedErrors() {
        OPEN.incrementAndGet();
        start();
        ROOT.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            lines.add(event.getFormattedMessage() + describe(event.getThrowableProxy()));
        }
    }

    private static String describe(IThrowableProxy cause) {
        if (cause == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(": " + cause.getClassName() + ": " + cause.getMessage());
        StackTraceElementProxy[] frames = cause.getStackTraceElementProxyArray();
        Arrays.stream(frames).limit(FRAMES).forEach(frame -> text.append("\n    ")
                .append(frame));
        return text.toString();
    }

    /** What was logged since it was last asked for, each with its cause. */
    List<String> take() {
        List<String> taken = new ArrayList<>();
        for (String line = lines.poll(); line != null; line = lines.poll()) {
            taken.add(line);
        }
        return taken;
    }

    @Override
    public void close() {
        ROOT.detachAppender(this);
        stop();
        OPEN.decrementAndGet();
    }

    private static final class Silence extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            return OPEN.get() > 0 ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
    }
}

package io.asyncgateway.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;

/** Lines as uvicorn's: {@code INFO:     Async Gateway running on ...}. What others log carries the name of its logger. */
final class LineLayout {
    private static final String OURS = "io.asyncgateway.";
    private static final int PREFIX = 10;
    private static final String RESET = "\u001b[0m";

    private final boolean colors;

    LineLayout(boolean colors) {
        this.colors = colors;
    }

    String format(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(120);
        prefix(event.getLevel(), line);
        if (!event.getLoggerName().startsWith(OURS)) {
            line.append(event.getLoggerName()).append(": ");
        }
        line.append(event.getFormattedMessage()).append(System.lineSeparator());
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }

    void prefix(Level level, StringBuilder line) {
        String name = level == Level.WARN ? "WARNING" : level.toString();
        if (colors) {
            line.append(color(level)).append(name).append(RESET);
        } else {
            line.append(name);
        }
        line.append(':').append(" ".repeat(PREFIX - name.length() - 1));
    }

    private static String color(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> "\u001b[31m";
            case Level.WARN_INT -> "\u001b[33m";
            case Level.INFO_INT -> "\u001b[32m";
            case Level.DEBUG_INT -> "\u001b[36m";
            default -> "\u001b[34m";
        };
    }
}

package io.asyncgateway.cli.log;

import ch.qos.logback.classic.Level;

/** Levels of the log, under uvicorn's names. */
public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARNING,
    ERROR,
    /** Nothing that is logged today is critical: a silent log. */
    CRITICAL;

    /** Reads a name; {@code warn} is known too. */
    public static LogLevel parse(String text) {
        return text.equalsIgnoreCase("warn") ? WARNING : valueOf(text.toUpperCase(java.util.Locale.ROOT));
    }

    /** Whether failures are shown with their stack traces. */
    public boolean showsStackTraces() {
        return this == TRACE || this == DEBUG;
    }

    Level level() {
        return switch (this) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARN;
            case ERROR -> Level.ERROR;
            case CRITICAL -> Level.OFF;
        };
    }
}

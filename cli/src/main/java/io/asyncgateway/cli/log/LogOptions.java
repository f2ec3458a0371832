package io.asyncgateway.cli.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The server's own log.
 *
 * @param level what is logged; {@code null} for {@code info}, or for what the configuration of {@code configFile} says
 * @param configFile a configuration of Logback
 * @param colors whether levels are coloured; {@code null} for: on a terminal
 */
public record LogOptions(
        @Nullable LogLevel level,
        @Nullable Path configFile,
        @Nullable Boolean colors) {
    /** Level {@code info}, no file, colours on a terminal. */
    public static final LogOptions DEFAULTS = new LogOptions(null, null, null);

    public LogLevel levelOrDefault() {
        return level == null ? LogLevel.INFO : level;
    }

    public LogOptions withLevel(LogLevel value) {
        return new LogOptions(value, configFile, colors);
    }

    public LogOptions withConfigFile(Path value) {
        return new LogOptions(level, value, colors);
    }

    public LogOptions withColors(boolean value) {
        return new LogOptions(level, configFile, value);
    }
}

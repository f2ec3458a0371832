package io.asyncgateway.cli.log;

import java.nio.file.Path;

/**
 * The access log.
 *
 * @param enabled whether there is one. Default true
 * @param format its lines. Default {@code common}
 * @param file where it goes; {@code -} for standard output, the default
 * @param queue entries that wait to be written; past it they are dropped and counted. Default 10,000
 */
public record AccessLogOptions(boolean enabled, AccessLogFormat format, Path file, int queue) {
    /** Standard output. */
    public static final Path STDOUT = Path.of("-");

    /** The defaults above. */
    public static final AccessLogOptions DEFAULTS =
            new AccessLogOptions(true, AccessLogFormat.named("common"), STDOUT, 10_000);

    public AccessLogOptions {
        if (queue < 1 || queue > 10_000_000) {
            throw new IllegalArgumentException("queue: " + queue + " (expected: 1-10000000)");
        }
    }

    public AccessLogOptions withEnabled(boolean value) {
        return new AccessLogOptions(value, format, file, queue);
    }

    public AccessLogOptions withFormat(AccessLogFormat value) {
        return new AccessLogOptions(enabled, value, file, queue);
    }

    public AccessLogOptions withFile(Path value) {
        return new AccessLogOptions(enabled, format, value, queue);
    }

    public AccessLogOptions withQueue(int value) {
        return new AccessLogOptions(enabled, format, file, value);
    }
}

package io.asyncgateway.api.testing;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rule needs of the server under test. Whatever is not here is the server's own choice, except that no timeout of its own may
 * end an exchange within {@link ConformanceClient#PATIENCE}.
 *
 * @param disconnectGrace how long an application may go on after its peer is gone before its subscription is cancelled. Default 60 s
 * @param deadline the deadline of each HTTP request, or {@code null} for none, the default
 * @param gracefulShutdown how long a shutdown waits for the exchanges in flight. Default 30 s
 * @param window the most bytes that the server may hold of one exchange in each direction, beyond what the application asked for and
 *     one event of it. Default 64 KiB. A server that can't be set to it overrides {@link ServerConformance#tolerance()}
 * @param rootPath where the application is mounted: prepended to the path, and the root path of each scope. Default empty
 * @param settings the application's settings, for its lifespan scope. Default none
 */
public record ConformanceSettings(
        Duration disconnectGrace,
        @Nullable Duration deadline,
        Duration gracefulShutdown,
        int window,
        String rootPath,
        Map<String, String> settings) {
    private static final ConformanceSettings DEFAULTS =
            new ConformanceSettings(Duration.ofSeconds(60), null, Duration.ofSeconds(30), 64 * 1024, "", Map.of());

    /** Copies the map. */
    public ConformanceSettings {
        settings = Map.copyOf(settings);
    }

    /**
     * The defaults.
     *
     * @return a constant
     */
    public static ConformanceSettings defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #disconnectGrace()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ConformanceSettings withDisconnectGrace(Duration value) {
        return new ConformanceSettings(value, deadline, gracefulShutdown, window, rootPath, settings);
    }

    /**
     * The same with a {@link #deadline()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ConformanceSettings withDeadline(Duration value) {
        return new ConformanceSettings(disconnectGrace, value, gracefulShutdown, window, rootPath, settings);
    }

    /**
     * The same with another {@link #gracefulShutdown()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ConformanceSettings withGracefulShutdown(Duration value) {
        return new ConformanceSettings(disconnectGrace, deadline, value, window, rootPath, settings);
    }

    /**
     * The same with another {@link #rootPath()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ConformanceSettings withRootPath(String value) {
        return new ConformanceSettings(disconnectGrace, deadline, gracefulShutdown, window, value, settings);
    }

    /**
     * The same with other {@link #settings()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ConformanceSettings withSettings(Map<String, String> value) {
        return new ConformanceSettings(disconnectGrace, deadline, gracefulShutdown, window, rootPath, value);
    }
}

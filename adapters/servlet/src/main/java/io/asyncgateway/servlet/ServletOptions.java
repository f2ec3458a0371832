package io.asyncgateway.servlet;

import java.time.Duration;

/**
 * The bounds of a {@link ServletApplication}. What an application sets itself, in code or in its {@code web.xml}, comes first.
 *
 * @param sessionTimeout how long a session is kept after its last request; whole seconds. Default 30 minutes
 * @param maxSessions how many sessions there may be in memory at a time. Past it a request that needs a new one is answered with 503. Default 100,000
 * @param maxFormSize the largest body of {@code application/x-www-form-urlencoded} that {@code getParameter} reads, in bytes; past it 400. Default 200,000
 * @param maxMultipartSize the largest {@code multipart/form-data} that {@code getParts} reads, in bytes, where the servlet's multipart configuration
 *     sets no limit of its own. It goes to files in the temporary folder beyond the configuration's threshold. Past it 400. Default 16 MiB
 * @param maxAsyncTasks how many tasks may wait for a worker, or run, with which requests go on that are asynchronous, before {@code AsyncContext.start} takes no more
 *     of them and throws {@link java.util.concurrent.RejectedExecutionException}. Dispatches, timeouts and listeners count, and are never refused. Default 10,000, as
 *     many as the requests that a server takes at a time
 * @param errorDetails whether error pages show exceptions with their stacks and messages, which is for development. It decides also for the error handler
 *     of a context that is given. Default {@code false}
 */
public record ServletOptions(
        Duration sessionTimeout,
        int maxSessions,
        int maxFormSize,
        long maxMultipartSize,
        int maxAsyncTasks,
        boolean errorDetails) {
    private static final ServletOptions DEFAULTS =
            new ServletOptions(Duration.ofMinutes(30), 100_000, 200_000, 16 * 1024 * 1024, 10_000, false);

    /** Validates each value. */
    public ServletOptions {
        if (sessionTimeout.compareTo(Duration.ofSeconds(1)) < 0 || sessionTimeout.toSeconds() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("sessionTimeout: " + sessionTimeout + " (expected: 1 s to 68 years)");
        }
        atLeast("maxSessions", maxSessions, 1);
        atLeast("maxFormSize", maxFormSize, 0);
        atLeast("maxMultipartSize", maxMultipartSize, 0);
        atLeast("maxAsyncTasks", maxAsyncTasks, 1);
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static ServletOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #sessionTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ServletOptions withSessionTimeout(Duration value) {
        return new ServletOptions(value, maxSessions, maxFormSize, maxMultipartSize, maxAsyncTasks, errorDetails);
    }

    /**
     * The same with another {@link #maxSessions()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ServletOptions withMaxSessions(int value) {
        return new ServletOptions(sessionTimeout, value, maxFormSize, maxMultipartSize, maxAsyncTasks, errorDetails);
    }

    /**
     * The same with another {@link #maxFormSize()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ServletOptions withMaxFormSize(int value) {
        return new ServletOptions(sessionTimeout, maxSessions, value, maxMultipartSize, maxAsyncTasks, errorDetails);
    }

    /**
     * The same with another {@link #maxMultipartSize()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ServletOptions withMaxMultipartSize(long value) {
        return new ServletOptions(sessionTimeout, maxSessions, maxFormSize, value, maxAsyncTasks, errorDetails);
    }

    /**
     * The same with another {@link #maxAsyncTasks()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public ServletOptions withMaxAsyncTasks(int value) {
        return new ServletOptions(sessionTimeout, maxSessions, maxFormSize, maxMultipartSize, value, errorDetails);
    }

    /**
     * The same with another {@link #errorDetails()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public ServletOptions withErrorDetails(boolean value) {
        return new ServletOptions(sessionTimeout, maxSessions, maxFormSize, maxMultipartSize, maxAsyncTasks, value);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " or more)");
        }
    }
}

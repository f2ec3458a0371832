package io.asyncgateway.blocking;

import java.time.Duration;
import java.util.Objects;

/**
 * The bounds of a {@link WorkerPool}. {@link Duration#ZERO} means no limit where it is allowed.
 *
 * @param name of the pool, in the names of its threads, in messages and metrics. Default {@code worker}
 * @param threads tasks that run at the same time, whether on platform or virtual threads. Default 40
 * @param queue tasks that wait for a thread; past it a task is refused at once. Default 1,000
 * @param queueTimeout how long a task may wait for a thread; past it it is refused. Zero: no limit. Default 30 s
 * @param taskDeadline how long a task may run; past it it is interrupted. Default: no limit
 * @param virtualThreads whether each task gets a virtual thread of its own (Java 21 and later) instead of one of the pool's platform threads.
 *     The bounds are the same; {@code threads} can then be in the thousands. Default {@code false}
 * @param reuseThreadLocals whether a task may find the thread-locals of earlier ones, which some libraries keep their caches in. By default, {@code false},
 *     none is ever seen: see {@link WorkerPool}. Has no effect on virtual threads
 * @param idleTimeout how long a platform thread that has nothing to do is kept. Default 60 s
 * @param stuckAfter a task that runs on for this long after its interrupt is reported once, with its stack, as a warning. Default 10 s
 * @param drainTimeout how long tasks that still run may take when the last application on the pool has been shut down; then they are interrupted. The server gives
 *     an application's shutdown its graceful timeout, so this should be less. Default 10 s
 */
public record WorkerPoolOptions(
        String name,
        int threads,
        int queue,
        Duration queueTimeout,
        Duration taskDeadline,
        boolean virtualThreads,
        boolean reuseThreadLocals,
        Duration idleTimeout,
        Duration stuckAfter,
        Duration drainTimeout) {
    private static final WorkerPoolOptions DEFAULTS = new WorkerPoolOptions(
            "worker",
            40,
            1000,
            Duration.ofSeconds(30),
            Duration.ZERO,
            false,
            false,
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));

    /** Validates each value. */
    public WorkerPoolOptions {
        Objects.requireNonNull(name, "name");
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: not blank)");
        }
        range("threads", threads, 1, 1_000_000);
        range("queue", queue, 0, 1_000_000);
        notNegative("queueTimeout", queueTimeout);
        notNegative("taskDeadline", taskDeadline);
        positive("idleTimeout", idleTimeout);
        positive("stuckAfter", stuckAfter);
        notNegative("drainTimeout", drainTimeout);
        if (virtualThreads && !VirtualThreads.areSupported()) {
            throw new IllegalArgumentException("virtualThreads: true (expected: false on Java "
                    + Runtime.version().feature() + "; virtual threads came with 21)");
        }
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static WorkerPoolOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #name()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WorkerPoolOptions withName(String value) {
        return new WorkerPoolOptions(
                value,
                threads,
                queue,
                queueTimeout,
                taskDeadline,
                virtualThreads,
                reuseThreadLocals,
                idleTimeout,
                stuckAfter,
                drainTimeout);
    }

    /**
     * The same with another {@link #threads()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WorkerPoolOptions withThreads(int value) {
        return new WorkerPoolOptions(
                name,
                value,
                queue,
                queueTimeout,
                taskDeadline,
                virtualThreads,
                reuseThreadLocals,
                idleTimeout,
                stuckAfter,
                drainTimeout);
    }

    /**
     * The same with another {@link #queue()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WorkerPoolOptions withQueue(int value) {
        return new WorkerPoolOptions(
                name,
                threads,
                value,
                queueTimeout,
                taskDeadline,
                virtualThreads,
                reuseThreadLocals,
                idleTimeout,
                stuckAfter,
                drainTimeout);
    }

    /**
     * The same with another {@link #queueTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WorkerPoolOptions withQueueTimeout(Duration value) {
        return new WorkerPoolOptions(
                name,
                threads,
                queue,
                value,
                taskDeadline,
                virtualThreads,
                reuseThreadLocals,
                idleTimeout,
                stuckAfter,
                drainTimeout);
    }

    /**
     * The same with another {@link #taskDeadline()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WorkerPoolOptions withTaskDeadline(Duration value) {
        return new WorkerPoolOptions(
                name,
                threads,
                queue,
                queueTimeout,
                value,
                virtualThreads,
                reuseThreadLocals,
                idleTimeout,
                stuckAfter,
                drainTimeout);
    }

    /**
     * The same with another {@link #virtualThreads()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the runtime has no virtual threads
     */
    public WorkerPoolOptions withVirtualThreads(boolean value) {
        return new WorkerPoolOptions(
                name,
                threads,
                queue,
                queueTimeout,
                taskDeadline,
                value,
                reuseThreadLocals,
                idleTimeout,
                stuckAfter,
                drainTimeout);
    }

    /**
     * The same with another {@link #reuseThreadLocals()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public WorkerPoolOptions withReuseThreadLocals(boolean value) {
        return new WorkerPoolOptions(
                name,
                threads,
                queue,
                queueTimeout,
                taskDeadline,
                virtualThreads,
                value,
                idleTimeout,
                stuckAfter,
                drainTimeout);
    }

    /**
     * The same with another {@link #idleTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WorkerPoolOptions withIdleTimeout(Duration value) {
        return new WorkerPoolOptions(
                name,
                threads,
                queue,
                queueTimeout,
                taskDeadline,
                virtualThreads,
                reuseThreadLocals,
                value,
                stuckAfter,
                drainTimeout);
    }

    /**
     * The same with another {@link #stuckAfter()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WorkerPoolOptions withStuckAfter(Duration value) {
        return new WorkerPoolOptions(
                name,
                threads,
                queue,
                queueTimeout,
                taskDeadline,
                virtualThreads,
                reuseThreadLocals,
                idleTimeout,
                value,
                drainTimeout);
    }

    /**
     * The same with another {@link #drainTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WorkerPoolOptions withDrainTimeout(Duration value) {
        return new WorkerPoolOptions(
                name,
                threads,
                queue,
                queueTimeout,
                taskDeadline,
                virtualThreads,
                reuseThreadLocals,
                idleTimeout,
                stuckAfter,
                value);
    }

    private static void range(String name, int value, int from, int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + from + "-" + to + ")");
        }
    }

    private static void notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: zero or more)");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: more than zero)");
        }
    }
}

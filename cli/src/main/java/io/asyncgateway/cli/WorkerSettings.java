package io.asyncgateway.cli;

import io.asyncgateway.blocking.BlockingOptions;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * The threads that a blocking application or a servlet runs on.
 *
 * @param pool the bounds, without what the other components say
 * @param virtualThreads whether they are virtual; whether the runtime has those is found out when a pool is made
 * @param interrupt whether a request is interrupted when its client leaves
 */
record WorkerSettings(WorkerPoolOptions pool, boolean virtualThreads, boolean interrupt) {
    static final WorkerSettings DEFAULTS = new WorkerSettings(
            WorkerPoolOptions.defaults(),
            WorkerPoolOptions.defaults().virtualThreads(),
            BlockingOptions.defaults().interruptOnDisconnect());

    WorkerSettings withPool(UnaryOperator<WorkerPoolOptions> change) {
        return new WorkerSettings(change.apply(pool), virtualThreads, interrupt);
    }

    WorkerSettings withVirtualThreads(boolean value) {
        return new WorkerSettings(pool, value, interrupt);
    }

    WorkerSettings withInterrupt(boolean value) {
        return new WorkerSettings(pool, virtualThreads, value);
    }

    /**
     * A pool for the application, with the context class loader of the calling thread.
     *
     * @param gracefulShutdown what the application's shutdown may take: half of it is for what still runs then
     */
    WorkerPool makePool(Duration gracefulShutdown) {
        try {
            WorkerPoolOptions options = pool.withVirtualThreads(virtualThreads);
            Duration half = gracefulShutdown.dividedBy(2);
            return WorkerPool.of(half.compareTo(options.drainTimeout()) < 0 ? options.withDrainTimeout(half) : options);
        } catch (IllegalArgumentException e) {
            throw new UsageException("virtual-threads: " + virtualThreads + " (expected: Java 21 or later; this is "
                    + Runtime.version().feature() + ")");
        }
    }

    BlockingOptions options() {
        return BlockingOptions.defaults().withInterruptOnDisconnect(interrupt);
    }
}

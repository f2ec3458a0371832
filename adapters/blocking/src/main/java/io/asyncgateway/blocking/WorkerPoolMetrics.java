package io.asyncgateway.blocking;

import java.time.Duration;

/**
 * What a {@link WorkerPool} does at one moment, and has done since it was made. The numbers are read one after the other, so under load they need
 * not add up.
 *
 * @param name the name of the pool
 * @param threads threads that there are
 * @param active tasks that run
 * @param queued tasks that wait for a thread
 * @param stuck tasks that have been interrupted and run on
 * @param ran tasks that have begun to run
 * @param rejected tasks that were refused: past the bounds, for waiting too long, or since the pool was shut down
 * @param waited how long the tasks that have begun waited for a thread, all together
 */
public record WorkerPoolMetrics(
        String name, int threads, int active, int queued, int stuck, long ran, long rejected, Duration waited) {}

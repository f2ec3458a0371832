package io.asyncgateway.blocking;

import java.time.Duration;

/**
 * What a {@link WorkerPool} does at one moment, and has done since it was made. The numbers are read one after the other, so under load they need
 * not add up.
 *
 * @param name the name of the pool
 * @param threads threads that there are
 * @param active tasks that run
 * @param queued tasks in the queue, counted one by one. Those for which an idle thread is being woken are among them, so that for a moment, but never
 *     while all threads are busy, there can be more than {@linkplain WorkerPoolOptions#queue() waiting places}; so are
 *     {@linkplain WorkerPool#resume resumed} ones, which need no place
 * @param stuck tasks that have been interrupted and run on
 * @param ran tasks that have begun to run
 * @param rejected tasks that were refused: past the bounds, for waiting too long, or since the pool was shut down
 * @param waited how long the tasks that have begun waited for a thread, all together
 */
public record WorkerPoolMetrics(
        String name, int threads, int active, int queued, int stuck, long ran, long rejected, Duration waited) {}

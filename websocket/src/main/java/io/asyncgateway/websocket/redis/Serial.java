package io.asyncgateway.websocket.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order in which they came, on the threads of those who bring them: nobody waits, and what the tasks touch needs no
 * lock. A task that is brought by a running one runs after it.
 */
final class Serial implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger work = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (work.getAndIncrement() != 0) {
            return;
        }
        do {
            Runnable next = tasks.poll();
            if (next != null) {
                run(next);
            }
        } while (work.decrementAndGet() != 0);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            LOG.error("redis: an internal task failed", failure);
        }
    }
}

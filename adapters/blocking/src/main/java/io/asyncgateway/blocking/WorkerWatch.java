package io.asyncgateway.blocking;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The clock of a pool, and the one timer that looks after its tasks: those that have waited too long, run too long, or have not heeded
 * their interrupt. One timer for all, since the queue's first task is its oldest; set to the earliest time at which anything can be due, so that under
 * load it fires a few times a minute and costs a task nothing but a comparison.
 */
final class WorkerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final long NEVER = Long.MAX_VALUE;

    /** Between two looks at least. */
    private static final long PAUSE = Duration.ofMillis(1).toNanos();

    private final WorkerPool pool;
    private final Scheduler timer;
    private final long origin;
    private final long queueTimeout;
    private final long taskDeadline;
    private final long stuckAfter;

    /** When the timer fires next. */
    private final AtomicLong armed = new AtomicLong(NEVER);

    WorkerWatch(WorkerPool pool, WorkerPoolOptions options, Scheduler timer) {
        this.pool = pool;
        this.timer = timer;
        this.origin = timer.now(TimeUnit.NANOSECONDS);
        this.queueTimeout = options.queueTimeout().toNanos();
        this.taskDeadline = options.taskDeadline().toNanos();
        this.stuckAfter = options.stuckAfter().toNanos();
    }

    /** Nanoseconds since the pool was made. */
    long now() {
        return timer.now(TimeUnit.NANOSECONDS) - origin;
    }

    void queued(WorkerTask task) {
        if (queueTimeout > 0) {
            arm(task.queuedAt + queueTimeout);
        }
    }

    void started(WorkerTask task) {
        if (taskDeadline > 0 && task.hasDeadline()) {
            arm(task.startedAt + taskDeadline);
        }
    }

    void interrupted(WorkerTask task) {
        arm(task.interruptedAt + stuckAfter);
    }

    private void arm(long at) {
        long before = armed.get();
        while (at < before) {
            if (armed.compareAndSet(before, at)) {
                long delay = Math.max(at - now(), PAUSE);
                timer.schedule(() -> look(at), delay, TimeUnit.NANOSECONDS);
                return;
            }
            before = armed.get();
        }
    }

    /** May overlap with the next look, where a task's listener takes its time: whatever is done here to a task is done once, by a step of its state. */
    private void look(long at) {
        // From here on who comes sets the timer again. Where an earlier one was set since, that one looks, and goes on
        // with what is due later.
        if (!armed.compareAndSet(at, NEVER)) {
            return;
        }
        long now = now();
        long next = Math.min(lookAtQueue(now), lookAtRunning(now));
        if (next != NEVER) {
            arm(Math.max(next, now + PAUSE));
        }
    }

    private long lookAtQueue(long now) {
        if (queueTimeout == 0) {
            return NEVER;
        }
        for (WorkerTask first = pool.queue().oldest();
                first != null;
                first = pool.queue().oldest()) {
            long at = first.queuedAt + queueTimeout;
            if (at > now) {
                return at;
            }
            pool.waitedTooLong(first);
        }
        return NEVER;
    }

    private long lookAtRunning(long now) {
        long next = NEVER;
        for (WorkerTask task : pool.running()) {
            if (!task.isInterrupted() && taskDeadline > 0 && task.hasDeadline()) {
                long at = task.startedAt + taskDeadline;
                if (at > now) {
                    next = Math.min(next, at);
                } else {
                    pool.interrupt(task, true);
                }
            }
            if (task.isToReport()) {
                long at = task.interruptedAt + stuckAfter;
                if (at > now) {
                    next = Math.min(next, at);
                } else {
                    report(task);
                }
            }
        }
        return next;
    }

    /** Once for each task. */
    void report(WorkerTask task) {
        Thread thread = task.thread;
        if (thread == null || !task.markReported()) {
            return;
        }
        StringBuilder stack = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
            stack.append("\n\tat ").append(frame);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(now() - task.interruptedAt);
        LOG.warn(
                "{}: {} was interrupted {} s ago, runs on and keeps its thread {}{}",
                pool,
                task,
                seconds,
                thread.getName(),
                stack);
    }
}

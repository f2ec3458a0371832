package io.asyncgateway.blocking;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a pool that wait for a thread, first come first served, but resumed ones before the others. Has no bound of its own: admission is before it. Nothing
 * here blocks.
 *
 * <p>A task that was cancelled or has timed out is known by its state, and skipped. It stays in the queue until it is its turn, or until there are many
 * of them, so that leaving the queue does not mean to search it each time.
 */
final class WorkerQueue {
    /** Cancelled tasks that are let be. */
    private static final int FEW = 64;

    private final Queue<WorkerTask> begun = new ConcurrentLinkedQueue<>();

    /** Tasks that go on with work that was admitted before. */
    private final Queue<WorkerTask> resumed = new ConcurrentLinkedQueue<>();

    /** About as many as there are among those that begin. */
    private final AtomicInteger cancelled = new AtomicInteger();

    private final int tooMany;

    WorkerQueue(int bound) {
        tooMany = Math.max(FEW, bound / 4);
    }

    void add(WorkerTask task) {
        (task.isResumed ? resumed : begun).add(task);
    }

    /** The next task that is to run, which is out of the queue then. */
    @Nullable
    WorkerTask next() {
        for (WorkerTask task = resumed.poll(); task != null; task = resumed.poll()) {
            if (task.isQueued()) {
                return task;
            }
        }
        for (WorkerTask task = begun.poll(); task != null; task = begun.poll()) {
            if (task.isQueued()) {
                return task;
            }
            cancelled.decrementAndGet();
        }
        return null;
    }

    boolean isEmpty() {
        return begun.isEmpty() && resumed.isEmpty();
    }

    /** How many are to run; looks at each, and those that come or go meanwhile may be counted or not. */
    int waiting() {
        int count = 0;
        for (Queue<WorkerTask> tasks : List.of(resumed, begun)) {
            for (WorkerTask task : tasks) {
                count += task.isQueued() ? 1 : 0;
            }
        }
        return count;
    }

    /** How many there are, with those that are cancelled. */
    int size() {
        return begun.size() + resumed.size();
    }

    /** The task that has waited longest to begin; stays in the queue. */
    @Nullable
    WorkerTask oldest() {
        for (WorkerTask task = begun.peek(); task != null; task = begun.peek()) {
            if (task.isQueued()) {
                return task;
            }
            if (begun.remove(task)) {
                cancelled.decrementAndGet();
            }
        }
        return null;
    }

    /** A task that is not to run any more. */
    void cancelled(WorkerTask task) {
        if (task.isResumed) {
            resumed.remove(task);
        } else if (cancelled.incrementAndGet() > tooMany) {
            cancelled.set(0);
            begun.removeIf(waiting -> !waiting.isQueued());
        }
    }
}

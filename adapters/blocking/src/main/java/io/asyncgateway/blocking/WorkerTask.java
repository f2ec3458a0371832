package io.asyncgateway.blocking;

import io.asyncgateway.api.RequestException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One piece of blocking work for a {@link WorkerPool}, and the handle that cancels it. Submitted once.
 *
 * <pre>{@code
 * WorkerTask task = new WorkerTask() {
 *     protected void run() throws Exception {
 *         archive.write(report); // may block, on a worker thread
 *     }
 *
 *     protected void rejected(RequestException refusal) {
 *         answer(refusal); // at once: there is no room
 *     }
 *
 *     protected void ended(Throwable failure) {
 *         answer(failure);
 *     }
 * };
 * pool.submit(task);
 * scope.disconnected().subscribe(gone -> {}, failure -> {}, task::cancel);
 * }</pre>
 *
 * <p>Exactly one of {@link #rejected} and {@link #ended} is called, once, whatever happens.
 *
 * <pre>
 *   NEW ──► QUEUED ──► RUNNING ──────────────────────────────────────► ENDED
 *   NEW, QUEUED ──(refused)──► ENDED       RUNNING ──(cancel)──► INTERRUPTING ──► INTERRUPTED ──► ENDED
 *   NEW, QUEUED ──(cancel)───► ENDED
 * </pre>
 *
 * <p>INTERRUPTED is a task that was told to end, whether or not its thread was interrupted: a request that runs its close hooks is not.
 *
 * <p>A thread that cancels holds the task in INTERRUPTING for as long as it takes to interrupt its thread, and a task does not end before that: so an
 * interrupt never hits the task that comes after.
 */
public abstract class WorkerTask {
    enum State {
        NEW,
        QUEUED,
        RUNNING,
        INTERRUPTING,
        INTERRUPTED,
        ENDED
    }

    private static final AtomicReferenceFieldUpdater<WorkerTask, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(WorkerTask.class, State.class, "state");

    private static final AtomicReferenceFieldUpdater<WorkerTask, WorkerPool> POOL =
            AtomicReferenceFieldUpdater.newUpdater(WorkerTask.class, WorkerPool.class, "pool");

    private static final AtomicIntegerFieldUpdater<WorkerTask> REPORTED =
            AtomicIntegerFieldUpdater.newUpdater(WorkerTask.class, "reported");

    private volatile State state = State.NEW;
    private volatile @Nullable WorkerPool pool;

    /** When it was queued, when it began to run, when it was interrupted: by the pool's clock. */
    long queuedAt;

    long startedAt;
    volatile long interruptedAt;
    volatile @Nullable Thread thread;
    private volatile boolean sheltered;

    @SuppressWarnings("UnusedVariable") // by the updater
    private volatile int reported;

    /** Whether it goes on with what another task has begun, without a permit of its own. */
    boolean isResumed;

    /** A task that waits to be submitted. */
    protected WorkerTask() {}

    /**
     * The work. Called at most once, on a thread of the pool, with the pool's context class loader and a clear interrupt flag. May block. An
     * interrupt means that it was cancelled or is past the pool's {@linkplain WorkerPoolOptions#taskDeadline() deadline}.
     *
     * @throws Exception goes to {@link #ended}
     */
    protected abstract void run() throws Exception;

    /**
     * There was no room, or none in time, or the pool was shut down: {@link #run} is not called. Comes within
     * {@link WorkerPool#submit submit} or later on another thread; must not block.
     *
     * @param refusal 503 with {@code retry-after}, which lets a request be answered by letting it through
     */
    protected void rejected(RequestException refusal) {}

    /**
     * The task is over, and its place in the pool is free again. Comes on the thread that has run it; where it was cancelled before it began, on the
     * thread that cancelled it. Must not block.
     *
     * @param failure what {@link #run} has thrown, {@code null} if nothing; {@link CancellationException} where it was not called
     */
    protected void ended(@Nullable Throwable failure) {}

    /**
     * The task has run for as long as it {@linkplain WorkerPoolOptions#taskDeadline() may}, and is interrupted. {@link #ended} comes when it
     * heeds that. Comes on a timer's thread; must not block.
     */
    protected void deadlinePassed() {}

    /**
     * Whether the pool's {@linkplain WorkerPoolOptions#taskDeadline() deadline} is for this task. Asked on any thread; the answer must not change.
     *
     * @return {@code true} unless overridden, as for the start-up of an application
     */
    protected boolean hasDeadline() {
        return true;
    }

    /**
     * Takes the task out of the queue, or interrupts it once where it runs; nothing where it is over. From any thread; never blocks. A task
     * that ignores its interrupt keeps its place in the pool until it returns.
     */
    public final void cancel() {
        cancelIfWaiting();
        WorkerPool target = pool;
        if (target != null) {
            target.interrupt(this, false);
        }
    }

    /**
     * Takes the task out of the queue; nothing where it has begun, so that it is never interrupted by this. For work whose code does not bear
     * interrupts. A task that is not submitted yet ends when it is. From any thread; never blocks.
     */
    public final void cancelIfWaiting() {
        if (moved(State.NEW, State.ENDED)) {
            return; // submit will tell
        }
        WorkerPool target = pool;
        if (target != null && moved(State.QUEUED, State.ENDED)) {
            target.cancelled(this);
        }
    }

    /**
     * Whether it runs at this moment.
     *
     * @return whether {@link #run} has been called and has not returned
     */
    public final boolean isRunning() {
        State now = state;
        return now == State.RUNNING || now == State.INTERRUPTING || now == State.INTERRUPTED;
    }

    /**
     * Whether it was interrupted by {@link #cancel} or its deadline and has not returned yet.
     *
     * @return whether it is to come to its end
     */
    public final boolean isInterrupted() {
        State now = state;
        return now == State.INTERRUPTING || now == State.INTERRUPTED;
    }

    final void bind(WorkerPool target) {
        if (!POOL.compareAndSet(this, null, target)) {
            throw new IllegalStateException(this + ": submitted a second time (expected: once)");
        }
    }

    final boolean moved(State from, State to) {
        return STATE.compareAndSet(this, from, to);
    }

    final boolean isQueued() {
        return state == State.QUEUED;
    }

    /** Whether its interrupt has come, it runs on, and nobody has said so. */
    final boolean isToReport() {
        return state == State.INTERRUPTED && reported == 0;
    }

    final boolean markReported() {
        return REPORTED.compareAndSet(this, 0, 1);
    }

    /** Interrupts its thread, if it runs and was not interrupted before. A deadline is told before, so that it comes before {@link #ended}. */
    final boolean interruptThread(long now, boolean byDeadline) {
        if (!moved(State.RUNNING, State.INTERRUPTING)) {
            return false;
        }
        interruptedAt = now;
        try {
            if (byDeadline) {
                deadlinePassed();
            }
        } finally {
            Thread running = thread;
            if (running != null && !sheltered) {
                running.interrupt();
            }
            state = State.INTERRUPTED;
        }
        return true;
    }

    /**
     * Begins the part of a run that is to be done in any case: from here on its thread is not interrupted, and no earlier interrupt is left. A
     * cancellation or a deadline is told as ever, and a task that runs on after it is reported as ever. On its thread.
     */
    final void shelter() {
        sheltered = true; // before the look at the state: who interrupts looks the other way round
        awaitInterrupt();
        Thread.interrupted();
    }

    /**
     * The end of a run: not before an interrupt that is on its way has come. That takes as long as the interrupt of one thread, and at a deadline as
     * {@link #deadlinePassed}, which must not block.
     */
    final void end() {
        if (!moved(State.RUNNING, State.ENDED)) {
            awaitInterrupt();
            state = State.ENDED;
        }
        thread = null;
    }

    @SuppressWarnings("ThreadPriorityCheck") // yields to the one thread that is waited for
    private void awaitInterrupt() {
        while (state == State.INTERRUPTING) {
            Thread.yield();
        }
    }
}

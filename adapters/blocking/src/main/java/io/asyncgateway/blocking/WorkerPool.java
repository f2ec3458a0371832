package io.asyncgateway.blocking;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.RequestException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Threads for work that blocks, with a hard bound on what runs and on what waits. Past the bounds a task is refused at once (503 with
 * {@code retry-after}), never while a thread is free. Submitting never blocks, so it is safe on an event loop.
 *
 * <pre>{@code
 * WorkerPool reports = WorkerPool.of(WorkerPoolOptions.defaults().withName("reports").withThreads(8).withQueue(100));
 * WorkerTask task = reports.submit(() -> archive.write(report), refusal -> log(refusal));
 * task.cancel(); // interrupts it
 * }</pre>
 *
 * <p>Use a pool for each dependency that can be slow, so that it does not starve the rest.
 *
 * <p><b>Admission comes first.</b> A task takes one of {@code threads + queue} permits or is refused, and gives it back when it has ended; the queue behind it needs
 * no bound of its own. (A {@code ThreadPoolExecutor} with a bounded queue refuses tasks while its threads are between two of them.) A task that was
 * interrupted and runs on keeps its permit.
 *
 * <p><b>What a task finds.</b> Its thread is named after the pool, is a daemon (a task that ignores everything must not keep a process alive whose
 * server has ended), and has the pool's context class loader and a clear interrupt flag. Nothing of that is left over from an earlier task, whatever that one has done. Nor
 * are thread-locals: on virtual threads each task has a thread of its own; platform threads are reused, and
 * their thread-locals erased in between, where the JVM allows it ({@code --add-opens java.base/java.lang=ALL-UNNAMED}, as the command
 * {@code async-gateway} does). Where it does not, each task gets a platform thread of its own, which costs some tens of microseconds, unless
 * {@link WorkerPoolOptions#reuseThreadLocals()} says that they may be seen.
 *
 * <p>Safe for use from any thread.
 */
public final class WorkerPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final Headers RETRY_AFTER = Headers.of("retry-after", "1");
    private static final int SERVICE_UNAVAILABLE = 503;

    /** How long tasks that a shutdown has interrupted are waited for. */
    private static final Duration INTERRUPTED_WITHIN = Duration.ofSeconds(1);

    private final WorkerPoolOptions options;
    private final ClassLoader contextClassLoader;
    private final Scheduler timer;
    private final WorkerWatch watch;
    private final Workers workers;
    private final Semaphore permits;
    private final WorkerQueue queue;

    private final PoolLife life = new PoolLife(this);

    private final Set<WorkerTask> running = ConcurrentHashMap.newKeySet();
    private final LongAdder ran = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();

    /** With a timer of the caller's, and thread-locals erased or not. */
    WorkerPool(
            WorkerPoolOptions options, ClassLoader contextClassLoader, Scheduler timer, boolean canEraseThreadLocals) {
        this.options = options;
        this.contextClassLoader = contextClassLoader;
        this.timer = timer;
        this.watch = new WorkerWatch(this, options, timer);
        this.permits = new Semaphore(options.threads() + options.queue());
        this.queue = new WorkerQueue(options.queue());
        this.workers = workers(canEraseThreadLocals);
    }

    /**
     * A pool whose tasks get the context class loader of the calling thread.
     *
     * @param options its bounds
     * @return the pool; threads are started when there is work
     */
    public static WorkerPool of(WorkerPoolOptions options) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return of(options, loader == null ? ClassLoader.getSystemClassLoader() : loader);
    }

    /**
     * A pool.
     *
     * @param options its bounds
     * @param contextClassLoader the context class loader of its tasks, usually the application's
     * @return the pool; threads are started when there is work
     */
    public static WorkerPool of(WorkerPoolOptions options, ClassLoader contextClassLoader) {
        return new WorkerPool(
                options,
                Objects.requireNonNull(contextClassLoader, "contextClassLoader"),
                Schedulers.parallel(),
                ThreadLocals.canErase());
    }

    private Workers workers(boolean canEraseThreadLocals) {
        if (options.virtualThreads()) {
            return new FreshWorkers(this, VirtualThreads::unstarted);
        }
        if (options.reuseThreadLocals() || canEraseThreadLocals) {
            return new PooledWorkers(this, !options.reuseThreadLocals(), WorkerPool::platformThread);
        }
        LOG.info(
                "{} can't erase thread-locals, so that each task gets a thread of its own, which is slower"
                        + " (expected: --add-opens java.base/java.lang=ALL-UNNAMED, or virtual threads)",
                this);
        return new FreshWorkers(this, WorkerPool::platformThread);
    }

    /** What a thread inherits is not to depend on the one that starts it, which may be another worker. */
    @SuppressWarnings("ThreadPriorityCheck")
    static Thread platformThread(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setPriority(Thread.NORM_PRIORITY);
        return thread;
    }

    // ------------------------------------------------------------------------------------------------ submitting

    /**
     * Hands in a task. It runs as soon as a thread is free.
     *
     * @param task the task; {@link WorkerTask#rejected} is called before this returns where there is no room for it
     * @throws IllegalStateException if it was submitted before
     */
    public void submit(WorkerTask task) {
        task.bind(this);
        String full = admit();
        if (full != null) {
            if (task.moved(WorkerTask.State.NEW, WorkerTask.State.ENDED)) {
                refuse(task, full);
            } else {
                tellCancelled(task);
            }
            return;
        }
        task.queuedAt = watch.now();
        if (!task.moved(WorkerTask.State.NEW, WorkerTask.State.QUEUED)) {
            freePlace(task);
            tellCancelled(task);
            life.told();
            return;
        }
        queue.add(task);
        watch.queued(task);
        workers.taskQueued();
    }

    /**
     * Hands in a task without the ceremony.
     *
     * @param task the work; what it throws is logged
     * @param rejected called in place of it where there is no room, none in time, or the pool is shut down
     * @return the handle that cancels it
     */
    public WorkerTask submit(Runnable task, Consumer<? super RequestException> rejected) {
        RunnableTask handle = new RunnableTask(task, rejected);
        submit(handle);
        return handle;
    }

    /**
     * Hands in a task that goes on with work which a submitted task has begun, and which would be lost where this one was refused: an asynchronous request
     * that has its answer now. It takes no permit, waits without a limit of time, and comes before those that wait to begin. It is refused only where
     * it still waits when the graceful time of a {@link #shutdown} is over.
     *
     * <p>So these tasks have no bound here. Who resumes work has to see to it that each submitted task leads to few of them at a time.
     *
     * @param task the task
     * @throws IllegalStateException if it was submitted before
     */
    public void resume(WorkerTask task) {
        task.bind(this);
        task.isResumed = true;
        task.queuedAt = watch.now();
        life.taken();
        if (!task.moved(WorkerTask.State.NEW, WorkerTask.State.QUEUED)) {
            freePlace(task);
            tellCancelled(task);
            life.told();
            return;
        }
        queue.add(task);
        workers.taskQueued();
    }

    /** Takes a permit; says why not where there is none. */
    private @Nullable String admit() {
        if (!permits.tryAcquire()) {
            return options.threads() + " threads and " + options.queue() + " waiting places are taken";
        }
        life.taken();
        if (isClosed()) {
            permits.release();
            life.told();
            return "is shut down";
        }
        return null;
    }

    /** Comes before the task is told of its end, so that it can submit the next one then. */
    private void freePlace(WorkerTask task) {
        if (!task.isResumed) {
            permits.release();
        }
    }

    private void refuse(WorkerTask task, String why) {
        rejected.increment();
        try {
            task.rejected(new RequestException(SERVICE_UNAVAILABLE, RETRY_AFTER, this + ": " + why));
        } catch (Throwable failure) {
            LOG.error("{}: {} failed when it was told that it is refused", this, task, failure);
        }
    }

    private void tellCancelled(WorkerTask task) {
        tellEnded(task, new CancellationException("cancelled before it began"));
    }

    private void tellEnded(WorkerTask task, @Nullable Throwable failure) {
        try {
            task.ended(failure);
        } catch (Throwable second) {
            LOG.error("{}: {} failed when it was told of its end", this, task, second);
        }
    }

    // ------------------------------------------------------------------------------------------------ for the threads

    WorkerQueue queue() {
        return queue;
    }

    /** Runs a task on the current thread; throws nothing. */
    void run(WorkerTask task) {
        task.thread = Thread.currentThread();
        task.startedAt = watch.now();
        if (!task.moved(WorkerTask.State.QUEUED, WorkerTask.State.RUNNING)) {
            task.thread = null;
            return; // cancelled or timed out since it left the queue
        }
        running.add(task);
        ran.increment();
        waitedNanos.add(task.startedAt - task.queuedAt);
        watch.started(task);
        Throwable failure = null;
        try {
            task.run();
        } catch (Throwable thrown) { // errors too: the thread lives on
            failure = thrown;
        }
        task.end();
        Thread.interrupted(); // wiped off, whoever set it
        running.remove(task);
        freePlace(task);
        tellEnded(task, failure);
        life.told();
    }

    /** No thread could be started for a task that had left the queue. */
    void noThread(WorkerTask task) {
        if (task.moved(WorkerTask.State.QUEUED, WorkerTask.State.ENDED)) {
            freePlace(task);
            refuse(task, "no thread could be started");
            life.told();
        }
    }

    String threadName(int number) {
        return options.name() + "-" + number;
    }

    ClassLoader contextClassLoader() {
        return contextClassLoader;
    }

    // ------------------------------------------------------------------------------------------------ cancelling

    /** A task was cancelled while it waited. */
    void cancelled(WorkerTask task) {
        freePlace(task);
        queue.cancelled(task);
        tellCancelled(task);
        life.told();
    }

    void interrupt(WorkerTask task, boolean byDeadline) {
        try {
            if (task.interruptThread(watch.now(), byDeadline)) {
                watch.interrupted(task);
            }
        } catch (Throwable failure) {
            LOG.error("{}: {} failed when it was told that its deadline has passed", this, task, failure);
        }
    }

    void waitedTooLong(WorkerTask task) {
        if (task.moved(WorkerTask.State.QUEUED, WorkerTask.State.ENDED)) {
            queue.cancelled(task);
            freePlace(task);
            refuse(task, "no thread was free for " + options.queueTimeout());
            life.told();
        }
    }

    Collection<WorkerTask> running() {
        return running;
    }

    // ----------------------------------------------------------------------------------------------- from start to end

    /**
     * Says that somebody works on the pool from now on: an application that starts. A pool that has been shut down is opened again; where it still
     * drains, its shutdown is over with that, and what it has taken goes on.
     *
     * @see #release()
     */
    public void retain() {
        life.retain();
    }

    /**
     * Says that one of those that have {@linkplain #retain() retained} the pool has ended; the last one shuts it down, with
     * {@link WorkerPoolOptions#drainTimeout()} for what still runs. An adapter does this at the end of its application's lifespan, so that a pool
     * which several applications share ends with the last of them. Cold.
     *
     * @return completes when there is nothing more to wait for; fails with {@link IllegalStateException} where nobody has retained it
     */
    public Mono<Void> release() {
        return Mono.defer(() -> {
            Sinks.Empty<Void> drained = life.release();
            return drained == null ? Mono.empty() : drain(drained, options.drainTimeout());
        });
    }

    boolean isClosed() {
        return life.isClosed();
    }

    /**
     * The pool's bounds.
     *
     * @return the options that it was made with
     */
    public WorkerPoolOptions options() {
        return options;
    }

    /**
     * What the pool does and has done.
     *
     * @return the numbers of this moment
     */
    public WorkerPoolMetrics metrics() {
        int stuck = 0;
        for (WorkerTask task : running) {
            stuck += task.isInterrupted() ? 1 : 0;
        }
        return new WorkerPoolMetrics(
                options.name(),
                workers.threads(),
                running.size(),
                queue.waiting(),
                stuck,
                ran.sum(),
                rejected.sum(),
                Duration.ofNanos(waitedNanos.sum()));
    }

    /**
     * Shuts the pool down: from now on every task is refused. What it has taken may end within the given time; then what waits is refused, what
     * runs is interrupted, and what has not ended a second later is reported with its stack, unless it was before, and left to itself. Cold; a second call waits for
     * the same end.
     *
     * @param graceful how long to wait before that; zero: not at all
     * @return completes when the pool has ended and each task was told so, or when it is {@linkplain #retain() opened again}; on any thread; never fails
     */
    public Mono<Void> shutdown(Duration graceful) {
        return Mono.defer(() -> drain(life.close(), graceful));
    }

    private Mono<Void> drain(Sinks.Empty<Void> drained, Duration graceful) {
        workers.close();
        life.checkDrained();
        return drained.asMono().timeout(graceful, Mono.defer(() -> interruptAll(drained)), timer);
    }

    private Mono<Void> interruptAll(Sinks.Empty<Void> drained) {
        List<WorkerTask> waiting = new ArrayList<>();
        List<WorkerTask> late = new ArrayList<>();
        boolean closed = life.during(drained, () -> {
            for (WorkerTask task = queue.next(); task != null; task = queue.next()) {
                waiting.add(task);
            }
            late.addAll(running);
        });
        if (!closed) {
            return Mono.empty(); // opened again: the tasks are somebody's
        }
        waiting.forEach(this::refuseAtShutdown);
        late.forEach(task -> interrupt(task, false));
        return drained.asMono()
                .timeout(INTERRUPTED_WITHIN, Mono.fromRunnable(() -> late.forEach(watch::report)), timer);
    }

    private void refuseAtShutdown(WorkerTask task) {
        if (task.moved(WorkerTask.State.QUEUED, WorkerTask.State.ENDED)) {
            freePlace(task);
            refuse(task, "is shut down");
            life.told();
        }
    }

    /** {@link #shutdown Shuts down} without waiting: not for the tasks, which are interrupted, and not for the end. Never blocks. */
    @Override
    public void close() {
        shutdown(Duration.ZERO).subscribe();
    }

    @Override
    public String toString() {
        return "worker pool " + options.name();
    }
}

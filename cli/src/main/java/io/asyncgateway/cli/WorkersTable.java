package io.asyncgateway.cli;

import io.asyncgateway.blocking.WorkerPoolOptions;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The options of the threads that blocking applications and servlets run on. */
final class WorkersTable {
    private WorkersTable() {}

    static List<Option> options() {
        return List.of(
                of(
                        "threads",
                        Values.NUMBER,
                        WorkerPoolOptions::threads,
                        WorkerPoolOptions::withThreads,
                        "Requests that run at the same time."),
                of(
                        "thread-queue",
                        Values.NUMBER,
                        WorkerPoolOptions::queue,
                        WorkerPoolOptions::withQueue,
                        "Requests that wait for a thread; past it 503 with Retry-After at once."),
                of(
                        "thread-queue-timeout",
                        Values.SECONDS_OR_NONE,
                        WorkerPoolOptions::queueTimeout,
                        WorkerPoolOptions::withQueueTimeout,
                        "How long a request waits for a thread; past it 503 with Retry-After."),
                of(
                        "thread-deadline",
                        Values.SECONDS_OR_NONE,
                        WorkerPoolOptions::taskDeadline,
                        WorkerPoolOptions::withTaskDeadline,
                        "How long a request runs; past it it is interrupted, and answered with 504 where nothing was sent."),
                of(
                        "thread-idle-timeout",
                        Values.SECONDS,
                        WorkerPoolOptions::idleTimeout,
                        WorkerPoolOptions::withIdleTimeout,
                        "How long a thread that has nothing to do is kept."),
                of(
                        "thread-stuck-after",
                        Values.SECONDS,
                        WorkerPoolOptions::stuckAfter,
                        WorkerPoolOptions::withStuckAfter,
                        "A request that runs on for this long after its interrupt is logged with its stack."),
                Option.onOff(
                        OptionGroup.WORKERS,
                        "thread-interrupt",
                        launch -> launch.workers().interrupt(),
                        (launch, value) -> launch.withWorkers(workers -> workers.withInterrupt(value)),
                        "A request is interrupted when its client leaves. If not, only its reads and writes fail."
                                + " A servlet never is."),
                Option.onOff(
                        OptionGroup.WORKERS,
                        "thread-local-reuse",
                        launch -> launch.workers().pool().reuseThreadLocals(),
                        (launch, value) -> launch.withWorkers(
                                workers -> workers.withPool(pool -> pool.withReuseThreadLocals(value))),
                        "A request may find thread-locals of earlier ones, which some libraries keep their caches in."),
                Option.onOff(
                        OptionGroup.WORKERS,
                        "virtual-threads",
                        launch -> launch.workers().virtualThreads(),
                        (launch, value) -> launch.withWorkers(workers -> workers.withVirtualThreads(value)),
                        "A virtual thread for each request, with the same bounds. Java 21 or later."));
    }

    private static <T> Option of(
            String name,
            ValueType<T> type,
            Function<WorkerPoolOptions, T> get,
            BiFunction<WorkerPoolOptions, T, WorkerPoolOptions> set,
            String description) {
        return Option.of(
                OptionGroup.WORKERS,
                name,
                type,
                launch -> get.apply(launch.workers().pool()),
                (launch, value) -> launch.withWorkers(workers -> workers.withPool(pool -> set.apply(pool, value))),
                description);
    }
}

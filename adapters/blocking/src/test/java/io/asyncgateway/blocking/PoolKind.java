package io.asyncgateway.blocking;

import java.util.stream.Stream;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Where tasks can run; a test of the pool runs with each that the runtime has. */
enum PoolKind {
    /** Platform threads that are kept, their thread-locals erased. */
    POOLED,
    /** A platform thread for each task, as where java.lang is closed. */
    FRESH,
    VIRTUAL;

    static Stream<PoolKind> all() {
        return Stream.of(values()).filter(kind -> kind != VIRTUAL || VirtualThreads.areSupported());
    }

    WorkerPool pool(WorkerPoolOptions options) {
        return pool(options, Schedulers.parallel());
    }

    WorkerPool pool(WorkerPoolOptions options, Scheduler timer) {
        return new WorkerPool(
                options.withVirtualThreads(this == VIRTUAL),
                Thread.currentThread().getContextClassLoader(),
                timer,
                this == POOLED && ThreadLocals.canErase());
    }
}

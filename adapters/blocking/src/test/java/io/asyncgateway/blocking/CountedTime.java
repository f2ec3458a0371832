package io.asyncgateway.blocking;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Virtual time that counts the timers which are set. */
final class CountedTime implements Scheduler {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicInteger timers = new AtomicInteger();

    int timers() {
        return timers.get();
    }

    void advanceTimeBy(Duration by) {
        time.advanceTimeBy(by);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        timers.incrementAndGet();
        return time.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return time.schedule(task);
    }

    @Override
    public Worker createWorker() {
        return time.createWorker();
    }

    @Override
    public long now(TimeUnit unit) {
        return time.now(unit);
    }

    @Override
    public void dispose() {
        time.dispose();
    }
}

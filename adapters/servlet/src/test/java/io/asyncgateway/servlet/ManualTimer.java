package io.asyncgateway.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/** A timer of the engine on which time passes when a test says so. */
final class ManualTimer extends AbstractLifeCycle implements Scheduler {
    private final List<Runnable> tasks = new ArrayList<>();

    @Override
    public synchronized Task schedule(Runnable task, long delay, TimeUnit unit) {
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized boolean cancel(Runnable task) {
        return tasks.remove(task);
    }

    synchronized int waiting() {
        return tasks.size();
    }

    /** Runs what is scheduled now, on this thread. */
    void fire() {
        List<Runnable> due;
        synchronized (this) {
            due = List.copyOf(tasks);
            tasks.clear();
        }
        due.forEach(Runnable::run);
    }
}

package io.asyncgateway.servlet;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.servlet.AsyncContextEvent;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * The engine's timer: one thread, on which nothing may block.
 *
 * <p>A timeout of an asynchronous request that fires before the thread that has scheduled it could make a note of that would be taken for one that was cancelled, and
 * the request would wait for ever. So such a one is looked at a second time.
 */
final class EngineTimer extends ScheduledExecutorScheduler {
    private static final long SECOND_LOOK_MILLIS = 1000;

    EngineTimer(String name) {
        super(name, true, 1);
    }

    @Override
    public Task schedule(Runnable task, long delay, TimeUnit unit) {
        return super.schedule(task instanceof AsyncContextEvent timeout ? () -> expire(timeout) : task, delay, unit);
    }

    private void expire(AsyncContextEvent timeout) {
        if (timeout.hasTimeoutTask()) {
            timeout.run();
        } else {
            super.schedule(timeout, SECOND_LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}

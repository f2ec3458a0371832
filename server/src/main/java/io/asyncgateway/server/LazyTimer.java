package io.asyncgateway.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One deadline that is moved far more often than it is met, as those of a connection are: setting and clearing it costs a field, and the event loop is
 * asked only where no earlier wake-up is under way. Confined to its event loop.
 */
final class LazyTimer implements Runnable {
    private static final long NEVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final Ticker clock;
    private final Runnable action;
    private @Nullable ScheduledFuture<?> wakeUp;
    private long wakeUpAt;
    private long dueAt = NEVER;

    LazyTimer(EventLoop loop, Runnable action) {
        this.loop = loop;
        this.clock = loop.ticker();
        this.action = action;
    }

    /** The action runs once, this long from now, unless the timer is set again or cleared before. */
    void set(long nanos) {
        dueAt = clock.nanoTime() + nanos;
        ScheduledFuture<?> current = wakeUp;
        if (current != null && wakeUpAt - dueAt > 0) {
            current.cancel(false);
            current = null;
        }
        if (current == null) {
            schedule(nanos);
        }
    }

    /** The time that it goes by. */
    long now() {
        return clock.nanoTime();
    }

    void clear() {
        dueAt = NEVER;
    }

    boolean isSet() {
        return dueAt != NEVER;
    }

    /** Clears it and gives back the wake-up. */
    void close() {
        clear();
        ScheduledFuture<?> current = wakeUp;
        if (current != null) {
            current.cancel(false);
            wakeUp = null;
        }
    }

    @Override
    public void run() {
        wakeUp = null;
        if (dueAt == NEVER) {
            return;
        }
        long left = dueAt - clock.nanoTime();
        if (left > 0) {
            schedule(left);
        } else {
            dueAt = NEVER;
            action.run();
        }
    }

    private void schedule(long nanos) {
        wakeUpAt = clock.nanoTime() + nanos;
        wakeUp = loop.schedule(this, nanos, TimeUnit.NANOSECONDS);
    }
}

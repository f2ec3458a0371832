package io.asyncgateway.websocket;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bound on handlers that run at once over all sessions of a router. Who finds none free waits in a line, each session once, first come first served.
 * Safe for use from any thread.
 */
final class HandlerLimit {
    /** One that waits. */
    interface Waiter {
        /** It has the permit that it asked for. */
        void granted();
    }

    private final Object lock = new Object();

    // Guarded by the lock
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private final ArrayDeque<Waiter> served = new ArrayDeque<>();
    private int free;
    private boolean serving;

    HandlerLimit(int permits) {
        this.free = permits;
    }

    /** Takes a permit; false if the waiter stands in the line now and will be told. */
    boolean acquire(Waiter waiter) {
        synchronized (lock) {
            if (free > 0) {
                free--;
                return true;
            }
            waiting.add(waiter);
            return false;
        }
    }

    /** Leaves the line; false if the waiter does not stand in it any more, since a permit is its own or about to be. */
    boolean leave(Waiter waiter) {
        synchronized (lock) {
            return waiting.remove(waiter);
        }
    }

    /** Gives a permit back, to who waits longest. One thread at a time tells them, so that one's end within the other's beginning does not nest. */
    void release() {
        Waiter next;
        synchronized (lock) {
            Waiter longest = first();
            if (longest == null) {
                free++;
                return;
            }
            served.add(longest);
            if (serving) {
                return;
            }
            serving = true;
            next = served.poll();
        }
        while (next != null) {
            next.granted();
            synchronized (lock) {
                next = served.poll();
                serving = next != null;
            }
        }
    }

    private @Nullable Waiter first() {
        var line = waiting.iterator();
        if (!line.hasNext()) {
            return null;
        }
        Waiter longest = line.next();
        line.remove();
        return longest;
    }
}

package io.asyncgateway.api.testing;

import io.asyncgateway.api.ProtocolViolationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The lock of one driver, on which the test waits for what the application does, perhaps on another thread, and the violations of the contract
 * so far. The application is never called with the lock held: whoever changes the state signals afterwards.
 */
final class Monitor {
    private final List<ProtocolViolationException> violations = new ArrayList<>();

    /** Wakes the test up. To be called with the lock held. */
    void changed() {
        notifyAll();
    }

    /** Waits until the condition holds, as long as the timeout allows; returns whether it holds. The condition is asked with the lock held. */
    synchronized boolean await(Duration timeout, BooleanSupplier condition) {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for the application", interrupted);
            }
        }
        return true;
    }

    synchronized void violated(ProtocolViolationException violation) {
        violations.add(violation);
        changed();
    }

    /** The violations since the last call. */
    synchronized List<ProtocolViolationException> takeViolations() {
        List<ProtocolViolationException> taken = List.copyOf(violations);
        violations.clear();
        return taken;
    }

    synchronized boolean hasViolations() {
        return !violations.isEmpty();
    }
}

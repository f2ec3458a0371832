package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Holds a servlet at a place until the test lets it go on. */
final class Gate {
    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore open = new Semaphore(0);

    /** In the servlet: says that it is here, and waits. */
    void pass() throws InterruptedException {
        arrived.release();
        assertThat(open.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    /** In the test: waits until the servlet is here. */
    void awaitArrival() throws InterruptedException {
        assertThat(arrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    /** In the test: lets it go on. */
    void open() {
        open.release();
    }

    /** Whether a servlet has come that nobody has awaited. */
    boolean hasArrival() {
        return arrived.availablePermits() > 0;
    }
}

package io.asyncgateway.perf;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What the clients of one round have in common. They all run on one event loop, which alone counts. */
final class WebSocketRound {
    /** Tells a client to send its first message. */
    static final Object START = new Object();

    private final CountDownLatch opening;
    private volatile String failure = "";
    private volatile boolean stopped;
    private volatile long messages;

    WebSocketRound(int connections) {
        opening = new CountDownLatch(connections);
    }

    void opened() {
        opening.countDown();
    }

    boolean awaitOpen(int seconds) throws InterruptedException {
        return opening.await(seconds, TimeUnit.SECONDS) && failure().isEmpty();
    }

    /** One more message has come back. Whether to go on. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    boolean returned() {
        messages++;
        return !stopped;
    }

    void failed(String what) {
        if (!stopped) {
            failure = what;
            opening.countDown();
        }
    }

    String failure() {
        return failure;
    }

    long stop() {
        long sofar = messages;
        stopped = true;
        return sofar;
    }
}

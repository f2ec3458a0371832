package io.asyncgateway.perf;

/** What the members of a room have in common. They all run on one event loop, which alone counts; others read. */
final class BroadcastRound {
    private final Runnable onDelivery;
    private Latencies latencies = new Latencies();
    private volatile int opened;
    private volatile long deliveries;
    private volatile String failure = "";

    /** @param onDelivery runs on the event loop after each delivery */
    BroadcastRound(Runnable onDelivery) {
        this.onDelivery = onDelivery;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    void opened() {
        opened++;
    }

    int members() {
        return opened;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    void delivered(long nanos) {
        deliveries++;
        latencies.add(nanos);
        onDelivery.run();
    }

    long deliveries() {
        return deliveries;
    }

    void failed(String what) {
        if (failure.isEmpty()) {
            failure = what;
        }
    }

    String failure() {
        return failure;
    }

    /** On the event loop: what has been measured since the last call. */
    Latencies take() {
        Latencies taken = latencies;
        latencies = new Latencies();
        return taken;
    }
}

package io.asyncgateway.websocket.redis;

import java.util.function.Consumer;

/** Hands over what arrives through a subscription in envelopes, after the tracker has seen it. Its monitor guards the tracker. */
final class TrackedHandler implements Subscription.Handler {
    private final LossTracker tracker;
    private final Consumer<Envelope> delivery;
    private final Runnable joined;
    private boolean begun;

    /**
     * A handler.
     *
     * @param tracker of this subscription alone
     * @param delivery takes each message
     * @param joined is told when messages arrive for the first time
     */
    TrackedHandler(LossTracker tracker, Consumer<Envelope> delivery, Runnable joined) {
        this.tracker = tracker;
        this.delivery = delivery;
        this.joined = joined;
    }

    @Override
    public void message(byte[] message) {
        Envelope envelope = Envelope.decode(message);
        if (envelope == null) {
            return;
        }
        boolean deliver;
        synchronized (tracker) {
            deliver = tracker.accept(envelope);
        }
        if (deliver) {
            delivery.accept(envelope);
        }
    }

    @Override
    public void active() {
        synchronized (tracker) {
            if (begun) {
                return;
            }
            begun = true;
            tracker.begin();
        }
        joined.run();
    }

    @Override
    public void interrupted() {
        synchronized (tracker) {
            tracker.interrupted();
        }
    }
}

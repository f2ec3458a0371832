package io.asyncgateway.websocket.redis;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows the numbers of the streams that arrive through one subscription, and counts those that are missing. One thread at a time.
 *
 * <p>Where a stream is met in its middle, its earlier messages are missed only if it began after the subscription did: the sender's
 * clock says how old the stream is, ours how old the subscription is, so that the clocks need not agree. While nothing was interrupted, the two must differ by more than
 * a message can be under way.
 */
final class LossTracker {
    private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long IDLE_NANOS = 2 * OutgoingStreams.IDLE_NANOS;
    private static final int MAX_MISSING = 64;
    /** More streams than a service has nodes: somebody makes them up. */
    private static final int MAX_STREAMS = 4_096;

    private record Key(long nodeHigh, long nodeLow, long stream) {}

    private static final class Seen {
        long last;
        long lastHeard;
        /** Those given up for lost that may still come: a sender in a Cluster can overtake itself when it finds a new node. */
        @Nullable
        TreeSet<Long> missing;

        Seen(long last) {
            this.last = last;
        }
    }

    private final LongSupplier clock;
    private final LongConsumer lost;
    private final Map<Key, Seen> streams = new HashMap<>();
    private long since;
    private boolean interrupted;

    LossTracker(LongSupplier clock, LongConsumer lost) {
        this.clock = clock;
        this.lost = lost;
        this.since = clock.getAsLong();
    }

    /** The subscription is effective for the first time. */
    void begin() {
        since = clock.getAsLong();
    }

    void interrupted() {
        interrupted = true;
    }

    /**
     * Looks at what has arrived.
     *
     * @return whether it is to be delivered: it is no mark and has not been here before
     */
    boolean accept(Envelope envelope) {
        boolean mark = envelope.kind() == Envelope.Kind.MARK;
        Seen seen = seen(envelope, mark);
        seen.lastHeard = clock.getAsLong();
        long number = envelope.number();
        if (number <= seen.last) {
            return !mark && seen.missing != null && seen.missing.remove(number);
        }
        long missing = number - seen.last - (mark ? 0 : 1);
        if (missing > 0) {
            remember(seen, mark ? number : number - 1);
            lost.accept(missing);
        }
        seen.last = number;
        return !mark;
    }

    private Seen seen(Envelope envelope, boolean mark) {
        Key key = new Key(envelope.nodeHigh(), envelope.nodeLow(), envelope.stream());
        Seen seen = streams.get(key);
        if (seen == null) {
            if (streams.size() >= MAX_STREAMS) {
                forgetIdle();
            }
            long before = envelope.number() - (mark ? 0 : 1);
            seen = new Seen(beganAfterSubscription(envelope) ? 0 : before);
            if (streams.size() < MAX_STREAMS) {
                streams.put(key, seen);
            }
        }
        return seen;
    }

    private boolean beganAfterSubscription(Envelope envelope) {
        long margin = interrupted ? 0 : MARGIN_NANOS;
        return TimeUnit.MILLISECONDS.toNanos(envelope.ageMillis()) + margin < clock.getAsLong() - since;
    }

    private static void remember(Seen seen, long through) {
        TreeSet<Long> missing = seen.missing != null ? seen.missing : new TreeSet<>();
        for (long number = Math.max(seen.last + 1, through - MAX_MISSING + 1); number <= through; number++) {
            missing.add(number);
        }
        while (missing.size() > MAX_MISSING) {
            missing.pollFirst();
        }
        seen.missing = missing;
    }

    /** Streams whose sender has forgotten them too. */
    void forgetIdle() {
        long now = clock.getAsLong();
        streams.values().removeIf(seen -> now - seen.lastHeard > IDLE_NANOS);
    }
}

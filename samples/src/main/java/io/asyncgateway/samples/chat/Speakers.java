package io.asyncgateway.samples.chat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Schedulers;

/**
 * How fast each user may say something on this node, over all the user's connections, so that a new connection is no new allowance. Bounded: who has not
 * said anything for longest is forgotten. Safe for use from any thread.
 */
final class Speakers {
    /** Nobody reads faster, and a paste in pieces fits. */
    static final int BURST = 10;

    static final double PER_SECOND = 5;

    private static final int KEPT = 10_000;

    private final Map<String, TokenBucket> speakers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > KEPT;
        }
    };

    /** Counts a message: how long to wait before it may be said; zero if it may be said now. */
    Duration speak(User user) {
        long now = Schedulers.parallel().now(TimeUnit.NANOSECONDS);
        synchronized (speakers) {
            TokenBucket bucket = speakers.computeIfAbsent(user.id(), id -> new TokenBucket(BURST, PER_SECOND, now));
            return Duration.ofNanos(bucket.take(now));
        }
    }
}

package io.asyncgateway.samples.chat;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * How fast something may be said on this node: by each user, over all the user's connections, so that a new connection is no new allowance; and by all users
 * of one network together, since a client that makes up a new key is a new user. Bounded: who has not said anything for longest is forgotten. Safe for use
 * from any thread.
 */
final class Speakers {
    /** Nobody reads faster, and a paste in pieces fits. */
    static final int BURST = 10;

    static final double PER_SECOND = 5;

    /** A network is as fast as ten users who never stop: an office behind one address, where people read too, is slower. */
    static final int NETWORK_BURST = 10 * BURST;

    static final double NETWORK_PER_SECOND = 10 * PER_SECOND;

    private static final int KEPT = 10_000;

    private final Map<String, TokenBucket> users = new Recent<>();
    private final Map<Network, TokenBucket> networks = new Recent<>();

    /** Keeps those that were asked for last. */
    private static final class Recent<K> extends LinkedHashMap<K, TokenBucket> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, TokenBucket> eldest) {
            return size() > KEPT;
        }
    }

    /**
     * Counts a message: how long to wait before it may be said; zero if it may be said now. One that has to wait is not counted.
     *
     * @param client where the user's connection comes from; {@code null} if that is not known, and then only the user is looked at
     */
    Duration speak(User user, @Nullable SocketAddress client) {
        Network network = Network.of(client);
        synchronized (this) {
            long now = Schedulers.parallel().now(TimeUnit.NANOSECONDS);
            TokenBucket own = users.computeIfAbsent(user.id(), id -> new TokenBucket(BURST, PER_SECOND, now));
            if (network == null) {
                return Duration.ofNanos(own.take(now));
            }
            TokenBucket shared =
                    networks.computeIfAbsent(network, name -> new TokenBucket(NETWORK_BURST, NETWORK_PER_SECOND, now));
            long wait = Math.max(own.due(now), shared.due(now));
            if (wait == 0) {
                own.take(now);
                shared.take(now);
            }
            return Duration.ofNanos(wait);
        }
    }
}

package io.asyncgateway.websocket.redis;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * All that this node is subscribed to, by sharded pub/sub: each channel once, at the server that has its slot. After an outage everything is subscribed again,
 * what was added or dropped meanwhile included. Any thread may call; the rest runs in one serial.
 */
final class Subscriptions implements SubscriberLink.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    private static final long REFRESH_MILLIS = 200;

    private final Topology topology;
    private final RedisOptions options;
    private final Consumer<Boolean> ready;
    private final Serial serial = new Serial();
    private final ConcurrentHashMap<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final Map<String, SubscriberLink> links = new HashMap<>();
    /** Those that no server takes at present. */
    private final Set<Subscription> homeless = new HashSet<>();

    private final Disposable.Swap refresh = Disposables.swap();
    private final Disposable changes;
    private boolean refreshing;
    private boolean closed;

    /**
     * No subscriptions.
     *
     * @param topology which server has what
     * @param options times
     * @param ready told when something that was subscribed no longer is, and when all is again; before the first word all is well. Within the serial, maybe several times in a row
     */
    Subscriptions(Topology topology, RedisOptions options, Consumer<Boolean> ready) {
        this.topology = topology;
        this.options = options;
        this.ready = ready;
        this.changes = topology.onChange(() -> serial.execute(this::assignAll));
    }

    /** Subscribes; there must be none to the channel. */
    Subscription subscribe(String channel, Subscription.Handler handler) {
        Subscription subscription = new Subscription(channel, handler);
        subscriptions.put(channel, subscription);
        serial.execute(() -> assign(subscription));
        return subscription;
    }

    void unsubscribe(Subscription subscription) {
        subscriptions.remove(subscription.channel, subscription);
        serial.execute(() -> {
            homeless.remove(subscription);
            SubscriberLink link = subscription.link;
            if (link != null) {
                subscription.link = null;
                link.drop(subscription);
            }
            subscription.settle();
        });
    }

    /** Completes when messages arrive; at once while that needs a reconnect. */
    Mono<Void> whenSettled(Subscription subscription) {
        return Mono.create(sink -> serial.execute(() -> {
            SubscriberLink link = subscription.link;
            if (closed || subscription.isActive() || link == null || link.isUnreachable()) {
                sink.success();
            } else {
                subscription.whenSettled(sink);
            }
        }));
    }

    /** Completes when what is sent to a channel from now on does not arrive, if the channel is unsubscribed; at once while there is no connection. */
    Mono<Void> whenGone(String channel) {
        return Mono.create(sink -> serial.execute(() -> {
            Topology.Server server = topology.server(channel);
            SubscriberLink link = server == null ? null : links.get(server.name());
            if (link == null) {
                sink.success();
            } else {
                link.whenGone(channel, sink);
            }
        }));
    }

    private void assignAll() {
        if (!closed) {
            subscriptions.values().forEach(this::assign);
            links.values().removeIf(link -> {
                boolean unused = link.isUnused();
                if (unused) {
                    link.close();
                }
                return unused;
            });
            tell();
        }
    }

    private void assign(Subscription subscription) {
        if (closed || subscriptions.get(subscription.channel) != subscription) {
            return;
        }
        SubscriberLink to = link(topology.server(subscription.channel));
        SubscriberLink from = subscription.link;
        if (to != null && to == from) {
            return;
        }
        if (from != null) {
            from.drop(subscription);
            subscription.interrupt();
        }
        subscription.link = to;
        if (to == null) {
            homeless.add(subscription);
            subscription.settle();
            tell();
            refreshSoon();
        } else {
            homeless.remove(subscription);
            to.want(subscription);
        }
    }

    private @Nullable SubscriberLink link(Topology.@Nullable Server server) {
        if (server == null) {
            return null;
        }
        return links.computeIfAbsent(server.name(), name -> {
            SubscriberLink link = new SubscriberLink(server, options, serial, this);
            link.start();
            return link;
        });
    }

    @Override
    public void message(String channel, byte[] message) {
        Subscription subscription = subscriptions.get(channel);
        if (subscription != null) {
            subscription.handler.message(message);
        }
    }

    @Override
    public void moved(Subscription subscription) {
        subscription.link = null;
        homeless.add(subscription);
        tell();
        refreshSoon();
    }

    @Override
    public void changed(boolean reachable) {
        tell();
        if (!reachable) {
            refreshSoon();
        }
    }

    private void tell() {
        ready.accept(!closed && homeless.isEmpty() && links.values().stream().allMatch(SubscriberLink::isReady));
    }

    /** Asks for the servers' state, one question at a time and not in a rush, until everything has its place. */
    private void refreshSoon() {
        if (refreshing || closed) {
            return;
        }
        refreshing = true;
        refresh.update(Schedulers.parallel()
                .schedule(
                        () -> Answers.whenDone(
                                topology.refresh(),
                                (done, failure) -> serial.execute(() -> {
                                    refreshing = false;
                                    if (failure != null) {
                                        LOG.debug("redis: no topology", failure);
                                    }
                                    assignAll();
                                })),
                        REFRESH_MILLIS,
                        TimeUnit.MILLISECONDS));
    }

    void close() {
        serial.execute(() -> {
            closed = true;
            changes.dispose();
            refresh.dispose();
            links.values().forEach(SubscriberLink::stop);
            List.copyOf(subscriptions.values()).forEach(Subscription::settle);
            subscriptions.clear();
            ready.accept(false);
        });
    }
}

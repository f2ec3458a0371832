package io.asyncgateway.websocket.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;

/**
 * The subscriptions at one server. Knows what is wanted, and brings the server there: again after each reconnect, a bounded number of commands at a time. Runs in
 * the serial of {@link Subscriptions}, but for the messages.
 *
 * <pre>
 *            want              sent                confirmed
 *   (none) ───────► IDLE ─────────────► SENT ──────────────────► SUBSCRIBED
 *                    ▲                                               │ drop
 *                    └───────── confirmed, wanted again ── LEAVING ◄─┘
 *   disconnected: all ─► IDLE, or gone if nobody wants them
 * </pre>
 */
final class SubscriberLink implements Link.Owner<StatefulRedisPubSubConnection<String, byte[]>> {
    /** What {@link Subscriptions} does for its links. */
    interface Owner {
        /** On a thread of the connection. */
        void message(String channel, byte[] message);

        /** The server does not serve the channel (any longer). */
        void moved(Subscription subscription);

        /** {@link #isReady()} or the reachability has changed. */
        void changed(boolean reachable);
    }

    private enum Phase {
        IDLE,
        SENT,
        SUBSCRIBED,
        LEAVING
    }

    private static final class Entry {
        final String channel;
        Phase phase = Phase.IDLE;

        @Nullable
        Subscription wanted;

        /** Those who wait until the server has taken the subscription away. */
        private final List<MonoSink<Void>> waiting = new ArrayList<>(0);

        Entry(String channel) {
            this.channel = channel;
        }

        void gone() {
            List<MonoSink<Void>> told = List.copyOf(waiting);
            waiting.clear();
            told.forEach(MonoSink::success);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    /** Commands that wait for their confirmation. */
    private static final int WINDOW = 256;

    private final Owner owner;
    private final Serial serial;
    private final Link<StatefulRedisPubSubConnection<String, byte[]>> link;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Queue<Entry> idle = new ArrayDeque<>();
    /** What was subscribed before the connection was lost, and is not again yet. */
    private final Set<Entry> restoring = new HashSet<>();

    private final int window;
    private int sent;
    /** An attempt has failed, or the connection was lost, and there is none yet. */
    private boolean unreachable;

    private @Nullable StatefulRedisPubSubConnection<String, byte[]> connection;

    SubscriberLink(Topology.Server server, RedisOptions options, Serial serial, Owner owner) {
        this.owner = owner;
        this.serial = serial;
        this.window = Math.min(WINDOW, Math.max(1, options.requestQueue() / 2));
        this.link = new Link<>(server.name() + " (subscriptions)", server::connect, options, serial, this);
    }

    void start() {
        link.start();
    }

    /** Who waits for a subscription may have to wait for an outage to end. */
    boolean isUnreachable() {
        return unreachable;
    }

    /** Everything that was subscribed before an outage is again. A first connection that is still being made does no harm. */
    boolean isReady() {
        return !unreachable && restoring.isEmpty();
    }

    boolean isUnused() {
        return entries.isEmpty();
    }

    void want(Subscription subscription) {
        Entry entry = entries.computeIfAbsent(subscription.channel, Entry::new);
        entry.wanted = subscription;
        if (subscription.wasInterrupted()) {
            restoring.add(entry);
        }
        if (unreachable) {
            subscription.settle();
        } else if (entry.phase == Phase.IDLE && connection != null) {
            idle.add(entry);
            pump();
        }
    }

    void drop(Subscription subscription) {
        Entry entry = entries.get(subscription.channel);
        if (entry == null || entry.wanted != subscription) {
            return;
        }
        entry.wanted = null;
        restored(entry);
        switch (entry.phase) {
            case IDLE -> entries.remove(entry.channel);
            case SUBSCRIBED -> leave(entry);
            // SENT: when it is confirmed. LEAVING: on its way already.
            default -> {}
        }
    }

    /** Answers when nothing arrives any more that is sent to a channel which nobody wants. */
    void whenGone(String channel, MonoSink<Void> sink) {
        Entry entry = entries.get(channel);
        if (entry == null || entry.wanted != null && entry.phase != Phase.LEAVING) {
            sink.success();
        } else {
            entry.waiting.add(sink);
        }
    }

    private void restored(Entry entry) {
        if (restoring.remove(entry) && restoring.isEmpty()) {
            owner.changed(true);
        }
    }

    private void pump() {
        StatefulRedisPubSubConnection<String, byte[]> to = connection;
        while (to != null && sent < window) {
            Entry entry = idle.poll();
            if (entry == null) {
                return;
            }
            if (entry.phase == Phase.IDLE && entry.wanted != null) {
                entry.phase = Phase.SENT;
                sent++;
                whenFailed(to, to.async().ssubscribe(entry.channel), failure -> notSubscribed(entry, failure));
            }
        }
    }

    private void leave(Entry entry) {
        StatefulRedisPubSubConnection<String, byte[]> to = connection;
        if (to != null) {
            entry.phase = Phase.LEAVING;
            whenFailed(to, to.async().sunsubscribe(entry.channel), failure -> left(entry.channel));
        }
    }

    private void whenFailed(
            StatefulRedisPubSubConnection<String, byte[]> on, CompletionStage<Void> answer, Consumer<Throwable> then) {
        Answers.whenDone(answer, (nothing, failure) -> {
            if (failure != null) {
                serial.execute(() -> {
                    if (connection == on) {
                        then.accept(failure);
                    }
                });
            }
        });
    }

    private void notSubscribed(Entry entry, Throwable failure) {
        if (entry.phase != Phase.SENT) {
            return;
        }
        sent--;
        entry.phase = Phase.IDLE;
        LOG.debug("redis: no subscription to {}", entry.channel, failure);
        String text = String.valueOf(failure.getMessage());
        if (text.startsWith("MOVED")
                || text.startsWith("ASK")
                || text.startsWith("CLUSTERDOWN")
                || text.startsWith("TRYAGAIN")) {
            moved(entry);
        } else {
            // Without an answer, or refused for a cause that only time or an operator can mend: all over again, with a
            // pause.
            link.renew("no subscription to " + entry.channel + ": " + Failures.text(failure));
        }
        pump();
    }

    private void moved(Entry entry) {
        Subscription subscription = entry.wanted;
        entries.remove(entry.channel);
        entry.gone();
        restored(entry);
        if (subscription != null) {
            subscription.interrupt();
            owner.moved(subscription);
        }
    }

    private void confirmed(String channel) {
        Entry entry = entries.get(channel);
        if (entry == null || entry.phase != Phase.SENT) {
            return;
        }
        sent--;
        entry.phase = Phase.SUBSCRIBED;
        if (entry.wanted != null) {
            entry.wanted.activate();
        } else {
            leave(entry);
        }
        restored(entry);
        pump();
    }

    private void left(String channel) {
        Entry entry = entries.get(channel);
        if (entry == null) {
            return;
        }
        if (entry.phase == Phase.SUBSCRIBED) {
            // Nobody asked for it: the slot has moved to another server.
            entry.phase = Phase.IDLE;
            moved(entry);
        } else if (entry.phase == Phase.LEAVING) {
            entry.phase = Phase.IDLE;
            entry.gone();
            if (entry.wanted == null) {
                entries.remove(channel);
            } else {
                idle.add(entry);
                pump();
            }
        }
    }

    @Override
    public void connected(StatefulRedisPubSubConnection<String, byte[]> made) {
        connection = made;
        made.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void smessage(String channel, byte[] message) {
                owner.message(channel, message);
            }

            @Override
            public void ssubscribed(String channel, long count) {
                serial.execute(() -> ifPresent(() -> confirmed(channel)));
            }

            @Override
            public void sunsubscribed(String channel, long count) {
                serial.execute(() -> ifPresent(() -> left(channel)));
            }

            private void ifPresent(Runnable task) {
                if (connection == made) {
                    task.run();
                }
            }
        });
        if (unreachable) {
            unreachable = false;
            restoring.addAll(entries.values());
        }
        idle.addAll(entries.values());
        pump();
        owner.changed(true);
    }

    @Override
    public void disconnected() {
        connection = null;
        unreachable = true;
        idle.clear();
        restoring.clear();
        sent = 0;
        for (Entry entry : List.copyOf(entries.values())) {
            entry.phase = Phase.IDLE;
            entry.gone();
            if (entry.wanted == null) {
                entries.remove(entry.channel);
            } else {
                entry.wanted.interrupt();
            }
        }
        owner.changed(false);
    }

    @Override
    public void failed(Throwable failure) {
        unreachable = true;
        owner.changed(false);
        for (Entry entry : entries.values()) {
            if (entry.wanted != null) {
                entry.wanted.settle();
            }
        }
    }

    void close() {
        link.close();
        forget();
    }

    /** As {@link Link#stop}. */
    void stop() {
        link.stop();
        forget();
    }

    private void forget() {
        connection = null;
        entries.values().forEach(Entry::gone);
    }
}

package io.asyncgateway.websocket.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** What this node hears of one pub/sub channel. All but {@code channel} and {@code handler} belong to {@link Subscriptions}' serial. */
final class Subscription {
    /** Told what happens on the channel. Must be quick and must not block. */
    interface Handler {
        /** A message; called on a thread of the connection, in the order in which Redis sent them. */
        void message(byte[] message);

        /** Messages arrive from now on: for the first time, or again after an interruption. */
        default void active() {}

        /** Messages may be lost from now on. */
        default void interrupted() {}
    }

    final String channel;
    final Handler handler;

    @Nullable
    SubscriberLink link;

    private final List<MonoSink<Void>> waiting = new ArrayList<>(0);
    private boolean active;
    private boolean interrupted;

    Subscription(String channel, Handler handler) {
        this.channel = channel;
        this.handler = handler;
    }

    boolean isActive() {
        return active;
    }

    /** It was active before, and is not again yet. */
    boolean wasInterrupted() {
        return interrupted;
    }

    /** Answers when messages arrive, or when it is known that they will only after a reconnect. */
    void whenSettled(MonoSink<Void> sink) {
        waiting.add(sink);
    }

    void activate() {
        active = true;
        interrupted = false;
        handler.active();
        settle();
    }

    void interrupt() {
        if (active) {
            active = false;
            interrupted = true;
            handler.interrupted();
        }
        settle();
    }

    void settle() {
        List<MonoSink<Void>> settled = List.copyOf(waiting);
        waiting.clear();
        settled.forEach(MonoSink::success);
    }
}

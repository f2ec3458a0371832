package io.asyncgateway.server;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * A {@code Mono} that completes for all its subscribers when it is fired, and at once for those that come later. A subscriber that cancels is forgotten, so that
 * a signal of the whole server can be watched by each request. Safe for use from any thread.
 */
final class Signal extends Mono<Void> {
    private final Set<Watcher> watchers = new LinkedHashSet<>();
    private volatile boolean fired;

    boolean isFired() {
        return fired;
    }

    /** Completes the subscribers, on the calling thread. */
    void fire() {
        Queue<Watcher> told;
        synchronized (watchers) {
            if (fired) {
                return;
            }
            fired = true;
            told = new ArrayDeque<>(watchers);
            watchers.clear();
        }
        told.forEach(watcher -> watcher.actual.onComplete());
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        Watcher watcher = new Watcher(actual);
        actual.onSubscribe(watcher);
        boolean late;
        synchronized (watchers) {
            late = fired;
            if (!late && !watcher.cancelled) {
                watchers.add(watcher);
            }
        }
        if (late && !watcher.cancelled) {
            actual.onComplete();
        }
    }

    private final class Watcher implements Subscription {
        final CoreSubscriber<? super Void> actual;
        volatile boolean cancelled;

        Watcher(CoreSubscriber<? super Void> actual) {
            this.actual = actual;
        }

        @Override
        public void request(long n) {
            Operators.validate(n);
        }

        @Override
        public void cancel() {
            cancelled = true;
            synchronized (watchers) {
                watchers.remove(this);
            }
        }
    }
}

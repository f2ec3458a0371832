package io.asyncgateway.websocket.redis;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A yes or no that can be watched. Safe for use from any thread; watchers are told on the thread that changes it, and a slow one hears of the last change alone. */
final class Readiness {
    private final Sinks.Many<Boolean> changes = Sinks.many().replay().latestOrDefault(false);
    private volatile boolean ready;
    private boolean ended;

    boolean get() {
        return ready;
    }

    synchronized void set(boolean value) {
        if (!ended && ready != value) {
            ready = value;
            changes.tryEmitNext(value);
        }
    }

    synchronized void end() {
        set(false);
        ended = true;
        changes.tryEmitComplete();
    }

    Flux<Boolean> changes() {
        return changes.asFlux().distinctUntilChanged();
    }
}

package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.HistoryGapException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;

/**
 * The live messages of a room with a history: its tail, taken up again behind the last message whenever it ends. Messages are delivered by one thread at
 * a time.
 */
final class HistoryFeed {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryFeed.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration MAX_DELAY = Duration.ofSeconds(5);

    /** Where it delivers to. */
    interface Target {
        void deliver(Entry entry);

        void gap(HistoryGapException gap);
    }

    private final History history;
    private final String key;
    private final Scheduler timer;
    private final Target target;
    private final Disposable.Swap current = Disposables.swap();
    private final Disposable.Swap restarting = Disposables.swap();
    private int failures;

    HistoryFeed(History history, String key, Scheduler timer, Target target) {
        this.history = history;
        this.key = key;
        this.timer = timer;
        this.target = target;
    }

    void start(EntryId after) {
        Tail tail = new Tail(after);
        if (current.update(tail)) {
            history.tail(key, after).subscribe(tail);
        }
    }

    void stop() {
        restarting.dispose();
        current.dispose();
    }

    private void restart(EntryId after, Duration delay) {
        restarting.update(timer.schedule(() -> start(after), delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    private Duration nextDelay() {
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(10, failures++));
        return delay.compareTo(MAX_DELAY) < 0 ? delay : MAX_DELAY;
    }

    private final class Tail extends BaseSubscriber<Entry> {
        private EntryId position;

        Tail(EntryId after) {
            position = after;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        protected void hookOnNext(Entry entry) {
            failures = 0;
            position = entry.id();
            target.deliver(entry);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            if (failure instanceof HistoryGapException gap) {
                target.gap(gap);
                restart(gap.resumeAfter(), Duration.ZERO);
                return;
            }
            Duration delay = nextDelay();
            LOG.warn("history of {}: its tail failed, next attempt in {}: {}", key, delay, failure.toString());
            restart(position, delay);
        }

        @Override
        protected void hookOnComplete() {
            restart(position, nextDelay());
        }
    }
}

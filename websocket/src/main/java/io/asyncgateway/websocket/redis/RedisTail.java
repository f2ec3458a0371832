package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.HistoryGapException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One tail of a room: a position in its stream, and at most one page of entries behind it. It reads only what is asked for, after it was told that there may be something
 * new; during an outage it waits for the word that follows. Runs in a serial of its own.
 */
final class RedisTail implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    private static final AtomicLongFieldUpdater<RedisTail> DEMAND =
            AtomicLongFieldUpdater.newUpdater(RedisTail.class, "demand");

    final String room;

    private final RedisTails tails;
    private final StreamReader reader;
    private final AgeLimit age;
    private final CoreSubscriber<? super Entry> actual;
    private final Serial serial = new Serial();
    private final Queue<Entry> page = new ArrayDeque<>(StreamReader.PAGE);
    private volatile long demand;
    private volatile boolean ended;
    /** The last entry that was given out. */
    private EntryId position;
    /** There may be something new. */
    private boolean news = true;

    private boolean reading;

    RedisTail(
            RedisTails tails,
            StreamReader reader,
            AgeLimit age,
            String room,
            EntryId after,
            CoreSubscriber<? super Entry> actual) {
        this.tails = tails;
        this.reader = reader;
        this.age = age;
        this.room = room;
        this.position = after;
        this.actual = actual;
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(DEMAND, this, n);
            serial.execute(this::work);
        }
    }

    @Override
    public void cancel() {
        ended = true;
        tails.detach(this);
    }

    /** There may be something new, or Redis answers again. */
    void wake() {
        serial.execute(() -> {
            news = true;
            work();
        });
    }

    private void work() {
        while (!ended && demand > 0 && !page.isEmpty()) {
            Entry next = page.remove();
            if (age.isExpired(next.id())) {
                // Read again, to learn from where on entries are kept.
                page.clear();
                news = true;
                break;
            }
            position = next.id();
            Operators.produced(DEMAND, this, 1);
            actual.onNext(next);
        }
        if (!ended && demand > 0 && page.isEmpty() && news && !reading) {
            news = false;
            reading = true;
            reader.page(room, position, EntryId.MAX, age.expired())
                    .subscribe(
                            found -> serial.execute(() -> arrived(found)),
                            failure -> serial.execute(() -> notRead(failure)));
        }
    }

    private void arrived(List<Entry> found) {
        reading = false;
        page.addAll(found);
        news |= found.size() == StreamReader.PAGE;
        work();
    }

    private void notRead(Throwable failure) {
        reading = false;
        if (failure instanceof HistoryGapException) {
            end(failure);
        } else {
            LOG.debug("redis: the history of {} could not be read", room, failure);
            work();
        }
    }

    /** Ends the tail from outside. */
    void fail(Throwable failure) {
        serial.execute(() -> end(failure));
    }

    private void end(Throwable failure) {
        if (!ended) {
            cancel();
            actual.onError(failure);
        }
    }
}

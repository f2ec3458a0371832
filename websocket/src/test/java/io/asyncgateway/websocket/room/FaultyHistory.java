package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.HistoryGapException;
import io.asyncgateway.websocket.history.Range;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A history that fails, hangs, and lets its tails fall behind when it is told to. */
final class FaultyHistory implements History {
    private final History inner;
    private final List<Tail> tails = new CopyOnWriteArrayList<>();
    volatile @Nullable RuntimeException fails;
    volatile boolean hangs;
    /** How far entries are dropped between the look for the next range and its being read. */
    volatile @Nullable EntryId drops;

    FaultyHistory(History inner) {
        this.inner = inner;
    }

    /** Tails ask for no more entries. */
    void holdTails() {
        tails.forEach(tail -> tail.held = true);
    }

    void releaseTails() {
        tails.forEach(tail -> {
            tail.held = false;
            tail.request(1);
        });
    }

    void failTails(RuntimeException failure) {
        tails.forEach(tail -> {
            tail.cancel();
            tail.actual.onError(failure);
        });
        tails.clear();
    }

    private <T> Mono<T> faulty(Mono<T> work) {
        return Mono.defer(() -> {
            RuntimeException failure = fails;
            return failure != null ? Mono.error(failure) : hangs ? Mono.never() : work;
        });
    }

    @Override
    public Mono<EntryId> append(String room, ByteBuffer payload) {
        return faulty(inner.append(room, payload));
    }

    @Override
    public Mono<Range> range(String room, @Nullable EntryId after, EntryId through, int limit) {
        return faulty(inner.range(room, after, through, limit)).map(range -> {
            EntryId dropped = drops;
            drops = null;
            EntryId from = after == null ? EntryId.ZERO : after;
            return dropped == null
                    ? range
                    : new Range(Flux.error(new HistoryGapException(room, from, dropped)), range.complete());
        });
    }

    @Override
    public Mono<EntryId> latest(String room) {
        return faulty(inner.latest(room));
    }

    @Override
    public Flux<Entry> tail(String room, EntryId after) {
        return Flux.from(subscriber -> {
            Tail tail = new Tail((CoreSubscriber<? super Entry>) subscriber);
            tails.add(tail);
            inner.tail(room, after).subscribe(tail);
        });
    }

    private static final class Tail extends BaseSubscriber<Entry> {
        private final CoreSubscriber<? super Entry> actual;
        private volatile boolean held;

        Tail(CoreSubscriber<? super Entry> actual) {
            this.actual = actual;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            actual.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {
                    Tail.this.request(1);
                }

                @Override
                public void cancel() {
                    Tail.this.cancel();
                }
            });
        }

        @Override
        protected void hookOnNext(Entry entry) {
            actual.onNext(entry);
            if (!held) {
                request(1);
            }
        }

        @Override
        protected void hookOnError(Throwable failure) {
            actual.onError(failure);
        }
    }
}

package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketMessage;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A {@link JsonRouter} at work in one session: subscriber of its messages, and subscription of the router's result.
 *
 * <pre>
 *   message ──► waiting, while there is room ──► running, while the session and the router allow one more ──► done
 * </pre>
 *
 * <p>{@code work} serializes the decision what is next, from whatever thread, and turns the recursion of handlers that complete at once into a loop. What
 * several threads change is guarded by the lock.
 */
final class Routing implements CoreSubscriber<WebSocketMessage>, Subscription, HandlerLimit.Waiter {
    private static final Logger LOG = LoggerFactory.getLogger(Routing.class);

    private static final AtomicIntegerFieldUpdater<Routing> WORK =
            AtomicIntegerFieldUpdater.newUpdater(Routing.class, "work");

    private final JsonRouter router;
    private final WebSocketSession session;
    private final CoreSubscriber<? super Void> actual;
    private final Object lock = new Object();

    @SuppressWarnings("UnusedVariable") // By its updater.
    private volatile int work;

    private Subscription messages = Operators.emptySubscription();

    // Guarded by the lock
    private final ArrayDeque<WebSocketMessage> waiting = new ArrayDeque<>(2);
    private final Set<Running> running = new HashSet<>(2);
    private long waitingBytes;
    private boolean requested;
    private boolean queuing;
    private boolean permit;
    private boolean exhausted;
    private boolean ended;

    private Routing(JsonRouter router, WebSocketSession session, CoreSubscriber<? super Void> actual) {
        this.router = router;
        this.session = session;
        this.actual = actual;
    }

    static Mono<Void> of(JsonRouter router, WebSocketSession session) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> actual) {
                session.messages().subscribe(new Routing(router, session, actual));
            }
        };
    }

    // ------------------------------------------------------------------------------------------------ messages

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        messages = subscription;
        actual.onSubscribe(this);
        work();
    }

    @Override
    public void onNext(WebSocketMessage message) {
        synchronized (lock) {
            requested = false;
            if (!ended) {
                waiting.add(message);
                waitingBytes += message.size();
            }
        }
        work();
    }

    @Override
    public void onComplete() {
        synchronized (lock) {
            exhausted = true;
        }
        work();
    }

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    // ------------------------------------------------------------------------------------------------ work

    private void work() {
        if (WORK.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            while (step()) {
                // one thing each
            }
            missed = WORK.addAndGet(this, -missed);
        } while (missed != 0);
    }

    /** Does one thing; false if there is nothing to do now. */
    private boolean step() {
        Running next = null;
        boolean request = false;
        boolean complete = false;
        synchronized (lock) {
            if (ended) {
                return false;
            }
            if (mayRun()) {
                next = start();
            } else if (mayRequest()) {
                requested = true;
                request = true;
            } else if (exhausted && waiting.isEmpty() && running.isEmpty()) {
                ended = true;
                complete = true;
            }
        }
        if (next != null) {
            next.run();
        } else if (request) {
            messages.request(1);
        } else if (complete) {
            actual.onComplete();
        }
        return next != null || request;
    }

    /** Whether a message may go to its handler now; asks for a permit where one is missing. */
    private boolean mayRun() {
        if (waiting.isEmpty() || running.size() >= router.atOnce || queuing) {
            return false;
        }
        if (!permit) {
            permit = router.limit.acquire(this);
            queuing = !permit;
        }
        return permit;
    }

    private Running start() {
        permit = false;
        WebSocketMessage message = waiting.remove();
        waitingBytes -= message.size();
        Running next = new Running(this, message);
        running.add(next);
        return next;
    }

    private boolean mayRequest() {
        return !requested
                && !exhausted
                && waiting.size() < router.readAheadMessages
                && waitingBytes < router.readAheadBytes;
    }

    @Override
    public void granted() {
        boolean unwanted;
        synchronized (lock) {
            queuing = false;
            unwanted = ended;
            permit = !unwanted;
        }
        if (unwanted) {
            router.limit.release();
        } else {
            work();
        }
    }

    private void done(Running message) {
        synchronized (lock) {
            running.remove(message);
        }
        router.limit.release();
        work();
    }

    // ------------------------------------------------------------------------------------------------ the end

    private void fail(Throwable failure) {
        if (end()) {
            actual.onError(failure);
        } else {
            late(failure);
        }
    }

    private static void late(Throwable failure) {
        LOG.debug("a handler failed after its session had ended", failure);
    }

    /** There is nothing to ask for. */
    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        end();
    }

    /** Stops everything; false if it had been stopped. */
    private boolean end() {
        List<Running> cancelled;
        boolean unused;
        synchronized (lock) {
            if (ended) {
                return false;
            }
            ended = true;
            waiting.clear();
            cancelled = List.copyOf(running);
            running.clear();
            unused = permit;
            permit = false;
            if (queuing) {
                queuing = !router.limit.leave(this);
            }
        }
        messages.cancel();
        cancelled.forEach(Running::cancel);
        if (unused) {
            router.limit.release();
        }
        return true;
    }

    /** One message with its handler, and then with what answers the handler's failure. */
    private static final class Running implements CoreSubscriber<Void> {
        private static final AtomicReferenceFieldUpdater<Running, Subscription> CURRENT =
                AtomicReferenceFieldUpdater.newUpdater(Running.class, Subscription.class, "current");

        private static final AtomicIntegerFieldUpdater<Running> OVER =
                AtomicIntegerFieldUpdater.newUpdater(Running.class, "over");

        private final Routing routing;
        private final WebSocketMessage message;

        @SuppressWarnings("UnusedVariable") // By its updater.
        private volatile @Nullable Subscription current;

        @SuppressWarnings("UnusedVariable") // By its updater.
        private volatile int over;

        private boolean recovering;

        Running(Routing routing, WebSocketMessage message) {
            this.routing = routing;
            this.message = message;
        }

        void run() {
            Mono<Void> handling;
            try {
                handling = routing.router.route(routing.session, message);
            } catch (Throwable failure) {
                Exceptions.throwIfFatal(failure);
                onError(failure);
                return;
            }
            subscribe(handling);
        }

        private void subscribe(@Nullable Mono<Void> work) {
            if (work == null) {
                onError(new NullPointerException("a handler returned null (expected: a Mono)"));
            } else {
                work.subscribe(this);
            }
        }

        @Override
        public Context currentContext() {
            return routing.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.replace(CURRENT, this, subscription)) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Void nothing) {}

        @Override
        public void onError(Throwable failure) {
            if (current == Operators.cancelledSubscription()) {
                late(failure);
                return;
            }
            Mono<Void> answer = recovering ? null : answer(failure);
            recovering = true;
            if (answer != null) {
                answer.subscribe(this);
            } else {
                routing.fail(failure);
            }
        }

        private @Nullable Mono<Void> answer(Throwable failure) {
            try {
                return routing.router.recover(routing.session, failure);
            } catch (RuntimeException worse) {
                return Mono.error(worse);
            }
        }

        @Override
        public void onComplete() {
            if (OVER.compareAndSet(this, 0, 1)) {
                routing.done(this);
            }
        }

        void cancel() {
            Operators.terminate(CURRENT, this);
            if (OVER.compareAndSet(this, 0, 1)) {
                routing.router.limit.release();
            }
        }
    }
}

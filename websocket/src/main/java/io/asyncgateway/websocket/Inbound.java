package io.asyncgateway.websocket;

import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What comes in in one session. Pulls one event at a time: while the subscriber of the messages has demand, and, once the WebSocket is about to end, to the end,
 * to learn how it ended; messages that nobody asks for then are thrown away. A message whose subscriber has left waits here for the next one.
 *
 * <p>{@code work} serializes it all, from whatever thread, and turns the recursion of a pull that answers at once into a loop. What it guards says so.
 */
final class Inbound extends Flux<WebSocketMessage> implements CoreSubscriber<ReceiveEvent> {
    /** What the session does about it. */
    interface Owner {
        /** The WebSocket has ended. */
        void ended(CloseStatus status);

        /** Nothing can be received any more. */
        void failed(Throwable failure);
    }

    private static final AtomicIntegerFieldUpdater<Inbound> WORK =
            AtomicIntegerFieldUpdater.newUpdater(Inbound.class, "work");

    private static final AtomicReferenceFieldUpdater<Inbound, Messages> SUBSCRIBER =
            AtomicReferenceFieldUpdater.newUpdater(Inbound.class, Messages.class, "subscriber");

    private final Owner owner;
    private final Receive receive;

    @SuppressWarnings("UnusedVariable") // By its updater.
    private volatile int work;

    private volatile @Nullable Messages subscriber;
    private volatile boolean ending;
    private volatile @Nullable Throwable failure;
    private volatile boolean ended;

    // Of the pull that is outstanding; handed over by work.
    private volatile boolean pulling;
    private @Nullable WebSocketMessage message;
    private volatile @Nullable CloseStatus status;
    private boolean answered;

    Inbound(Owner owner, Receive receive) {
        this.owner = owner;
        this.receive = receive;
    }

    /** The WebSocket is about to end: what comes is of interest only as far as somebody asks for it. */
    void expectEnd() {
        ending = true;
        work();
    }

    /** How the WebSocket ended, as far as that is known. */
    @Nullable
    CloseStatus status() {
        return status;
    }

    /** Whether what the peer sends is read. */
    boolean isPulling() {
        return pulling;
    }

    /** The session is over; nothing is pulled any more. */
    void end(@Nullable Throwable cause) {
        if (!ended) {
            failure = cause;
            ended = true;
            work();
        }
    }

    // ------------------------------------------------------------------------------------------------ messages

    @Override
    public void subscribe(CoreSubscriber<? super WebSocketMessage> actual) {
        Messages messages = new Messages(this, actual);
        if (!SUBSCRIBER.compareAndSet(this, null, messages)) {
            Operators.error(
                    actual, new IllegalStateException("messages: a second subscriber (expected: one at a time)"));
            return;
        }
        actual.onSubscribe(messages);
        messages.begun = true;
        work();
    }

    private void work() {
        if (WORK.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            while (step()) {
                // one event each
            }
            missed = WORK.addAndGet(this, -missed);
        } while (missed != 0);
    }

    /** Does one thing; false if there is nothing to do now. */
    private boolean step() {
        Messages to = subscriber;
        if (to != null && !to.begun) {
            return false;
        }
        boolean wanted = to != null && to.wants();
        if (!pulling && message != null) {
            return hand(message, wanted ? to : null);
        }
        if (ended) {
            if (to != null) {
                to.end(failure);
            }
            return false;
        }
        if (pulling) {
            return false;
        }
        CloseStatus last = status;
        if (last != null) {
            tellEnd(last, to);
            return true;
        }
        if (wanted || ending) {
            pulling = true;
            answered = false;
            pull();
            return true;
        }
        return false;
    }

    /** Hands a message to who wants it, or throws it away where nobody will; else it waits. */
    private boolean hand(WebSocketMessage next, @Nullable Messages to) {
        if (to == null && !ending && !ended) {
            return false;
        }
        message = null;
        if (to != null) {
            to.emit(next);
        }
        return true;
    }

    /** The subscriber is told before the session is, which cancels its work. */
    private void tellEnd(CloseStatus last, @Nullable Messages to) {
        ended = true;
        if (to != null) {
            to.end(null);
        }
        owner.ended(last);
    }

    // ------------------------------------------------------------------------------------------------ pulls

    private void pull() {
        try {
            receive.receive().subscribe(this);
        } catch (RuntimeException broken) {
            onError(broken);
        }
    }

    @Override
    public Context currentContext() {
        return Context.empty();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ReceiveEvent event) {
        answered = true;
        if (event instanceof WebSocketEvent.Receive received) {
            message = received.message();
        } else if (event instanceof WebSocketEvent.Disconnect last) {
            status = new CloseStatus(last.code(), last.reason());
        }
    }

    @Override
    public void onError(Throwable broken) {
        pulling = false;
        owner.failed(broken);
    }

    @Override
    public void onComplete() {
        if (!answered) {
            onError(new IllegalStateException("receive completed without an event"));
            return;
        }
        pulling = false;
        work();
    }

    /** One subscription of the messages. */
    private static final class Messages implements Subscription {
        private static final AtomicLongFieldUpdater<Messages> DEMAND =
                AtomicLongFieldUpdater.newUpdater(Messages.class, "demand");

        private final Inbound inbound;
        private final CoreSubscriber<? super WebSocketMessage> actual;
        private volatile long demand;
        private volatile boolean begun;
        private volatile boolean over;

        Messages(Inbound inbound, CoreSubscriber<? super WebSocketMessage> actual) {
            this.inbound = inbound;
            this.actual = actual;
        }

        boolean wants() {
            return demand != 0 && !over;
        }

        void emit(WebSocketMessage message) {
            Operators.produced(DEMAND, this, 1);
            actual.onNext(message);
        }

        void end(@Nullable Throwable failure) {
            if (over) {
                return;
            }
            over = true;
            SUBSCRIBER.compareAndSet(inbound, this, null);
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                Operators.addCap(DEMAND, this, n);
                inbound.work();
            }
        }

        @Override
        public void cancel() {
            over = true;
            SUBSCRIBER.compareAndSet(inbound, this, null);
        }
    }
}

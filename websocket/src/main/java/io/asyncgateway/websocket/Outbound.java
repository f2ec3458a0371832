package io.asyncgateway.websocket;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * What goes out in one session: many sources, and one send at a time, as the contract wants it. The hot path of every broadcast.
 *
 * <p>A source that gets its first message stands itself at the end of the row of those that are ready, at most once. Whoever finds nobody at work takes
 * the work: it takes the first source out of the row, one message out of the source, puts the source back at the end if it has more, sends the message with
 * this object as its subscriber, and goes on when the send completes, on whatever thread that is. So there is one short lock for an
 * offer and one for a completion, no operator, and nothing allocated but what the transport's {@code send} does. A send off the event loop costs the server a
 * task there; it completes on the event loop, which then goes on with what has come meanwhile.
 *
 * <p>{@code phase} turns the recursion of sends that complete at once into a loop. It holds the number of the send and what has become of it:
 *
 * <pre>
 *   SUBSCRIBING   subscribe returns               RETURNED   the completion goes on
 *   SUBSCRIBING   completes on the same thread    DONE       the loop goes on
 *   SUBSCRIBING   completes on another thread     TAKEN      that thread goes on, the loop ends: nobody is kept at work by others
 *   RETURNED      completes                                  the completing thread goes on
 * </pre>
 *
 * <p>The lock guards the sources, the row and the life; {@code ticket}, {@code current} and {@code subscriber} belong to whoever is at work.
 *
 * <pre>
 *   OPEN      close                             CLOSING   what waits leaves, and then the close frame; nothing new is taken
 *   OPEN      close at once (a queue's policy)  CLOSING   what waits is given up
 *   CLOSING   close frame handed over           CLOSED
 *   any       the session has ended             CLOSED    what waits is given up
 * </pre>
 */
final class Outbound implements CoreSubscriber<Void> {
    private enum Life {
        OPEN,
        CLOSING,
        CLOSED
    }

    /** What the session does about it. */
    interface Owner {
        WebSocketSession session();

        /** A close has begun; its frame may have to wait. */
        void closing(WebSocketEvent.Close close);

        /** The close frame was taken by the transport. */
        void closeSent();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Outbound.class);

    private static final AtomicLongFieldUpdater<Outbound> PHASE =
            AtomicLongFieldUpdater.newUpdater(Outbound.class, "phase");

    private static final int SUBSCRIBING = 0;
    private static final int RETURNED = 1;
    private static final int DONE = 2;
    private static final int TAKEN = 3;

    private final Owner owner;
    private final Send send;
    private final Object lock = new Object();

    // Guarded by the lock
    private final DirectSends direct;
    private final int maxQueues;
    private final Set<BoundedQueue> queues = new HashSet<>(4);
    private final ArrayDeque<OutboundSource> ready = new ArrayDeque<>(4);
    private Life life = Life.OPEN;
    private WebSocketEvent.@Nullable Close close;
    private boolean busy;

    // Of whoever is at work
    private @Nullable OutboundSource current;
    private boolean closeOnItsWay;
    private boolean taken;
    private long ticket;
    private @Nullable Thread subscriber;

    private volatile long phase;

    Outbound(Owner owner, Send send, SessionOptions options) {
        this.owner = owner;
        this.send = send;
        this.direct = new DirectSends(options.maxPendingSends(), options.maxPendingBytes());
        this.maxQueues = options.maxQueues();
    }

    WebSocketSession session() {
        return owner.session();
    }

    // ------------------------------------------------------------------------------------------------ queues

    OutboundQueue open(QueueOptions options) {
        BoundedQueue queue = new BoundedQueue(this, options);
        synchronized (lock) {
            if (life != Life.OPEN) {
                queue.discard();
            } else if (queues.size() >= maxQueues) {
                throw new IllegalStateException("queues: " + queues.size() + " are open (expected: at most " + maxQueues
                        + " in a session, SessionOptions.maxQueues)");
            } else {
                queues.add(queue);
            }
        }
        return queue;
    }

    boolean offer(BoundedQueue queue, WebSocketEvent.Send message, int bytes) {
        List<WebSocketEvent.Send> victims = null;
        boolean accepted = true;
        boolean strikes = false;
        boolean work;
        synchronized (lock) {
            queue.countOffer();
            if (queue.closed()) {
                queue.countDiscard();
                return false;
            }
            if (!queue.fits(bytes)) {
                switch (queue.options.policy()) {
                    case DROP_OLDEST -> victims = queue.makeRoom(bytes);
                    case DROP_NEWEST -> accepted = false;
                    case DISCONNECT -> {
                        accepted = false;
                        strikes = true;
                    }
                }
            }
            if (accepted) {
                queue.add(message, bytes);
                work = list(queue);
            } else {
                queue.countDrop();
                work = false;
            }
        }
        if (work) {
            work();
        }
        if (strikes) {
            close(queue.options.close(), true);
        }
        if (!accepted) {
            tell(queue, message);
        } else if (victims != null) {
            victims.forEach(victim -> tell(queue, victim));
        }
        return accepted;
    }

    private static void tell(BoundedQueue queue, WebSocketEvent.Send victim) {
        try {
            queue.options.observer().dropped(queue, victim);
        } catch (RuntimeException failure) {
            LOG.error("an observer of drops failed", failure);
        }
    }

    void resume(BoundedQueue queue) {
        boolean work;
        synchronized (lock) {
            queue.unpause();
            work = list(queue);
        }
        if (work) {
            work();
        }
    }

    void close(BoundedQueue queue) {
        synchronized (lock) {
            queue.discard();
            queues.remove(queue);
            unlist(queue);
        }
    }

    boolean isClosed(BoundedQueue queue) {
        synchronized (lock) {
            return queue.closed();
        }
    }

    QueueStatistics statistics(BoundedQueue queue) {
        synchronized (lock) {
            return queue.count();
        }
    }

    // ----------------------------------------------------------------------------------------------- the session's own
    // sends

    void enqueue(DirectSend message) {
        RuntimeException refusal = null;
        boolean work = false;
        synchronized (lock) {
            if (life != Life.OPEN) {
                refusal = new DisconnectedException();
            } else if (!direct.add(message)) {
                refusal = direct.overflow(message);
            } else {
                work = list(direct);
            }
        }
        if (refusal != null) {
            message.fail(refusal);
        } else if (work) {
            work();
        }
    }

    /** A send was cancelled. Where it is on its way it stays there. */
    void withdraw(DirectSend message) {
        synchronized (lock) {
            direct.remove(message);
        }
    }

    // ------------------------------------------------------------------------------------------------ closing

    boolean isClosed() {
        synchronized (lock) {
            return life != Life.OPEN;
        }
    }

    /**
     * Begins to close, unless that has begun.
     *
     * @param atOnce whether what waits is given up
     */
    void close(WebSocketEvent.Close event, boolean atOnce) {
        List<DirectSend> unsent = List.of();
        boolean work;
        synchronized (lock) {
            if (life != Life.OPEN) {
                return;
            }
            life = Life.CLOSING;
            close = event;
            if (atOnce) {
                unsent = giveUp();
            } else {
                queues.forEach(BoundedQueue::refuse);
            }
            work = !busy;
            busy = true;
        }
        unsent.forEach(send -> send.fail(new DisconnectedException()));
        owner.closing(event);
        if (work) {
            work();
        }
    }

    /** The session has ended. */
    void end() {
        List<DirectSend> unsent;
        synchronized (lock) {
            life = Life.CLOSED;
            unsent = giveUp();
            queues.clear();
        }
        unsent.forEach(send -> send.fail(new DisconnectedException()));
    }

    private List<DirectSend> giveUp() {
        queues.forEach(BoundedQueue::discard);
        ready.forEach(source -> source.listed = false);
        ready.clear();
        return direct.removeAll();
    }

    // ------------------------------------------------------------------------------------------------ work

    /** Puts a source into the row if it has something; returns whether the caller has to work. With the lock. */
    private boolean list(OutboundSource source) {
        if (source.listed || !source.isReady()) {
            return false;
        }
        source.listed = true;
        ready.add(source);
        boolean idle = !busy;
        busy = true;
        return idle;
    }

    private void unlist(OutboundSource source) {
        if (source.listed) {
            source.listed = false;
            ready.remove(source);
        }
    }

    /** Sends until there is nothing to send, or a send does not complete at once. One thread at a time, which {@code busy} holds. */
    private void work() {
        while (true) {
            SendEvent event;
            synchronized (lock) {
                settle();
                event = next();
                if (event == null) {
                    busy = false;
                    return;
                }
            }
            long mine = ++ticket << 2;
            subscriber = Thread.currentThread();
            PHASE.lazySet(this, mine | SUBSCRIBING);
            subscribe(event);
            if (PHASE.compareAndSet(this, mine | SUBSCRIBING, mine | RETURNED) || phase != (mine | DONE)) {
                return;
            }
        }
    }

    private void subscribe(SendEvent event) {
        Mono<Void> result;
        try {
            result = send.send(event);
        } catch (RuntimeException failure) {
            onError(failure);
            return;
        }
        result.subscribe(this);
    }

    /** The next event in turn; with the lock. */
    private @Nullable SendEvent next() {
        if (life == Life.CLOSED) {
            return null;
        }
        OutboundSource source = ready.poll();
        while (source != null) {
            SendEvent event = source.poll();
            source.listed = source.isReady();
            if (source.listed) {
                ready.add(source);
            }
            if (event != null) {
                current = source;
                return event;
            }
            source = ready.poll();
        }
        if (life == Life.CLOSING) {
            life = Life.CLOSED;
            closeOnItsWay = true;
            return close;
        }
        return null;
    }

    private void settle() {
        OutboundSource source = current;
        if (source != null) {
            current = null;
            source.settle(taken);
        }
    }

    private void completed(@Nullable Throwable failure) {
        taken = failure == null;
        if (closeOnItsWay) {
            closeOnItsWay = false;
            owner.closeSent();
        } else if (current == direct) {
            answer(failure);
        } else if (failure != null && !(failure instanceof DisconnectedException)) {
            LOG.warn("a message of a queue was not sent", failure);
        }
        if (failure instanceof DisconnectedException) {
            end();
        }
        long mine = ticket << 2;
        if (phase == (mine | SUBSCRIBING)) {
            if (subscriber == Thread.currentThread()) {
                phase = mine | DONE;
                return;
            }
            PHASE.compareAndSet(this, mine | SUBSCRIBING, mine | TAKEN);
        }
        work();
    }

    private void answer(@Nullable Throwable failure) {
        DirectSend message;
        synchronized (lock) {
            message = direct.onItsWay();
        }
        if (message == null) {
            return;
        }
        if (failure == null) {
            message.complete();
        } else {
            message.fail(failure);
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
    public void onNext(Void nothing) {}

    @Override
    public void onError(Throwable failure) {
        completed(failure);
    }

    @Override
    public void onComplete() {
        completed(null);
    }
}

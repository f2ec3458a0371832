package io.asyncgateway.websocket.room;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.websocket.OutboundQueue;
import io.asyncgateway.websocket.QueueOptions;
import io.asyncgateway.websocket.QueueStatistics;
import io.asyncgateway.websocket.WebSocketSession;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * A member on this node. Its life is guarded by its monitor, which is held while room and presence are told, so that they never hear of a leave before the
 * join; nothing foreign is called with it.
 *
 * <pre>
 *   JOINING   enters            IN      gets messages; others see it
 *   IN        is handed over    IN      to who asked for it: from now on that one decides, or the end of the session
 *   JOINING   fails, leaves     OUT
 *   IN        leaves            OUT     others see that; the queue is closed
 * </pre>
 */
final class LocalMember implements Member {
    private enum Life {
        JOINING,
        IN,
        OUT
    }

    private static final QueueStatistics NO_QUEUE = new QueueStatistics(0, 0, 0, 0, 0, 0);

    private final ActiveRoom room;
    private final WebSocketSession session;
    private final JoinOptions options;
    private final MemberInfo info;
    private final Disposable.Swap endOfSession = Disposables.swap();

    /** Messages up to here are not for its queue. Set before it is seen, with the lock of {@link Membership}. */
    EntryId seen = EntryId.ZERO;

    // Written with the monitor; the queue also before the member is seen by others.
    private @Nullable OutboundQueue queue;
    private Life life = Life.JOINING;
    private boolean handedOver;
    private volatile Replay replay = Replay.NONE;

    LocalMember(ActiveRoom room, String id, WebSocketSession session, JoinOptions options) {
        this.room = room;
        this.session = session;
        this.options = options;
        this.info = new MemberInfo(id, options.name(), options.info());
    }

    // ------------------------------------------------------------------------------------------------ joining

    Mono<Member> join() {
        room.reserve(this);
        endOfSession.update(session.closed().subscribe(status -> leave(), failure -> leave(), this::leave));
        History history = room.history();
        if (history == null) {
            enter(null);
            return Mono.just(handOver());
        }
        return new Replayer(room, history, this, options).run().map(sent -> {
            replay = sent;
            outbound().resume();
            return handOver();
        });
    }

    /** Becomes a member that has got the history up to {@code sent}; returns where live messages begin. */
    EntryId enter(@Nullable EntryId sent) {
        EntryId position;
        synchronized (this) {
            if (life != Life.JOINING) {
                throw new DisconnectedException();
            }
            queue = session.openQueue(queueOptions());
            position = room.membership().enter(this, sent);
            life = Life.IN;
            room.presence().joined(info);
        }
        room.counters().joined();
        room.presence().flush();
        return position;
    }

    private QueueOptions queueOptions() {
        QueueOptions bounds = room.queueOptions(options);
        return bounds.withPaused(room.history() != null).withObserver((full, message) -> {
            room.counters().dropped(bounds.policy());
            bounds.observer().dropped(full, message);
        });
    }

    private synchronized Member handOver() {
        handedOver = true;
        return this;
    }

    /** The join was cancelled, or has failed. */
    void abandon() {
        boolean unfinished;
        synchronized (this) {
            unfinished = !handedOver;
        }
        if (unfinished) {
            leave();
        }
    }

    @Override
    public void leave() {
        Life before;
        synchronized (this) {
            before = life;
            if (before == Life.OUT) {
                return;
            }
            life = Life.OUT;
            room.membership().remove(this);
            if (before == Life.IN) {
                room.presence().left(info);
            }
        }
        endOfSession.dispose();
        if (before == Life.IN) {
            outbound().close();
            room.counters().left();
            room.presence().flush();
        }
        room.release();
    }

    // ------------------------------------------------------------------------------------------------ what it is

    /** The queue of one that has entered. */
    OutboundQueue outbound() {
        return Objects.requireNonNull(queue, "queue");
    }

    boolean hasSeen(@Nullable EntryId id) {
        return id != null && !id.isAfter(seen);
    }

    @Override
    public MemberInfo info() {
        return info;
    }

    @Override
    public Room room() {
        return room.handle();
    }

    @Override
    public WebSocketSession session() {
        return session;
    }

    @Override
    public Replay replay() {
        return replay;
    }

    @Override
    public synchronized boolean hasLeft() {
        return life == Life.OUT;
    }

    @Override
    public synchronized QueueStatistics queue() {
        return queue == null ? NO_QUEUE : queue.statistics();
    }
}

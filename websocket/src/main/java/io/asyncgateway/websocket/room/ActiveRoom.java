package io.asyncgateway.websocket.room;

import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.QueueOptions;
import io.asyncgateway.websocket.WebSocketSession;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.history.Entry;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.HistoryGapException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * A room in use on this node: its members, its ears at the channel layer and the history, and what it knows of other nodes.
 *
 * <p>Joins and subscribers to presence are its uses. It is opened for the first, and released when there has been none for a while:
 *
 * <pre>
 *   IN_USE     last use ends      IDLE       the grace period runs
 *   IDLE       a use begins       IN_USE
 *   IDLE       grace is over      RELEASED   channel and tail are closed; whoever wants the room makes a new one
 *   any        open fails, close  RELEASED
 * </pre>
 *
 * <p>Safe for use from any thread; {@code lock} guards the uses.
 */
final class ActiveRoom implements Presence.Link, HistoryFeed.Target {
    private enum Life {
        IN_USE,
        IDLE,
        RELEASED
    }

    /** A message as members get it. */
    record Outgoing(WebSocketEvent.Send event, @Nullable String except) {}

    private static final Logger LOG = LoggerFactory.getLogger(ActiveRoom.class);

    private final Rooms rooms;
    private final RoomsOptions options;
    private final RoomHandle handle;
    private final String key;
    private final Membership membership;
    private final Presence presence;
    private final RoomCounters counters;
    private final GroupChannel channel;
    private final @Nullable HistoryFeed feed;
    private final Mono<Void> opened;

    private final Object lock = new Object();
    private final Disposable.Swap grace = Disposables.swap();
    private Life life = Life.IN_USE;
    private int uses;

    ActiveRoom(Rooms rooms, RoomsOptions options, RoomHandle handle, int activation) {
        this.rooms = rooms;
        this.options = options;
        this.handle = handle;
        this.key = options.key(handle.name());
        this.membership = new Membership(handle.name(), options.maxMembers());
        this.presence = new Presence(rooms.node(), activation, options.maxRemoteMembers(), this);
        this.counters = new RoomCounters(rooms.counters());
        this.channel = new GroupChannel(options.layer(), key, options.timer(), this::hear);
        History history = options.history();
        this.feed = history == null ? null : new HistoryFeed(history, key, options.timer(), this);
        this.opened = inTime(Mono.defer(this::open))
                .doOnError(failure -> releaseNow())
                .cache();
    }

    // ------------------------------------------------------------------------------------------------ its life

    private Mono<Void> open() {
        return rooms.nodes()
                .start()
                .then(channel.open())
                .then(Mono.defer(this::openHistory))
                .then(Mono.fromRunnable(presence::requestAll));
    }

    private Mono<Void> openHistory() {
        HistoryFeed tail = feed;
        if (tail == null) {
            return Mono.empty();
        }
        return Objects.requireNonNull(history())
                .latest(key)
                .doOnNext(position -> {
                    membership.moveTo(position);
                    tail.start(position);
                })
                .then();
    }

    /** With the time limit of what others have to do. */
    <T> Mono<T> inTime(Mono<T> work) {
        return work.timeout(options.openTimeout(), options.timer());
    }

    /** Completes when the room hears everything that is broadcast from now on. */
    Mono<Void> opened() {
        return opened;
    }

    /** Begins a use; {@code false} where the room is released. */
    boolean acquire() {
        synchronized (lock) {
            if (life == Life.RELEASED) {
                return false;
            }
            uses++;
            life = Life.IN_USE;
        }
        grace.update(Disposables.disposed());
        return true;
    }

    /** Ends a use. */
    void release() {
        synchronized (lock) {
            uses--;
            if (uses > 0 || life == Life.RELEASED) {
                return;
            }
            life = Life.IDLE;
        }
        if (options.idleGrace().isZero()) {
            releaseIfIdle();
        } else {
            grace.update(options.timer()
                    .schedule(this::releaseIfIdle, options.idleGrace().toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void releaseIfIdle() {
        synchronized (lock) {
            if (life != Life.IDLE) {
                return;
            }
            life = Life.RELEASED;
        }
        tearDown();
    }

    private void releaseNow() {
        synchronized (lock) {
            if (life == Life.RELEASED) {
                return;
            }
            life = Life.RELEASED;
        }
        tearDown();
    }

    private void tearDown() {
        grace.dispose();
        rooms.forget(this);
        channel.close();
        if (feed != null) {
            feed.stop();
        }
        if ((int) presence.version() != 0) {
            rooms.nodes().released(name(), presence.version());
        }
    }

    /** Everybody leaves. */
    void close() {
        synchronized (lock) {
            if (life == Life.RELEASED) {
                return;
            }
            life = Life.RELEASED;
        }
        // Whoever is about to join looks at the life behind its reservation.
        membership.everybody().forEach(LocalMember::leave);
        presence.complete();
        tearDown();
    }

    /** Keeps a place for a member, in a room that was not closed meanwhile. */
    void reserve(LocalMember member) {
        membership.reserve(member);
        synchronized (lock) {
            if (life == Life.RELEASED) {
                throw rooms.closedException();
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ members

    Mono<Member> join(String memberId, WebSocketSession session, JoinOptions joinOptions) {
        LocalMember member = new LocalMember(this, memberId, session, joinOptions);
        return opened.then(Mono.defer(member::join))
                .doOnError(failure -> member.abandon())
                .doOnCancel(member::abandon);
    }

    QueueOptions queueOptions(JoinOptions joinOptions) {
        QueueOptions own = joinOptions.queue();
        return own == null ? options.queue() : own;
    }

    // ------------------------------------------------------------------------------------------------ messages

    /** What comes by the channel layer: messages that are not kept, and what nodes tell each other. */
    private void hear(ByteBuffer octets) {
        try {
            if (Envelope.isControl(octets)) {
                ControlMessage message = ControlCodec.decode(octets);
                rooms.nodes().heard(message.node());
                presence.receive(message);
                return;
            }
        } catch (RuntimeException malformed) {
            malformed(malformed);
            return;
        }
        deliver(null, octets);
    }

    @Override
    public void deliver(Entry entry) {
        deliver(entry.id(), entry.payload());
    }

    private void deliver(@Nullable EntryId id, ByteBuffer octets) {
        Outgoing message = encode(id, octets);
        if (message != null) {
            counters.delivered(membership.deliver(id, message.event(), message.except()));
        } else if (id != null) {
            membership.moveTo(id);
        }
    }

    /** Makes what members get; null where that is not possible, which is counted. */
    @Nullable
    Outgoing encode(@Nullable EntryId id, ByteBuffer octets) {
        try {
            Envelope envelope = Envelope.decode(octets);
            WebSocketMessage message = options.encoder().encode(id, envelope.message());
            return new Outgoing(new WebSocketEvent.Send(message), envelope.except());
        } catch (RuntimeException malformed) {
            malformed(malformed);
            return null;
        }
    }

    private void malformed(RuntimeException failure) {
        long soFar = counters.malformed();
        if (Long.bitCount(soFar) == 1) {
            LOG.warn("room {}: message {} that could not be read or encoded: {}", name(), soFar, failure.toString());
        }
    }

    @Override
    public void gap(HistoryGapException gap) {
        counters.gap();
        LOG.warn("{}", gap.getMessage());
        WebSocketMessage notice;
        try {
            notice = options.encoder().gap(gap.after(), gap.resumeAfter());
        } catch (RuntimeException failure) {
            malformed(failure);
            notice = null;
        }
        if (notice == null) {
            membership.moveTo(gap.resumeAfter());
        } else {
            membership.deliver(gap.resumeAfter(), new WebSocketEvent.Send(notice), null);
        }
    }

    // ------------------------------------------------------------------------------------------------ other nodes

    @Override
    public String replyTo() {
        return channel.name();
    }

    @Override
    public Mono<Void> toRoom(ControlMessage message) {
        return layer().groupSend(key, ControlCodec.encode(message));
    }

    @Override
    public Mono<Void> to(String target, ControlMessage message) {
        return layer().send(target, ControlCodec.encode(message));
    }

    // ------------------------------------------------------------------------------------------------ what it has

    private ChannelLayer layer() {
        return options.layer();
    }

    String name() {
        return handle.name();
    }

    RoomHandle handle() {
        return handle;
    }

    /** The name of its group and of its history. */
    String key() {
        return key;
    }

    @Nullable
    History history() {
        return options.history();
    }

    Membership membership() {
        return membership;
    }

    Presence presence() {
        return presence;
    }

    RoomCounters counters() {
        return counters;
    }

    RoomStatistics statistics() {
        return counters.statistics(membership.size(), presence.remoteMembers());
    }
}

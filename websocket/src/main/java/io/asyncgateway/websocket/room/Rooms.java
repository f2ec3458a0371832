package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.QueueOptions;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.channel.ChannelNames;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.room.RoomException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The rooms of a service on this node: who joins one hears what is broadcast in it, on whatever node.
 *
 * <pre>{@code
 * Rooms rooms = Rooms.builder()
 *         .history(InMemoryHistory.builder().maxAge(Duration.ofMinutes(10)).build())
 *         .encoder(RoomEncoder.jsonWithId())
 *         .build();
 * Room lobby = rooms.room("lobby");
 *
 * WebSocketService chat = WebSocketService.of(session -> lobby.join(session)
 *         .flatMap(member -> session.messages()
 *                 .concatMap(message -> lobby.broadcast(message), 1)
 *                 .then()));
 * }</pre>
 *
 * <p>A member leaves by itself when its session ends. A room costs something on a node only while it has members or subscribers there, and for a short
 * {@linkplain Builder#idleGrace grace} afterwards: one channel in one group, and with a history one tail.
 *
 * <p>Safe for use from any thread. Make one for a service, and {@linkplain #close() close} it when that ends.
 */
public final class Rooms {
    /** A room with thousands of members has bursts: all leave at once when a proxy in front of them ends. */
    private static final ChannelLayerOptions BURSTS =
            ChannelLayerOptions.defaults().withCapacity(10_000);

    private final RoomsOptions options;
    private final boolean ownsLayer;
    private final String node = ChannelNames.newNode();
    private final ConcurrentMap<String, ActiveRoom> active = new ConcurrentHashMap<>();
    private final AtomicInteger activeCount = new AtomicInteger();
    private final AtomicInteger activations = new AtomicInteger();
    private final AtomicLong memberIds = new AtomicLong();
    private final RoomCounters counters = new RoomCounters(null);
    private final Nodes nodes;
    private volatile boolean closed;

    private Rooms(RoomsOptions options, boolean ownsLayer) {
        this.options = options;
        this.ownsLayer = ownsLayer;
        this.nodes = new Nodes(
                node,
                options.layer(),
                options.key(".nodes"),
                options.digestInterval(),
                options.timer(),
                active.values(),
                active::get);
    }

    /**
     * Rooms of one node without a history, with the defaults.
     *
     * @return new rooms
     */
    public static Rooms inMemory() {
        return builder().build();
    }

    /**
     * Begins rooms with other options.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A room. It needs no making: everybody who says the same name means the same room.
     *
     * @param name ASCII letters, digits, {@code -}, {@code _} and {@code .}, but no {@code .} at its beginning; with the
     *     {@linkplain Builder#prefix prefix} at most {@value ChannelNames#MAX_LENGTH} characters, so by default 95
     * @return the room
     * @throws IllegalArgumentException if that is no name
     */
    public Room room(String name) {
        if (!RoomNames.isName(name, options.prefix())) {
            throw RoomNames.invalid(name, options.prefix());
        }
        return new RoomHandle(this, options, name);
    }

    /**
     * How many rooms are in use on this node, with those in their grace period.
     *
     * @return the number
     */
    public int size() {
        return activeCount.get();
    }

    /**
     * The counters of all rooms of this node together.
     *
     * @return a snapshot
     */
    public RoomStatistics statistics() {
        int members = 0;
        int remoteMembers = 0;
        for (ActiveRoom room : active.values()) {
            members += room.membership().size();
            remoteMembers += room.presence().remoteMembers();
        }
        return counters.statistics(members, remoteMembers);
    }

    /**
     * Ends the rooms: all members of this node leave, their sessions go on; other nodes are told; whatever is asked of a room afterwards fails with
     * {@link RoomException}. A channel layer and a history that were given stay open. A second call does nothing.
     *
     * @return completes when everything is released
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            synchronized (this) {
                if (closed) {
                    return Mono.empty();
                }
                closed = true;
            }
            new ArrayList<>(active.values()).forEach(ActiveRoom::close);
            nodes.close();
            return ownsLayer ? options.layer().close() : Mono.empty();
        });
    }

    // ------------------------------------------------------------------------------------------------ for rooms

    /** The room behind a name, for one use more; the first use makes it. */
    ActiveRoom acquire(RoomHandle handle) {
        while (true) {
            if (closed) {
                throw closedException();
            }
            ActiveRoom room = active.computeIfAbsent(handle.name(), name -> activate(handle));
            if (room.acquire()) {
                if (closed) {
                    room.close();
                    throw closedException();
                }
                return room;
            }
            forget(room);
        }
    }

    private ActiveRoom activate(RoomHandle handle) {
        if (activeCount.incrementAndGet() > options.maxRooms()) {
            activeCount.decrementAndGet();
            throw new RoomException(
                    Reason.TOO_MANY_ROOMS,
                    "room " + handle.name() + ": " + options.maxRooms()
                            + " rooms are in use on this node (expected: at most that, Rooms.Builder.maxRooms)");
        }
        return new ActiveRoom(this, options, handle, activations.incrementAndGet());
    }

    void forget(ActiveRoom room) {
        if (active.remove(room.name(), room)) {
            activeCount.decrementAndGet();
        }
    }

    @Nullable
    ActiveRoom active(String name) {
        return active.get(name);
    }

    boolean isClosed() {
        return closed;
    }

    RoomException closedException() {
        return new RoomException(Reason.CLOSED, "rooms: closed");
    }

    String node() {
        return node;
    }

    String newMemberId() {
        return node + "." + Long.toString(memberIds.incrementAndGet(), Character.MAX_RADIX);
    }

    Nodes nodes() {
        return nodes;
    }

    RoomCounters counters() {
        return counters;
    }

    /** Builds rooms. Not safe for use from several threads. */
    public static final class Builder {
        private @Nullable ChannelLayer layer;
        private @Nullable History history;
        private RoomEncoder encoder = RoomEncoder.asIs();
        private QueueOptions queue = QueueOptions.defaults();
        private String prefix = "room.";
        private int maxRooms = 10_000;
        private int maxMembers = 10_000;
        private int maxRemoteMembers = 10_000;
        private Duration idleGrace = Duration.ofSeconds(10);
        private Duration digestInterval = Duration.ofSeconds(5);
        private Duration openTimeout = Duration.ofSeconds(10);
        private Scheduler timer = Schedulers.parallel();

        private Builder() {}

        /**
         * What carries messages between the nodes. By default one in memory, which is closed with the rooms; one that is given is not. All messages to
         * one room on one node, presence included, pass one channel of it, so its {@linkplain ChannelLayerOptions#capacity() capacity} bounds the burst
         * that a room survives without drops; the default here is 10,000 messages or 4 MiB.
         *
         * @param carrier the layer; all nodes of a service need the same kind, the same broker and the same {@linkplain #prefix prefix}
         * @return this
         */
        public Builder layer(ChannelLayer carrier) {
            layer = Objects.requireNonNull(carrier, "carrier");
            return this;
        }

        /**
         * What keeps the messages of the past, for replay and resume. None by default. With a history the log is what is delivered: a broadcast appends to it,
         * and each node reads its end for its members.
         *
         * @param log the history; all nodes of a service need the same
         * @return this
         */
        public Builder history(History log) {
            history = Objects.requireNonNull(log, "log");
            return this;
        }

        /**
         * How members learn the ids of messages. {@link RoomEncoder#asIs()} by default.
         *
         * @param ids the encoder; all nodes of a service need the same
         * @return this
         */
        public Builder encoder(RoomEncoder ids) {
            encoder = Objects.requireNonNull(ids, "ids");
            return this;
        }

        /**
         * The bounds and policy of each member's queue. {@link QueueOptions#defaults()} by default: 64 messages, 1 MiB, disconnect with 1008.
         *
         * @param bounds the options; its {@linkplain QueueOptions#observer() observer} is told of each message that a policy drops;
         *     {@link QueueOptions#paused()} is the rooms' business
         * @return this
         */
        public Builder queue(QueueOptions bounds) {
            queue = Objects.requireNonNull(bounds, "bounds");
            return this;
        }

        /**
         * What the names of the rooms' groups and histories begin with, so that they don't meet others in the same layer. {@code room.} by default.
         *
         * @param start 0 to 20 ASCII letters, digits, {@code -}, {@code _} and {@code .}
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder prefix(String start) {
            prefix = RoomNames.requirePrefix(start);
            return this;
        }

        /**
         * The most rooms in use on this node. 10,000 by default.
         *
         * @param rooms 1 or more
         * @return this
         */
        public Builder maxRooms(int rooms) {
            maxRooms = atLeastOne("maxRooms", rooms);
            return this;
        }

        /**
         * The most members of a room on this node. 10,000 by default.
         *
         * @param members 1 or more
         * @return this
         */
        public Builder maxMembers(int members) {
            maxMembers = atLeastOne("maxMembers", members);
            return this;
        }

        /**
         * The most members of a room on other nodes that this node knows of. Past it some are missing in {@link Room#members()}; what is broadcast they get all
         * the same. 10,000 by default.
         *
         * @param members 1 or more
         * @return this
         */
        public Builder maxRemoteMembers(int members) {
            maxRemoteMembers = atLeastOne("maxRemoteMembers", members);
            return this;
        }

        /**
         * How long a room without members and subscribers stays in use on this node, so that one who comes and goes does not make it subscribe each
         * time. 10 s by default.
         *
         * @param time zero or more
         * @return this
         */
        public Builder idleGrace(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("idleGrace: " + time + " (expected: >= 0)");
            }
            idleGrace = time;
            return this;
        }

        /**
         * How often this node gives a sign of life, by which others notice what they missed. A node that is silent for three of them is gone, with
         * all its members. 5 s by default; all nodes of a service need about the same.
         *
         * @param interval at least 1 ms
         * @return this
         */
        public Builder digestInterval(Duration interval) {
            digestInterval = atLeastOneMillisecond("digestInterval", interval);
            return this;
        }

        /**
         * How long a join waits for the channel layer, and for each answer of the history. 10 s by default.
         *
         * @param timeout at least 1 ms
         * @return this
         */
        public Builder openTimeout(Duration timeout) {
            openTimeout = atLeastOneMillisecond("openTimeout", timeout);
            return this;
        }

        /**
         * Where timers run. {@link Schedulers#parallel()} by default; a test gives one of virtual time.
         *
         * @param scheduler the scheduler
         * @return this
         */
        public Builder timer(Scheduler scheduler) {
            timer = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /**
         * The rooms.
         *
         * @return new rooms; later calls of this builder don't change them
         */
        public Rooms build() {
            ChannelLayer given = layer;
            return new Rooms(
                    new RoomsOptions(
                            given == null ? ChannelLayer.inMemory(BURSTS) : given,
                            history,
                            encoder,
                            queue,
                            prefix,
                            maxRooms,
                            maxMembers,
                            maxRemoteMembers,
                            idleGrace,
                            digestInterval,
                            openTimeout,
                            timer),
                    given == null);
        }

        private static int atLeastOne(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
            }
            return value;
        }

        private static Duration atLeastOneMillisecond(String name, Duration value) {
            if (value.toMillis() < 1) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1 ms)");
            }
            return value;
        }
    }
}

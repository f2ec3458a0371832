package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.room.ControlMessage.Bye;
import io.asyncgateway.websocket.room.ControlMessage.Digest;
import io.asyncgateway.websocket.room.ControlMessage.Hello;
import io.asyncgateway.websocket.room.ControlMessage.Resync;
import io.asyncgateway.websocket.room.ControlMessage.RoomVersion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps the nodes' views of each other's rooms right, at a price that does not grow with quiet rooms: every interval one digest, which is a sign of life and
 * lists the versions of the rooms that changed in the last three, and of a few others in turn.
 *
 * <p>A node that is silent for three intervals is gone with all its members. While the layer is not ready nobody is; when it is ready again, everybody
 * compares anew.
 *
 * <p>It begins with the first room in use. One lock guards what is known of other nodes, and is held for no call.
 */
final class Nodes {
    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

    private static final int SILENT_DIGESTS = 3;
    private static final int MAX_NODES = 1_000;
    private static final int MAX_RELEASED = 10_000;
    private static final int ROOMS_IN_A_DIGEST = 500;
    private static final int ROOMS_IN_TURN = 100;

    private final String self;
    private final ChannelLayer layer;
    private final String group;
    private final Duration interval;
    private final Scheduler timer;
    private final Collection<ActiveRoom> rooms;
    private final Function<String, @Nullable ActiveRoom> roomNamed;
    private final GroupChannel channel;
    private final Disposable.Composite running = Disposables.composite();

    // Guarded by this
    private final Map<String, Long> lastHeard = new HashMap<>();
    private final Map<String, Released> released = new LinkedHashMap<>();
    private long ticks;
    private boolean started;
    private boolean wasReady = true;

    private Iterator<ActiveRoom> inTurn = List.<ActiveRoom>of().iterator();

    /** A room that is in use no more: what it was at last, and in how many digests it still belongs. */
    private record Released(long version, int digestsDue) {}

    Nodes(
            String self,
            ChannelLayer layer,
            String group,
            Duration interval,
            Scheduler timer,
            Collection<ActiveRoom> rooms,
            Function<String, @Nullable ActiveRoom> roomNamed) {
        this.self = self;
        this.layer = layer;
        this.group = group;
        this.interval = interval;
        this.timer = timer;
        this.rooms = rooms;
        this.roomNamed = roomNamed;
        this.channel = new GroupChannel(layer, group, timer, this::receive);
    }

    /** Begins, the first time that it is called. */
    Mono<Void> start() {
        return Mono.defer(() -> {
            synchronized (this) {
                if (started) {
                    return Mono.empty();
                }
                started = true;
            }
            return channel.open().doOnSuccess(nothing -> run()).doOnError(failure -> startAgain());
        });
    }

    private void run() {
        running.add(layer.readiness().subscribe(this::readiness, failure -> {}));
        running.add(timer.schedulePeriodically(
                this::tick, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS));
    }

    private synchronized void startAgain() {
        started = false;
    }

    void close() {
        running.dispose();
        send(new Bye(self));
        channel.close();
    }

    /** A room is in use no more. Others may still believe that it has members here, if they missed the last change. */
    synchronized void released(String room, long version) {
        if (released.size() < MAX_RELEASED) {
            released.put(room, new Released(version, Presence.DIGESTS_AFTER_CHANGE));
        }
    }

    // ------------------------------------------------------------------------------------------------ what is heard

    private void receive(ByteBuffer octets) {
        ControlMessage message;
        try {
            message = ControlCodec.decode(octets);
        } catch (IllegalArgumentException malformed) {
            LOG.warn("group {}: {}", group, malformed.getMessage());
            return;
        }
        if (message.node().equals(self)) {
            return;
        }
        if (message instanceof Bye) {
            gone(message.node());
            return;
        }
        heard(message.node());
        if (message instanceof Digest digest) {
            for (RoomVersion version : digest.rooms()) {
                ActiveRoom room = roomNamed.apply(version.room());
                if (room != null) {
                    room.presence().digest(digest.node(), version.version());
                }
            }
        } else if (message instanceof Resync) {
            rooms.forEach(room -> room.presence().doubt(message.node()));
            rooms.forEach(room -> room.presence().digestDue());
        } else if (message instanceof Hello) {
            rooms.forEach(room -> room.presence().digestDue());
        }
    }

    /** A sign of life, also if it came to a room alone: a node that says no more is missed from then on, though it never sent a digest. */
    void heard(String node) {
        if (!node.equals(self) && isNew(node)) {
            send(new Hello(self));
        }
    }

    private synchronized boolean isNew(String node) {
        boolean isNew = !lastHeard.containsKey(node);
        if (!isNew || lastHeard.size() < MAX_NODES) {
            lastHeard.put(node, ticks);
        }
        return isNew;
    }

    private void gone(String node) {
        synchronized (this) {
            lastHeard.remove(node);
        }
        rooms.forEach(room -> room.presence().gone(node));
    }

    private void readiness(boolean ready) {
        synchronized (this) {
            boolean again = ready && !wasReady;
            wasReady = ready;
            if (!again) {
                return;
            }
            lastHeard.replaceAll((node, heard) -> ticks);
        }
        send(new Resync(self));
        rooms.forEach(room -> room.presence().doubtAll());
    }

    // ------------------------------------------------------------------------------------------------ what is said

    private void tick() {
        try {
            if (layer.isReady()) {
                silentNodes().forEach(this::gone);
                sendDigests();
            }
        } catch (RuntimeException failure) {
            // A timer's task that fails is not run again.
            LOG.error("digest of rooms", failure);
        }
    }

    private synchronized List<String> silentNodes() {
        ticks++;
        List<String> silent = new ArrayList<>();
        lastHeard.forEach((node, heard) -> {
            if (ticks - heard > SILENT_DIGESTS) {
                silent.add(node);
            }
        });
        return silent;
    }

    private void sendDigests() {
        Map<String, Long> versions = new LinkedHashMap<>();
        synchronized (this) {
            released.forEach((room, last) -> versions.put(room, last.version()));
            released.replaceAll((room, last) -> new Released(last.version(), last.digestsDue() - 1));
            released.values().removeIf(last -> last.digestsDue() <= 0);
        }
        boolean silent = versions.isEmpty() && rooms.isEmpty();
        for (ActiveRoom room : rooms) {
            if (room.presence().tick()) {
                versions.put(room.name(), room.presence().version());
            }
        }
        if (!inTurn.hasNext()) {
            inTurn = rooms.iterator();
        }
        for (int i = 0; i < ROOMS_IN_TURN && inTurn.hasNext(); i++) {
            ActiveRoom room = inTurn.next();
            versions.put(room.name(), room.presence().version());
        }
        if (!silent) {
            send(versions);
        }
    }

    private void send(Map<String, Long> versions) {
        List<RoomVersion> all = new ArrayList<>(versions.size());
        versions.forEach((room, version) -> all.add(new RoomVersion(room, version)));
        List<Digest> digests = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(all.size(), from + ROOMS_IN_A_DIGEST);
            digests.add(new Digest(self, List.copyOf(all.subList(from, to))));
            from = to;
        } while (from < all.size());
        Flux.fromIterable(digests)
                .concatMap(digest -> layer.groupSend(group, ControlCodec.encode(digest)), 1)
                .subscribe(nothing -> {}, failure -> LOG.debug("digest of rooms: not sent", failure));
    }

    /** Without waiting: what gets lost is made good by the next digests. */
    private void send(ControlMessage message) {
        layer.groupSend(group, ControlCodec.encode(message)).subscribe(nothing -> {}, failure -> {});
    }
}

package io.asyncgateway.websocket.room;

import io.asyncgateway.websocket.room.ControlMessage.Change;
import io.asyncgateway.websocket.room.ControlMessage.Changes;
import io.asyncgateway.websocket.room.ControlMessage.Snapshot;
import io.asyncgateway.websocket.room.ControlMessage.SnapshotRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Who is in one room, on this node and on others.
 *
 * <p>Each node counts the joins and leaves of its own members: that is the version of its part of the room. It announces them in order, several at a time
 * where they come faster than the layer takes them. The others apply a change that follows on the version that they have, and ask for a snapshot where one
 * is missing. What makes them notice, even when the last change of all got lost, are the digests of {@link Nodes}.
 *
 * <p>One lock guards all of it and is held for no call to anybody else: what is to be sent and told is collected, and leaves by {@link #flush()}.
 */
final class Presence {
    /** Above it a node's changes are no longer worth sending: a snapshot is. */
    private static final int MAX_UNANNOUNCED = 1_000;

    private static final int MAX_BATCH = 100;
    private static final int BATCH_CHARACTERS = 8_192;
    private static final int MAX_NODES = 1_000;

    /** In so many digests a change is repeated. */
    static final int DIGESTS_AFTER_CHANGE = 3;

    /** Digests until a node that was asked, or doubted, has to have said something about the room. */
    private static final int PATIENCE = 2;

    private static final PresenceSubscription[] NOBODY = {};

    /** The way to other nodes. */
    interface Link {
        /** The channel on which this room hears. */
        String replyTo();

        Mono<Void> toRoom(ControlMessage message);

        Mono<Void> to(String channel, ControlMessage message);
    }

    private final String self;
    private final int maxRemoteMembers;
    private final Link link;
    private final Object lock = new Object();

    private final Map<String, MemberInfo> local = new LinkedHashMap<>();
    private final Map<String, RemoteNode> remote = new LinkedHashMap<>();
    private final ArrayDeque<Change> unannounced = new ArrayDeque<>();
    private final List<String> asks = new ArrayList<>();
    private PresenceSubscription[] subscriptions = NOBODY;
    private int remoteMembers;
    private long version;
    private boolean announcing;
    private int digestsDue;

    /** @param activation counts the times that this node began to use a room: the upper half of the version */
    Presence(String self, int activation, int maxRemoteMembers, Link link) {
        this.self = self;
        this.version = (long) activation << 32;
        this.maxRemoteMembers = maxRemoteMembers;
        this.link = link;
    }

    // ------------------------------------------------------------------------------------------------ this node

    /** A member came. To be followed by {@link #flush()}. */
    void joined(MemberInfo member) {
        synchronized (lock) {
            local.put(member.id(), member);
            changed(new Change(member.id(), member));
            tell(new PresenceEvent.Joined(member));
        }
    }

    /** A member went. To be followed by {@link #flush()}. */
    void left(MemberInfo member) {
        synchronized (lock) {
            local.remove(member.id());
            changed(new Change(member.id(), null));
            tell(new PresenceEvent.Left(member));
        }
    }

    private void changed(Change change) {
        version++;
        digestsDue = DIGESTS_AFTER_CHANGE;
        if (unannounced.size() == MAX_UNANNOUNCED) {
            unannounced.clear();
        } else {
            unannounced.add(change);
        }
    }

    List<MemberInfo> members() {
        synchronized (lock) {
            return all();
        }
    }

    /** With the lock. */
    List<MemberInfo> all() {
        List<MemberInfo> all = new ArrayList<>(local.size() + remoteMembers);
        all.addAll(local.values());
        remote.values().forEach(node -> all.addAll(node.members.values()));
        return List.copyOf(all);
    }

    int remoteMembers() {
        synchronized (lock) {
            return remoteMembers;
        }
    }

    long version() {
        synchronized (lock) {
            return version;
        }
    }

    // ------------------------------------------------------------------------------------------------ subscribers

    Flux<PresenceEvent> events() {
        return Flux.from(subscriber -> {
            CoreSubscriber<? super PresenceEvent> actual = Operators.toCoreSubscriber(subscriber);
            PresenceSubscription subscription = new PresenceSubscription(this, actual);
            synchronized (lock) {
                List<PresenceSubscription> more = new ArrayList<>(List.of(subscriptions));
                more.add(subscription);
                subscriptions = more.toArray(NOBODY);
            }
            actual.onSubscribe(subscription);
        });
    }

    @Nullable
    PresenceEvent next(PresenceSubscription subscription) {
        synchronized (lock) {
            return subscription.poll();
        }
    }

    void remove(Subscription subscription) {
        synchronized (lock) {
            List<PresenceSubscription> fewer = new ArrayList<>(List.of(subscriptions));
            fewer.remove(subscription);
            subscriptions = fewer.toArray(NOBODY);
        }
    }

    void complete() {
        for (PresenceSubscription subscription : subscriptions()) {
            subscription.complete();
        }
    }

    private PresenceSubscription[] subscriptions() {
        synchronized (lock) {
            return subscriptions;
        }
    }

    private void tell(PresenceEvent event) {
        for (PresenceSubscription subscription : subscriptions) {
            subscription.add(event);
        }
    }

    // ------------------------------------------------------------------------------------------------ what leaves

    /** Tells subscribers and other nodes what has been collected. Without any lock. */
    void flush() {
        for (PresenceSubscription subscription : subscriptions()) {
            subscription.drain();
        }
        List<String> nodes = List.of();
        boolean announce;
        synchronized (lock) {
            if (!asks.isEmpty()) {
                nodes = List.copyOf(asks);
                asks.clear();
            }
            announce = !announcing && !unannounced.isEmpty();
            announcing |= announce;
        }
        nodes.forEach(this::request);
        if (announce) {
            Mono.defer(this::announce)
                    .onErrorComplete() // The version has gone on, so that others notice.
                    .repeat(this::hasMore)
                    .subscribe();
        }
    }

    private Mono<Void> announce() {
        List<Change> batch = new ArrayList<>();
        long first;
        synchronized (lock) {
            first = version - unannounced.size() + 1;
            int characters = 0;
            while (!unannounced.isEmpty() && batch.size() < MAX_BATCH && characters < BATCH_CHARACTERS) {
                Change change = unannounced.remove();
                batch.add(change);
                characters += size(change.joined());
            }
        }
        return batch.isEmpty() ? Mono.empty() : link.toRoom(new Changes(self, first, batch));
    }

    private static int size(@Nullable MemberInfo member) {
        return member == null ? 0 : member.name().length() + member.info().length();
    }

    private boolean hasMore() {
        synchronized (lock) {
            announcing = !unannounced.isEmpty();
            return announcing;
        }
    }

    private void request(String node) {
        link.toRoom(new SnapshotRequest(self, node, link.replyTo())).subscribe(nothing -> {}, failure -> {});
    }

    /** Asks all other nodes who is there. */
    void requestAll() {
        request("");
    }

    private void reply(String channel) {
        List<Snapshot> parts = new ArrayList<>();
        synchronized (lock) {
            List<List<MemberInfo>> lists = new ArrayList<>(List.of(new ArrayList<>()));
            int characters = 0;
            for (MemberInfo member : local.values()) {
                if (characters >= BATCH_CHARACTERS
                        || lists.get(lists.size() - 1).size() >= MAX_BATCH) {
                    lists.add(new ArrayList<>());
                    characters = 0;
                }
                lists.get(lists.size() - 1).add(member);
                characters += size(member);
            }
            for (int i = 0; i < lists.size(); i++) {
                parts.add(new Snapshot(self, version, i, lists.size(), lists.get(i)));
            }
        }
        Flux.fromIterable(parts).concatMap(part -> link.to(channel, part), 1).subscribe(nothing -> {}, failure -> {});
    }

    // ------------------------------------------------------------------------------------------------ other nodes

    /** Takes what another node said to this room. */
    void receive(ControlMessage message) {
        if (message.node().equals(self)) {
            return;
        }
        if (message instanceof SnapshotRequest request) {
            if (request.of().isEmpty() || request.of().equals(self)) {
                reply(request.replyTo());
            }
            return;
        }
        synchronized (lock) {
            if (message instanceof Changes changes) {
                apply(changes);
            } else if (message instanceof Snapshot snapshot) {
                apply(snapshot);
            }
        }
        flush();
    }

    private void apply(Changes changes) {
        long first = changes.firstVersion();
        long last = first + changes.changes().size() - 1;
        RemoteNode node = node(changes.node());
        if (node == null || last <= node.version) {
            return;
        }
        boolean fromTheBeginning = (int) first == 1;
        if (first > node.version + 1 && !fromTheBeginning) {
            node.wanted = Math.max(node.wanted, last);
            ask(changes.node(), node);
            return;
        }
        if (first > node.version + 1) {
            // Its part of the room has begun anew.
            removeAll(node);
        }
        node.ticksLeft = -1;
        for (int i = 0; i < changes.changes().size(); i++) {
            if (first + i > node.version) {
                apply(node, changes.changes().get(i));
            }
        }
        node.version = last;
    }

    private void apply(RemoteNode node, Change change) {
        MemberInfo joined = change.joined();
        if (joined == null) {
            remove(node, change.id());
        } else {
            add(node, joined);
        }
    }

    private void apply(Snapshot snapshot) {
        RemoteNode node = node(snapshot.node());
        if (node == null || snapshot.version() < node.version) {
            return;
        }
        node.ticksLeft = -1;
        List<MemberInfo> members = node.complete(snapshot, maxRemoteMembers);
        if (members == null) {
            return;
        }
        Map<String, MemberInfo> now = new LinkedHashMap<>();
        members.forEach(member -> now.put(member.id(), member));
        for (String id : List.copyOf(node.members.keySet())) {
            if (!now.containsKey(id)) {
                remove(node, id);
            }
        }
        node.truncated = false;
        now.values().forEach(member -> add(node, member));
        node.version = snapshot.version();
        node.asked = false;
        if (node.wanted > node.version) {
            ask(snapshot.node(), node);
        }
    }

    private void add(RemoteNode node, MemberInfo member) {
        if (node.members.containsKey(member.id())) {
            return;
        }
        if (remoteMembers >= maxRemoteMembers) {
            node.truncated = true;
            return;
        }
        node.members.put(member.id(), member);
        remoteMembers++;
        tell(new PresenceEvent.Joined(member));
    }

    private void remove(RemoteNode node, String id) {
        MemberInfo member = node.members.remove(id);
        if (member != null) {
            remoteMembers--;
            tell(new PresenceEvent.Left(member));
        }
    }

    private void removeAll(RemoteNode node) {
        List.copyOf(node.members.keySet()).forEach(id -> remove(node, id));
    }

    private @Nullable RemoteNode node(String id) {
        RemoteNode known = remote.get(id);
        if (known == null && remote.size() < MAX_NODES) {
            known = new RemoteNode(0);
            known.ticksLeft = PATIENCE;
            remote.put(id, known);
        }
        return known;
    }

    private void ask(String id, RemoteNode node) {
        if (!node.asked) {
            node.asked = true;
            asks.add(id);
        }
        if (node.ticksLeft < 0) {
            node.ticksLeft = PATIENCE;
        }
    }

    // ------------------------------------------------------------------------------------------------ digests

    /** Another node says where it stands. */
    void digest(String id, long theirs) {
        synchronized (lock) {
            RemoteNode node = node(id);
            if (node == null) {
                return;
            }
            boolean roomAgain = node.truncated && remoteMembers < maxRemoteMembers / 10 * 9;
            if (theirs > node.version || roomAgain) {
                node.wanted = Math.max(node.wanted, theirs);
                ask(id, node);
            } else {
                node.ticksLeft = -1;
            }
        }
        flush();
    }

    /** What is known of a node may be wrong. */
    void doubt(String id) {
        synchronized (lock) {
            RemoteNode node = remote.get(id);
            if (node != null) {
                node.ticksLeft = PATIENCE;
                ask(id, node);
            }
        }
        flush();
    }

    /** What is known of all others may be wrong, and what they know of this node too. */
    void doubtAll() {
        synchronized (lock) {
            digestsDue = DIGESTS_AFTER_CHANGE;
            remote.values().forEach(node -> node.ticksLeft = PATIENCE);
        }
        requestAll();
    }

    /** Somebody wants to know where this room stands. */
    void digestDue() {
        synchronized (lock) {
            digestsDue = Math.max(1, digestsDue);
        }
    }

    /** A node is gone. */
    void gone(String id) {
        synchronized (lock) {
            RemoteNode node = remote.remove(id);
            if (node != null) {
                removeAll(node);
            }
        }
        flush();
    }

    /** Time goes on by one digest. Returns whether this room belongs into it. */
    boolean tick() {
        boolean due;
        synchronized (lock) {
            due = digestsDue > 0;
            digestsDue = Math.max(0, digestsDue - 1);
            Iterator<Map.Entry<String, RemoteNode>> nodes = remote.entrySet().iterator();
            while (nodes.hasNext()) {
                Map.Entry<String, RemoteNode> entry = nodes.next();
                RemoteNode node = entry.getValue();
                if (node.ticksLeft == 0) {
                    nodes.remove();
                    removeAll(node);
                    continue;
                }
                node.ticksLeft = Math.max(-1, node.ticksLeft - 1);
                if (node.asked) {
                    asks.add(entry.getKey());
                }
            }
        }
        flush();
        return due;
    }
}

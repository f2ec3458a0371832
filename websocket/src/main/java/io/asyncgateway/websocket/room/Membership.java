package io.asyncgateway.websocket.room;

import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.websocket.WebSocketSession;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.room.RoomException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a room on this node, and how far it has come in its history. The hot path of every broadcast.
 *
 * <p>What makes a join and a broadcast meet without gap or duplicate is that each does one thing under the lock: a broadcast takes the room's position forward and
 * looks who is there; a join looks at the position and adds the member. So either the broadcast has seen the member, or the member has seen the position. The
 * messages are offered without the lock, from an array that is made anew only when somebody has come or gone.
 */
final class Membership {
    private static final LocalMember[] NOBODY = {};

    private final String room;
    private final int maxMembers;
    private final Object lock = new Object();

    // Guarded by the lock
    /** Members, and those about to be. */
    private final Map<WebSocketSession, LocalMember> bySession = new HashMap<>();

    private final Map<String, LocalMember> byId = new LinkedHashMap<>();
    private LocalMember @Nullable [] all = NOBODY;
    private EntryId position = EntryId.ZERO;
    /** Behind it no member has anything that it must not get. */
    private EntryId maxSeen = EntryId.ZERO;

    Membership(String room, int maxMembers) {
        this.room = room;
        this.maxMembers = maxMembers;
    }

    /** Keeps a place for a member. */
    void reserve(LocalMember member) {
        synchronized (lock) {
            if (bySession.containsKey(member.session())) {
                throw new RoomException(Reason.ALREADY_JOINED, "room " + room + ": the session is a member already");
            }
            if (bySession.size() >= maxMembers) {
                throw new RoomException(
                        Reason.ROOM_FULL,
                        "room " + room + ": " + bySession.size() + " members on this node (expected: at most "
                                + maxMembers + ")");
            }
            bySession.put(member.session(), member);
        }
    }

    /**
     * Lets a member in that has a place.
     *
     * @param sent up to where it has got the history
     * @return the position up to which it is not given live messages
     */
    EntryId enter(LocalMember member, @Nullable EntryId sent) {
        synchronized (lock) {
            EntryId seen = sent != null && sent.isAfter(position) ? sent : position;
            member.seen = seen;
            maxSeen = seen.isAfter(maxSeen) ? seen : maxSeen;
            byId.put(member.id(), member);
            all = null;
            return seen;
        }
    }

    void remove(LocalMember member) {
        synchronized (lock) {
            bySession.remove(member.session(), member);
            if (byId.remove(member.id()) != null) {
                all = null;
            }
        }
    }

    int size() {
        synchronized (lock) {
            return byId.size();
        }
    }

    /** Members, and those about to be. */
    List<LocalMember> everybody() {
        synchronized (lock) {
            return new ArrayList<>(bySession.values());
        }
    }

    EntryId position() {
        synchronized (lock) {
            return position;
        }
    }

    void moveTo(EntryId id) {
        synchronized (lock) {
            position = id;
        }
    }

    /**
     * Offers a message to all who are there. Called by one thread at a time for the messages of the history, and by one for those that are not kept.
     *
     * @param id its place in the history, or {@code null}
     * @param except the id of a member that does not get it, or {@code null}
     * @return how many queues took it
     */
    long deliver(@Nullable EntryId id, WebSocketEvent.Send message, @Nullable String except) {
        LocalMember[] members;
        LocalMember leftOut;
        boolean someHaveIt;
        synchronized (lock) {
            if (id != null) {
                position = id;
            }
            someHaveIt = id != null && !id.isAfter(maxSeen);
            members = members();
            leftOut = except == null ? null : byId.get(except);
        }
        long taken = 0;
        for (LocalMember member : members) {
            if (member != leftOut
                    && !(someHaveIt && member.hasSeen(id))
                    && member.outbound().offer(message)) {
                taken++;
            }
        }
        return taken;
    }

    private LocalMember[] members() {
        LocalMember[] known = all;
        if (known == null) {
            known = byId.values().toArray(NOBODY);
            all = known;
        }
        return known;
    }
}

package io.asyncgateway.websocket.room;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.WebSocketSession;
import io.asyncgateway.websocket.history.EntryId;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sessions that hear the same messages, whatever node they are on. Made by {@link Rooms#room}; a name and nothing more until it is used, so it need
 * not be kept or closed.
 *
 * <p><b>Order.</b> All members get the messages of a room in the same order: with a history that of their ids, on all nodes; without one, that of
 * their arrival at the node, in which those of one sender, sent one after the other, keep theirs. Transient messages
 * ({@link #signal}) of a room with a history have no place in that order.
 *
 * <p><b>Slow members.</b> {@link #broadcast} never waits for a member. Each has its own bounded {@linkplain JoinOptions#queue() queue}, and a policy for when it is
 * full.
 *
 * <p><b>With a history</b> each member sees every message once, from what it joins with to what it leaves with, across reconnects too, as long as it comes
 * back with the {@linkplain JoinOptions#lastSeen() last id} that it saw while the history still keeps what came behind. <b>Without one</b> messages come at most
 * once: what the channel layer or a policy drops is counted, and gone.
 *
 * <p>All methods are safe for use from any thread. All {@code Mono}s are cold; each subscription acts once more.
 */
public interface Room {
    /**
     * The name.
     *
     * @return as given to {@link Rooms#room}
     */
    String name();

    /**
     * Joins with {@link JoinOptions#defaults()}. See {@link #join(WebSocketSession, JoinOptions)}.
     *
     * @param session the session
     * @return the member
     */
    default Mono<Member> join(WebSocketSession session) {
        return join(session, JoinOptions.defaults());
    }

    /**
     * Lets a session in. First it is sent what it missed, at the speed of its peer; from then on each message is put into its queue. It leaves by itself
     * when it ends.
     *
     * <p>A session can be in many rooms, but in each once. Where the result is cancelled before it has a value the session is not a member.
     *
     * @param session the session
     * @param options name, last seen id, and how much is replayed
     * @return the member, when the replay is with the transport and what comes live goes out. Fails with {@link RoomException} at a limit; with
     *     {@link io.asyncgateway.api.DisconnectedException} where the session ends before; with the failure of the channel layer or the history, or
     *     {@link java.util.concurrent.TimeoutException}, where those don't answer
     */
    Mono<Member> join(WebSocketSession session, JoinOptions options);

    /**
     * Sends a message to all members on all nodes. A room without members is all right.
     *
     * @param message the message; a binary one's buffer must not be changed until the result has ended
     * @return with a history: the id of the message, once it is kept; without one it completes empty, once the channel layer took it. Fails where that
     *     failed, and then the message may have been sent all the same if the connection to the broker was cut; with
     *     {@link IllegalArgumentException} where it is too large, or not what the {@link RoomEncoder} takes
     */
    Mono<EntryId> broadcast(WebSocketMessage message);

    /**
     * Sends a message to all members but one. Who is left out is a member, not a user: in a replay after a reconnect the message is there.
     *
     * @param except the {@linkplain Member#id() id} of the member that does not get it; on any node
     * @param message the message
     * @return as {@link #broadcast}
     */
    Mono<EntryId> broadcastExcept(String except, WebSocketMessage message);

    /**
     * Sends a message to all members but one. See {@link #broadcastExcept(String, WebSocketMessage)}.
     *
     * @param except who does not get it
     * @param message the message
     * @return as {@link #broadcast}
     */
    default Mono<EntryId> broadcastExcept(Member except, WebSocketMessage message) {
        return broadcastExcept(except.id(), message);
    }

    /**
     * Sends a message that is not kept, also where there is a history: "Ada is typing". It comes at most once.
     *
     * @param message the message
     * @return completes when the channel layer took it, or fails as that does
     */
    Mono<Void> signal(WebSocketMessage message);

    /**
     * Sends a message that is not kept to all members but one.
     *
     * @param except the {@linkplain Member#id() id} of the member that does not get it
     * @param message the message
     * @return as {@link #signal}
     */
    Mono<Void> signalExcept(String except, WebSocketMessage message);

    /**
     * Sends a message that is not kept to all members but one.
     *
     * @param except who does not get it
     * @param message the message
     * @return as {@link #signal}
     */
    default Mono<Void> signalExcept(Member except, WebSocketMessage message) {
        return signalExcept(except.id(), message);
    }

    /**
     * Who is there, on all nodes: first those of this node, in the order in which they came. Of other nodes it is what this node has heard, which after a lost
     * message may take one {@linkplain Rooms.Builder#digestInterval digest} to be right again. It knows of other nodes while the room is in use here: while it has
     * a member on this node or a subscriber to {@link #presence()}.
     *
     * @return a snapshot; empty where the room is not in use on this node
     */
    List<MemberInfo> members();

    /**
     * Who is there, as it changes: first {@link PresenceEvent.Present}, then who comes and goes. Whoever does not take the events fast enough gets another
     * {@code Present} in their place, so that what is buffered is bounded and the last word always right.
     *
     * @return the events; several subscribers each get all. Completes when {@link Rooms#close()} is called
     */
    Flux<PresenceEvent> presence();

    /**
     * The counters of this room on this node.
     *
     * @return a snapshot; all zero where the room is not in use on this node
     */
    RoomStatistics statistics();
}

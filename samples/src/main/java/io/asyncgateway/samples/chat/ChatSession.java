package io.asyncgateway.samples.chat;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.samples.chat.ServerMessage.Connected;
import io.asyncgateway.samples.chat.ServerMessage.Members;
import io.asyncgateway.samples.chat.ServerMessage.Presence;
import io.asyncgateway.websocket.CloseStatus;
import io.asyncgateway.websocket.InvalidMessageException;
import io.asyncgateway.websocket.WebSocketSession;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.room.JoinOptions;
import io.asyncgateway.websocket.room.Member;
import io.asyncgateway.websocket.room.MemberInfo;
import io.asyncgateway.websocket.room.PresenceEvent;
import io.asyncgateway.websocket.room.RoomException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One connection: reads what the client says, strictly one after the other, so that a client that floods is slowed down by its own transport. Its state
 * is confined to that sequence.
 */
final class ChatSession {
    /** In code points, as people count characters more or less. */
    static final int MAX_TEXT = 2_000;

    /** A list that still can be looked over; it bounds the queues of one connection too. */
    static final int MAX_ROOMS = 16;

    /** So many mistakes a client under development may make before it is asked to go. */
    static final int MAX_BAD_MESSAGES = 10;

    /** What a page needs when it comes back to all its rooms at once, and types; then so many a second. */
    private static final int ACTIONS = 60;

    private static final double ACTIONS_PER_SECOND = 10;

    private static final Duration HELLO_WAIT = Duration.ofSeconds(10);

    private final ChatNode node;
    private final WebSocketSession session;
    private final TokenBucket actions = new TokenBucket(ACTIONS, ACTIONS_PER_SECOND, now());
    private final Map<String, Membership> memberships = new HashMap<>();
    private @Nullable User user;
    private int badMessages;

    private record Membership(Member member, Disposable presence) {
        void end() {
            presence.dispose();
            member.leave();
        }
    }

    ChatSession(ChatNode node, WebSocketSession session) {
        this.node = node;
        this.session = session;
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    /** Completes when the client is gone or was asked to go. */
    Mono<Void> run() {
        return session.messages()
                .timeout(Mono.delay(HELLO_WAIT), message -> Mono.never())
                .concatMap(this::handle, 1)
                .then()
                .onErrorResume(TimeoutException.class, late -> close("hello expected"))
                .doFinally(end -> memberships.values().forEach(Membership::end));
    }

    private Mono<Void> handle(WebSocketMessage message) {
        ClientMessage decoded;
        try {
            decoded = session.json().decode(message, ClientMessage.class);
        } catch (InvalidMessageException invalid) {
            return bad("That is no message of this chat.");
        }
        if (decoded instanceof ClientMessage.Hello hello) {
            return answer(null, null, () -> hello(hello));
        }
        User speaker = user;
        if (speaker == null) {
            return close("hello expected");
        }
        if (decoded instanceof ClientMessage.Say say) {
            return answer(say.room(), say.clientId(), () -> say(speaker, say));
        }
        long wait = actions.take(now());
        if (decoded instanceof ClientMessage.Typing typing) {
            // Nobody misses it.
            return wait > 0 ? Mono.empty() : typing(speaker, typing);
        }
        if (wait > 0) {
            return tooFast(roomOf(decoded), null, Duration.ofNanos(wait));
        }
        if (decoded instanceof ClientMessage.Join join) {
            return answer(join.room(), null, () -> join(speaker, join));
        }
        if (decoded instanceof ClientMessage.Leave leave) {
            leave(leave.room());
            return Mono.empty();
        }
        return send(new ServerMessage.Pong());
    }

    private static @Nullable String roomOf(ClientMessage message) {
        return message instanceof ClientMessage.Join join ? join.room() : null;
    }

    private Mono<Void> hello(ClientMessage.Hello hello) {
        if (hello.key() == null || !Names.isKey(hello.key())) {
            throw new RefusedException(RefusedException.BAD_MESSAGE, "A hello needs a key of 22 to 64 characters.");
        }
        User present = user;
        if (present == null) {
            present = User.of(hello.key(), Names.name(hello.name() == null ? "" : hello.name()));
            user = present;
        }
        return send(new ServerMessage.Welcome(
                present, Chat.SUGGESTIONS, new ServerMessage.Limits(MAX_TEXT, Names.MAX_NAME, MAX_ROOMS)));
    }

    private Mono<Void> join(User who, ClientMessage.Join join) {
        String room = requireRoom(join.room());
        JoinOptions options =
                JoinOptions.defaults().withName(who.name()).withInfo(who.id()).withLastSeen(lastSeen(join));
        // Once more is like for the first time: the client has lost count.
        leave(room);
        if (memberships.size() >= MAX_ROOMS) {
            throw new RefusedException(
                    RefusedException.TOO_MANY_ROOMS,
                    "You are in " + MAX_ROOMS + " rooms, which is the most. Leave one first.");
        }
        return node.rooms()
                .room(room)
                .join(session, options)
                .onErrorMap(RoomException.class, ChatSession::refusal)
                .flatMap(member -> joined(room, member));
    }

    private static @Nullable EntryId lastSeen(ClientMessage.Join join) {
        try {
            return join.lastSeen() == null ? null : EntryId.parse(join.lastSeen());
        } catch (IllegalArgumentException malformed) {
            throw new RefusedException(RefusedException.BAD_MESSAGE, "lastSeen is the id of a message.");
        }
    }

    private Mono<Void> joined(String room, Member member) {
        return send(new ServerMessage.Joined(
                        room,
                        member.replay().complete(),
                        member.replay().position().toString()))
                .doOnSuccess(sent -> memberships.put(room, new Membership(member, presence(room, member))))
                .doOnError(failure -> member.leave())
                .doOnCancel(member::leave);
    }

    /** Tells the client who comes and goes, as fast as it takes that: what it is too slow for is summed up in a new list. */
    private Disposable presence(String room, Member member) {
        return member.room()
                .presence()
                .concatMap(event -> send(message(room, event)), 1)
                .takeUntilOther(session.closed())
                .subscribe(nothing -> {}, failure -> {});
    }

    private static ServerMessage message(String room, PresenceEvent event) {
        if (event instanceof PresenceEvent.Joined joined) {
            return new Presence(room, connected(joined.member()), true);
        }
        if (event instanceof PresenceEvent.Left left) {
            return new Presence(room, connected(left.member()), false);
        }
        return new Members(
                room,
                ((PresenceEvent.Present) event)
                        .members().stream().map(ChatSession::connected).toList());
    }

    private static Connected connected(MemberInfo member) {
        return new Connected(member.id(), member.info(), member.name());
    }

    private void leave(@Nullable String room) {
        Membership membership = memberships.remove(room);
        if (membership != null) {
            membership.end();
        }
    }

    private Mono<Void> typing(User who, ClientMessage.Typing typing) {
        Membership membership = memberships.get(typing.room());
        if (membership == null) {
            return Mono.empty();
        }
        Member member = membership.member();
        ServerMessage told = new ServerMessage.Typing(member.room().name(), who, typing.active());
        return member.room().signalExcept(member, session.json().encode(told)).onErrorComplete();
    }

    private Mono<Void> say(User who, ClientMessage.Say say) {
        String room = requireRoom(say.room());
        Membership membership = memberships.get(room);
        if (membership == null) {
            throw new RefusedException(RefusedException.ROOM, "You are not in that room.");
        }
        if (say.clientId() == null || !Names.isClientId(say.clientId())) {
            throw new RefusedException(RefusedException.BAD_MESSAGE, "A message needs a clientId.");
        }
        String clientId = say.clientId();
        String text = Names.text(say.text() == null ? "" : say.text());
        Mono<EntryId> kept = node.said().find(who, room, clientId);
        if (kept == null) {
            Duration wait = node.speakers().speak(who, session.scope().client());
            if (!wait.isZero()) {
                return tooFast(room, clientId, wait);
            }
            String at = node.clock().instant().truncatedTo(ChronoUnit.MILLIS).toString();
            WebSocketMessage message = session.json().encode(new ServerMessage.Message(room, who, clientId, text, at));
            kept = node.said()
                    .once(who, room, clientId, membership.member().room().broadcast(message));
        }
        return kept.flatMap(id -> send(new ServerMessage.Ack(room, clientId, id.toString())));
    }

    private static String requireRoom(@Nullable String room) {
        if (room == null || !Names.isRoom(room)) {
            throw new RefusedException(
                    RefusedException.ROOM, "A room’s name has letters a to z, digits and hyphens; up to 32 of them.");
        }
        return room;
    }

    private static RuntimeException refusal(RoomException failure) {
        return switch (failure.reason()) {
            case ROOM_FULL -> new RefusedException(RefusedException.ROOM, "That room is full.");
            case TOO_MANY_ROOMS ->
                new RefusedException(RefusedException.ROOM, "No more rooms can be opened at the moment.");
            default -> failure;
        };
    }

    /** Does something, and tells the client kindly where that is not done. */
    private Mono<Void> answer(@Nullable String room, @Nullable String clientId, Supplier<Mono<Void>> action) {
        return Mono.defer(action)
                .onErrorResume(RefusedException.class, refused -> refuse(refused, room, clientId))
                .onErrorResume(
                        failure -> !(failure instanceof DisconnectedException),
                        failure -> error(
                                RefusedException.UNAVAILABLE,
                                "The chat is out of order for a moment.",
                                room,
                                clientId,
                                null));
    }

    private Mono<Void> refuse(RefusedException refused, @Nullable String room, @Nullable String clientId) {
        return error(refused.kind(), refused.text(), room, clientId, null);
    }

    private Mono<Void> tooFast(@Nullable String room, @Nullable String clientId, Duration wait) {
        return error(
                RefusedException.TOO_FAST,
                "You are fast! That goes out in a moment.",
                room,
                clientId,
                Math.max(1, wait.toMillis()));
    }

    private Mono<Void> bad(String text) {
        badMessages++;
        return badMessages > MAX_BAD_MESSAGES
                ? close("too many bad messages")
                : error(RefusedException.BAD_MESSAGE, text, null, null, null);
    }

    private Mono<Void> error(
            String kind, String text, @Nullable String room, @Nullable String clientId, @Nullable Long retryAfter) {
        return send(new ServerMessage.Refusal(kind, text, room, clientId, retryAfter));
    }

    private Mono<Void> close(String reason) {
        return session.close(CloseStatus.POLICY_VIOLATION, reason);
    }

    private Mono<Void> send(ServerMessage message) {
        return session.sendJson(message);
    }
}

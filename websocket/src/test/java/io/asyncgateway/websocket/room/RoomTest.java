package io.asyncgateway.websocket.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.CloseStatus;
import io.asyncgateway.websocket.SessionOptions;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.room.RoomException.Reason;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Rooms of one node without a history. */
class RoomTest {
    private final ChannelLayer layer = ChannelLayer.inMemory();
    private final Rooms rooms = Rooms.builder().layer(layer).build();
    private final Room lobby = rooms.room("lobby");

    @AfterEach
    void close() {
        rooms.close().block();
        layer.close().block();
    }

    private static WebSocketMessage text(String text) {
        return WebSocketMessage.text(text);
    }

    private Member join(Room room, Peer peer) {
        return room.join(peer.session()).block();
    }

    private static void assertFails(Mono<?> work, Reason reason) {
        StepVerifier.create(work)
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).isInstanceOf(RoomException.class);
                    assertThat(((RoomException) failure).reason()).isEqualTo(reason);
                })
                .verify();
    }

    @Test
    void aBroadcastReachesAllMembersInOrder() {
        Peer ada = Peer.connect();
        Peer bob = Peer.connect();
        join(lobby, ada);
        join(lobby, bob);

        lobby.broadcast(text("one")).block();
        lobby.broadcast(text("two")).block();

        assertThat(ada.texts()).containsExactly("one", "two");
        assertThat(bob.texts()).containsExactly("one", "two");
    }

    @Test
    void nothingHappensBeforeABroadcastIsSubscribed() {
        Peer ada = Peer.connect();
        join(lobby, ada);
        Mono<?> broadcast = lobby.broadcast(text("one"));
        assertThat(ada.texts()).isEmpty();

        broadcast.block();
        broadcast.block();
        assertThat(ada.texts()).containsExactly("one", "one");
    }

    @Test
    void textStaysTextAndBinaryStaysBinary() {
        Peer ada = Peer.connect();
        join(lobby, ada);
        ByteBuffer data = ByteBuffer.wrap(new byte[] {0, 1, 2, -1});

        lobby.broadcast(WebSocketMessage.binary(data)).block();
        lobby.broadcast(text("")).block();
        lobby.broadcast(text("\u0001begins like a head")).block();
        lobby.broadcast(text("\u0002begins like a control message")).block();

        assertThat(ada.messages())
                .containsExactly(
                        WebSocketMessage.binary(data),
                        text(""),
                        text("\u0001begins like a head"),
                        text("\u0002begins like a control message"));
    }

    @Test
    void allMembersGetTheSameMessageObjectSoThatItIsEncodedOnce() {
        Peer ada = Peer.connect();
        Peer bob = Peer.connect();
        join(lobby, ada);
        join(lobby, bob);

        lobby.broadcast(text("one")).block();

        assertThat(ada.messages().get(0)).isSameAs(bob.messages().get(0));
    }

    @Test
    void aBroadcastToAllButOneLeavesThatOneOut() {
        Peer ada = Peer.connect();
        Peer bob = Peer.connect();
        Member sender = join(lobby, ada);
        join(lobby, bob);

        lobby.broadcastExcept(sender, text("from ada")).block();
        lobby.broadcastExcept(sender, WebSocketMessage.binary(ByteBuffer.wrap(new byte[] {7})))
                .block();
        lobby.broadcastExcept("nobody", text("to all")).block();

        assertThat(ada.texts()).containsExactly("to all");
        assertThat(bob.texts()).containsExactly("from ada", "\u0007", "to all");
    }

    @Test
    void roomsDoNotHearEachOther() {
        Peer ada = Peer.connect();
        join(lobby, ada);
        rooms.room("other").broadcast(text("elsewhere")).block();

        assertThat(ada.texts()).isEmpty();
    }

    @Test
    void aSessionCanBeInManyRooms() {
        Peer ada = Peer.connect();
        Member first = join(lobby, ada);
        Member second = join(rooms.room("other"), ada);
        lobby.broadcast(text("one")).block();
        rooms.room("other").broadcast(text("two")).block();

        assertThat(ada.texts()).containsExactly("one", "two");
        assertThat(first.id()).isNotEqualTo(second.id());
        assertThat(first.room().name()).isEqualTo("lobby");
        assertThat(first.session()).isSameAs(ada.session());
    }

    @Test
    void everybodyWhoSaysTheSameNameMeansTheSameRoom() {
        Peer ada = Peer.connect();
        join(rooms.room("lobby"), ada);
        rooms.room("lobby").broadcast(text("one")).block();
        assertThat(ada.texts()).containsExactly("one");
    }

    @Test
    void whoHasLeftGetsNothingMore() {
        Peer ada = Peer.connect();
        Member member = join(lobby, ada);
        lobby.broadcast(text("one")).block();
        member.leave();
        member.leave();
        lobby.broadcast(text("two")).block();

        assertThat(ada.texts()).containsExactly("one");
        assertThat(member.hasLeft()).isTrue();
        assertThat(lobby.members()).isEmpty();
        assertThat(ada.session().isClosed()).isFalse();
    }

    @Test
    void whoHasLeftCanComeAgain() {
        Peer ada = Peer.connect();
        join(lobby, ada).leave();
        Member again = join(lobby, ada);
        lobby.broadcast(text("one")).block();

        assertThat(ada.texts()).containsExactly("one");
        assertThat(lobby.members()).containsExactly(again.info());
    }

    @Test
    void aSessionThatEndsLeavesAllRooms() {
        Peer ada = Peer.connect();
        Member first = join(lobby, ada);
        Member second = join(rooms.room("other"), ada);

        ada.disconnect();

        assertThat(first.hasLeft()).isTrue();
        assertThat(second.hasLeft()).isTrue();
        assertThat(lobby.members()).isEmpty();
        assertThat(rooms.statistics().members()).isZero();
        assertThat(rooms.statistics().leaves()).isEqualTo(2);
    }

    @Test
    void aSessionThatIsClosedByTheApplicationLeaves() {
        Peer ada = Peer.connect();
        Member member = join(lobby, ada);
        ada.session().close(CloseStatus.GOING_AWAY, "").block();
        assertThat(member.hasLeft()).isTrue();
    }

    @Test
    void aSessionThatHasEndedCannotJoin() {
        Peer ada = Peer.connect();
        ada.disconnect();
        StepVerifier.create(lobby.join(ada.session())).verifyError(DisconnectedException.class);
        assertThat(rooms.statistics().members()).isZero();
    }

    @Test
    void aSessionIsInARoomOnlyOnce() {
        Peer ada = Peer.connect();
        Member member = join(lobby, ada);
        assertFails(lobby.join(ada.session()), Reason.ALREADY_JOINED);

        lobby.broadcast(text("one")).block();
        assertThat(ada.texts()).containsExactly("one");
        assertThat(member.hasLeft()).isFalse();
    }

    @Test
    void aFullRoomTakesNobodyUntilSomebodyLeaves() {
        Rooms small =
                Rooms.builder().layer(layer).prefix("small.").maxMembers(2).build();
        Room room = small.room("r");
        Member first = join(room, Peer.connect());
        join(room, Peer.connect());
        Peer third = Peer.connect();
        assertFails(room.join(third.session()), Reason.ROOM_FULL);

        first.leave();
        join(room, third);
        assertThat(room.members()).hasSize(2);
        small.close().block();
    }

    @Test
    void thereAreOnlySoManyRooms() {
        Rooms two = Rooms.builder().layer(layer).prefix("two.").maxRooms(2).build();
        Peer ada = Peer.connect();
        join(two.room("a"), ada);
        join(two.room("b"), ada);
        assertFails(two.room("c").join(ada.session()), Reason.TOO_MANY_ROOMS);
        join(two.room("a"), Peer.connect());
        assertThat(two.size()).isEqualTo(2);
        two.close().block();
    }

    @Test
    void aSessionWithTooManyQueuesDoesNotJoin() {
        int queues = SessionOptions.defaults().maxQueues();
        Peer ada = Peer.connect();
        for (int i = 0; i < queues; i++) {
            join(rooms.room("r" + i), ada);
        }
        StepVerifier.create(lobby.join(ada.session())).verifyError(IllegalStateException.class);
        assertThat(lobby.members()).isEmpty();
        assertThat(rooms.statistics().members()).isEqualTo(queues);
    }

    @Test
    void broadcastingIntoARoomWithoutMembersIsAllRight() {
        StepVerifier.create(lobby.broadcast(text("one"))).verifyComplete();
        StepVerifier.create(lobby.signal(text("one"))).verifyComplete();
        assertThat(rooms.size()).isZero();
    }

    @Test
    void aSignalReachesMembersAndLeavesOneOut() {
        Peer ada = Peer.connect();
        Peer bob = Peer.connect();
        Member sender = join(lobby, ada);
        join(lobby, bob);
        lobby.signal(text("typing")).block();
        lobby.signalExcept(sender, text("ada is typing")).block();

        assertThat(ada.texts()).containsExactly("typing");
        assertThat(bob.texts()).containsExactly("typing", "ada is typing");
    }

    @Test
    void otherProgramsCanWriteIntoTheGroupOfARoom() {
        Peer ada = Peer.connect();
        join(lobby, ada);
        layer.groupSend("room.lobby", ByteBuffer.wrap("{\"plain\":true}".getBytes(UTF_8)))
                .block();
        assertThat(ada.texts()).containsExactly("{\"plain\":true}");
    }

    @Test
    void whatNobodyCanReadIsCountedAndTheRoomGoesOn() {
        Peer ada = Peer.connect();
        join(lobby, ada);
        for (byte[] malformed : List.of(
                new byte[0], new byte[] {1}, new byte[] {1, 2}, new byte[] {1, 2, 9, 'a'}, new byte[] {2}, new byte[] {
                    2, 'x', 0, 0
                })) {
            layer.groupSend("room.lobby", ByteBuffer.wrap(malformed)).block();
        }
        lobby.broadcast(text("one")).block();

        assertThat(ada.texts()).containsExactly("one");
        assertThat(lobby.statistics().malformed()).isEqualTo(6);
    }

    @Test
    void countersTellWhatHappened() {
        Peer ada = Peer.connect();
        Peer bob = Peer.connect();
        join(lobby, ada);
        Member leaving = join(lobby, bob);
        lobby.broadcast(text("one")).block();
        leaving.leave();
        lobby.broadcast(text("two")).block();

        RoomStatistics statistics = lobby.statistics();
        assertThat(statistics.members()).isEqualTo(1);
        assertThat(statistics.joins()).isEqualTo(2);
        assertThat(statistics.leaves()).isEqualTo(1);
        assertThat(statistics.messages()).isEqualTo(2);
        assertThat(statistics.deliveries()).isEqualTo(3);
        assertThat(rooms.statistics()).isEqualTo(statistics);
        assertThat(leaving.queue().sent()).isEqualTo(1);
        assertThat(rooms.room("unused").statistics()).isEqualTo(RoomStatistics.NONE);
    }

    @Test
    void aJoinThatIsCancelledWhileTheRoomOpensIsNoMember() {
        Sinks.Empty<Void> added = Sinks.empty();
        FaultyLayer slow = new FaultyLayer(layer, added.asMono());
        Rooms waiting = Rooms.builder().layer(slow).prefix("slow.").build();
        Peer ada = Peer.connect();
        Peer bob = Peer.connect();
        waiting.room("r").join(ada.session()).subscribe().dispose();
        Mono<Member> second = waiting.room("r").join(bob.session());

        StepVerifier.create(second)
                .expectSubscription()
                .then(added::tryEmitEmpty)
                .expectNextCount(1)
                .verifyComplete();
        assertThat(waiting.room("r").members()).hasSize(1);
        waiting.close().block();
    }

    @Test
    void afterTheCloseNothingWorksAndSessionsGoOn() {
        Peer ada = Peer.connect();
        Member member = join(lobby, ada);
        rooms.close().block();
        rooms.close().block();

        assertThat(member.hasLeft()).isTrue();
        assertThat(ada.session().isClosed()).isFalse();
        assertThat(rooms.size()).isZero();
        assertFails(lobby.join(ada.session()), Reason.CLOSED);
        assertFails(lobby.broadcast(text("one")), Reason.CLOSED);
        assertFails(lobby.signal(text("one")), Reason.CLOSED);
        assertFails(lobby.presence().next(), Reason.CLOSED);
        assertThat(layer.isReady()).as("a layer that was given stays open").isTrue();
        assertThat(layer.stats().channels()).isZero();
        assertThat(layer.stats().groups()).isZero();
    }

    @Test
    void aLayerThatWasNotGivenIsClosedToo() {
        Rooms alone = Rooms.inMemory();
        join(alone.room("r"), Peer.connect());
        StepVerifier.create(alone.close()).verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".x", "a b", "ä", "a/b", "a!b", "a\nb"})
    void aNameThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> rooms.room(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("room: \"" + name.replaceAll("[^ -~]", "?")
                        + "\" (expected: 1-95 ASCII letters, digits, '-', '_' or '.', not beginning with '.')");
    }

    @Test
    void aNameHasAtMostNinetyFiveCharacters() {
        assertThat(rooms.room("x".repeat(95)).name()).hasSize(95);
        assertThatThrownBy(() -> rooms.room("x".repeat(96))).isInstanceOf(IllegalArgumentException.class);
        assertThat(Rooms.builder().prefix("").build().room("x".repeat(100)).name())
                .hasSize(100);
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        Rooms.Builder builder = Rooms.builder();
        assertThatThrownBy(() -> builder.maxRooms(0)).hasMessage("maxRooms: 0 (expected: >= 1)");
        assertThatThrownBy(() -> builder.maxMembers(0)).hasMessage("maxMembers: 0 (expected: >= 1)");
        assertThatThrownBy(() -> builder.maxRemoteMembers(0)).hasMessage("maxRemoteMembers: 0 (expected: >= 1)");
        assertThatThrownBy(() -> builder.prefix("x".repeat(21))).hasMessageStartingWith("prefix: ");
        assertThatThrownBy(() -> builder.idleGrace(java.time.Duration.ofSeconds(-1)))
                .hasMessage("idleGrace: PT-1S (expected: >= 0)");
        assertThatThrownBy(() -> builder.digestInterval(java.time.Duration.ZERO))
                .hasMessage("digestInterval: PT0S (expected: at least 1 ms)");
        assertThatThrownBy(() -> JoinOptions.defaults().withName("x".repeat(257)))
                .hasMessage("name: 257 bytes of UTF-8 (expected: at most 256)");
        assertThatThrownBy(() -> JoinOptions.defaults().withInfo("ä".repeat(2049)))
                .hasMessage("info: 4098 bytes of UTF-8 (expected: at most 4096)");
        assertThatThrownBy(() -> JoinOptions.defaults().withMaxReplay(-1)).hasMessage("maxReplay: -1 (expected: >= 0)");
    }
}

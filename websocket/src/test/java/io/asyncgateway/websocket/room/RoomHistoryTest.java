package io.asyncgateway.websocket.room;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.OverflowPolicy;
import io.asyncgateway.websocket.QueueOptions;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.InMemoryHistory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Rooms with a history: what is replayed, and that nothing is missing or twice. */
class RoomHistoryTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final ChannelLayer layer = ChannelLayer.inMemory();
    private final FaultyHistory history =
            new FaultyHistory(InMemoryHistory.builder().maxEntries(100).build());
    private final Rooms rooms = node(RoomEncoder.asIs());
    private final Room lobby = rooms.room("lobby");

    private Rooms node(RoomEncoder encoder) {
        return Rooms.builder()
                .layer(layer)
                .history(history)
                .encoder(encoder)
                .timer(time)
                .build();
    }

    @AfterEach
    void close() {
        rooms.close().block();
        layer.close().block();
        time.dispose();
    }

    private EntryId broadcast(String text) {
        return lobby.broadcast(WebSocketMessage.text(text)).block();
    }

    private List<EntryId> broadcast(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> broadcast("m" + i)).toList();
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private Member join(Peer peer, JoinOptions options) {
        return lobby.join(peer.session(), options).block();
    }

    private Member join(Peer peer) {
        return join(peer, JoinOptions.defaults());
    }

    private static JoinOptions after(EntryId id) {
        return JoinOptions.defaults().withLastSeen(id);
    }

    @Test
    void aBroadcastSaysItsIdAndReachesMembers() {
        Peer ada = Peer.connect();
        join(ada);
        List<EntryId> ids = broadcast(0, 3);

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ada.texts()).isEqualTo(texts(0, 3));
    }

    @Test
    void whoComesForTheFirstTimeGetsTheLastMessages() {
        broadcast(0, 150);
        Peer ada = Peer.connect();
        Member member = join(ada);
        assertThat(ada.texts()).isEqualTo(texts(50, 150));
        assertThat(member.replay().count()).isEqualTo(100);
        assertThat(member.replay().complete()).isTrue();

        broadcast(150, 152);
        assertThat(ada.texts()).isEqualTo(texts(50, 152));
    }

    @Test
    void howManyAreReplayedIsUpToTheJoin() {
        broadcast(0, 10);
        Peer ada = Peer.connect();
        Peer bob = Peer.connect();
        join(ada, JoinOptions.defaults().withMaxReplay(3));
        join(bob, JoinOptions.defaults().withMaxReplay(0));
        assertThat(ada.texts()).isEqualTo(texts(7, 10));
        assertThat(bob.texts()).isEmpty();

        broadcast(10, 11);
        assertThat(ada.texts()).isEqualTo(texts(7, 11));
        assertThat(bob.texts()).isEqualTo(texts(10, 11));
    }

    @Test
    void whoComesAgainGetsWhatItMissedAndNothingTwice() {
        List<EntryId> ids = broadcast(0, 10);
        Peer ada = Peer.connect();
        Member member = join(ada, after(ids.get(6)));
        broadcast(10, 12);

        assertThat(ada.texts()).isEqualTo(texts(7, 12));
        assertThat(member.replay()).isEqualTo(new Replay(3, true, ids.get(9)));
    }

    @Test
    void whoMissedNothingGetsNothing() {
        List<EntryId> ids = broadcast(0, 3);
        Peer ada = Peer.connect();
        Member member = join(ada, after(ids.get(2)));

        assertThat(ada.texts()).isEmpty();
        assertThat(member.replay()).isEqualTo(new Replay(0, true, ids.get(2)));
    }

    @Test
    void whoGotNoMessageYetCanResumeFromItsPosition() {
        Peer first = Peer.connect();
        Replay replay = join(first).replay();
        first.disconnect();
        broadcast(0, 3);

        Peer again = Peer.connect();
        Member member = join(again, after(replay.position()));
        assertThat(again.texts()).isEqualTo(texts(0, 3));
        assertThat(member.replay().complete()).isTrue();
    }

    @Test
    void whoWasAwayForTooLongIsToldSo() {
        EntryId first = broadcast("first");
        broadcast(0, 120);
        Peer ada = Peer.connect();
        Member member = join(ada, after(first));

        assertThat(member.replay().complete()).isFalse();
        assertThat(ada.texts()).isEqualTo(texts(20, 120));
    }

    @Test
    void whoComesForTheFirstTimeGetsWhatIsLeftWhenTheOldestGoWhileItIsRead() {
        List<EntryId> ids = broadcast(0, 10);
        history.drops = ids.get(3);
        Peer ada = Peer.connect();
        Member member = join(ada, JoinOptions.defaults().withMaxReplay(8));

        assertThat(ada.texts()).isEqualTo(texts(4, 10));
        assertThat(member.replay()).isEqualTo(new Replay(6, true, ids.get(9)));
    }

    @Test
    void whoComesAgainGetsWhatIsLeftWhenTheOldestGoWhileItIsReadAndIsToldSo() {
        List<EntryId> ids = broadcast(0, 10);
        history.drops = ids.get(3);
        Peer ada = Peer.connect();
        Member member = join(ada, after(ids.get(0)));

        assertThat(ada.texts()).isEqualTo(texts(4, 10));
        assertThat(member.replay()).isEqualTo(new Replay(6, false, ids.get(9)));
    }

    @Test
    void whoMissedMoreThanItMayCatchUpWithGetsTheNewestAndIsToldSo() {
        EntryId first = broadcast("first");
        broadcast(0, 20);
        Peer ada = Peer.connect();
        Member member = join(ada, after(first).withMaxResume(5));

        assertThat(member.replay().complete()).isFalse();
        assertThat(ada.texts()).isEqualTo(texts(15, 20));
    }

    @Test
    void whoKnowsAnIdThatNobodyGaveGetsWhatANewcomerGetsAndIsToldSo() {
        broadcast(0, 3);
        Peer ada = Peer.connect();
        Member member = join(ada, after(EntryId.MAX));
        assertThat(member.replay().complete()).isFalse();
        assertThat(ada.texts()).isEqualTo(texts(0, 3));

        broadcast(3, 5);
        assertThat(ada.texts()).as("what comes live").isEqualTo(texts(0, 5));
    }

    @Test
    void anIdThatThisNodeHasNotReachedYetIsNotSentAgain() {
        join(Peer.connect());
        broadcast(0, 1);
        history.holdTails();
        List<EntryId> ids = broadcast(1, 4);

        Peer ada = Peer.connect();
        Member member = join(ada, after(ids.get(1)));
        assertThat(ada.texts()).isEmpty();
        assertThat(member.replay()).isEqualTo(new Replay(0, true, ids.get(1)));

        history.releaseTails();
        broadcast(4, 5);
        assertThat(ada.texts()).isEqualTo(texts(3, 5));
    }

    @Test
    void whatIsBroadcastDuringAReplayComesBehindItInOrder() {
        broadcast(0, 20);
        Peer ada = Peer.connect();
        ada.stall();
        AtomicReference<Member> joined = new AtomicReference<>();
        lobby.join(ada.session()).subscribe(joined::set);
        broadcast(20, 80);
        assertThat(joined.get()).isNull();
        assertThat(ada.count()).isEqualTo(1);

        ada.read();
        assertThat(joined.get()).isNotNull();
        broadcast(80, 82);
        assertThat(ada.texts()).isEqualTo(texts(0, 82));
        assertThat(joined.get().replay().count()).isEqualTo(80);
    }

    @Test
    void messagesThatOverflowTheQueueWhileTheLastStretchIsSentFollowThePolicy() {
        broadcast(0, 2);
        Peer ada = Peer.connect();
        // The last message of the first stretch is held, so that there is a second one.
        AtomicReference<Member> joined = new AtomicReference<>();
        QueueOptions small = QueueOptions.defaults().withMaxMessages(5).withPolicy(OverflowPolicy.DROP_OLDEST);
        ada.stall();
        lobby.join(ada.session(), JoinOptions.defaults().withQueue(small)).subscribe(joined::set);
        broadcast(2, 3);
        ada.read();
        assertThat(joined.get()).isNotNull();

        ada.stall();
        broadcast(3, 10);
        ada.read();
        assertThat(ada.texts()).isEqualTo(List.of("m0", "m1", "m2", "m3", "m5", "m6", "m7", "m8", "m9"));
        assertThat(lobby.statistics().droppedOldest()).isEqualTo(1);
    }

    @Test
    void aSessionThatEndsDuringItsReplayIsNoMember() {
        broadcast(0, 20);
        Peer ada = Peer.connect();
        ada.stall();
        StepVerifier.create(lobby.join(ada.session())).then(ada::disconnect).verifyError(DisconnectedException.class);
        assertThat(lobby.members()).isEmpty();
        assertThat(lobby.statistics().joins()).isZero();
    }

    @Test
    void aJoinThatIsCancelledDuringItsReplayIsNoMember() {
        broadcast(0, 20);
        Peer ada = Peer.connect();
        ada.stall();
        Disposable join = lobby.join(ada.session()).subscribe();
        assertThat(ada.count()).isEqualTo(1);
        join.dispose();
        ada.read();
        assertThat(lobby.members()).isEmpty();

        join(ada, JoinOptions.defaults().withMaxReplay(0));
        assertThat(lobby.members()).hasSize(1);
    }

    @Test
    void cancellingBehindTheJoinDoesNotLeave() {
        Peer ada = Peer.connect();
        lobby.join(ada.session()).flatMap(member -> Mono.never()).subscribe().dispose();
        assertThat(lobby.members()).hasSize(1);
    }

    @Test
    void whoeverIsLeftOutOfABroadcastIsLeftOutAlsoWithAHistory() {
        Peer ada = Peer.connect();
        Peer bob = Peer.connect();
        Member sender = join(ada);
        join(bob);
        lobby.broadcastExcept(sender, WebSocketMessage.text("m0")).block();
        broadcast(1, 2);

        assertThat(ada.texts()).isEqualTo(texts(1, 2));
        assertThat(bob.texts()).isEqualTo(texts(0, 2));
    }

    @Test
    void aReplayLeavesNobodyOut() {
        Peer ada = Peer.connect();
        Member sender = join(ada);
        Replay replay = sender.replay();
        lobby.broadcastExcept(sender, WebSocketMessage.text("m0")).block();
        ada.disconnect();

        Peer again = Peer.connect();
        join(again, after(replay.position()));
        assertThat(again.texts()).isEqualTo(texts(0, 1));
    }

    @Test
    void signalsAreNotKept() {
        Peer ada = Peer.connect();
        join(ada);
        lobby.signal(WebSocketMessage.text("typing")).block();
        assertThat(ada.texts()).containsExactly("typing");

        Peer bob = Peer.connect();
        join(bob);
        assertThat(bob.texts()).isEmpty();
    }

    @Test
    void textAndBinaryAreReplayedAsTheyWere() {
        ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 2, 3});
        lobby.broadcast(WebSocketMessage.binary(data)).block();
        broadcast("");
        Peer ada = Peer.connect();
        join(ada);
        assertThat(ada.messages()).containsExactly(WebSocketMessage.binary(data), WebSocketMessage.text(""));
    }

    @Test
    void membersLearnTheIdsByTheEncoder() {
        Rooms json = node(RoomEncoder.jsonWithId());
        Room room = json.room("json");
        EntryId first = room.broadcast(WebSocketMessage.text("{\"n\":1}")).block();
        Peer ada = Peer.connect();
        room.join(ada.session()).block();
        EntryId second = room.broadcast(WebSocketMessage.text("{}")).block();
        room.signal(WebSocketMessage.text("{\"n\":3}")).block();

        assertThat(ada.texts())
                .containsExactly("{\"id\":\"" + first + "\",\"n\":1}", "{\"id\":\"" + second + "\"}", "{\"n\":3}");
        StepVerifier.create(room.broadcast(WebSocketMessage.text("no object")))
                .verifyError(IllegalArgumentException.class);
        StepVerifier.create(room.broadcast(WebSocketMessage.binary(ByteBuffer.wrap(new byte[] {'{', '}'}))))
                .verifyError(IllegalArgumentException.class);
        json.close().block();
    }

    @Test
    void whatTheEncoderCannotTakeIsCountedAndTheRoomGoesOn() {
        Rooms json = node(RoomEncoder.jsonWithId());
        Room room = json.room("json");
        Peer ada = Peer.connect();
        room.join(ada.session()).block();
        history.append("room.json", ByteBuffer.wrap("not json".getBytes(UTF_8))).block();
        room.broadcast(WebSocketMessage.text("{}")).block();
        Peer bob = Peer.connect();
        Member late = room.join(bob.session()).block();

        assertThat(ada.count()).isEqualTo(1);
        assertThat(bob.count()).isEqualTo(1);
        assertThat(late.replay().count()).isEqualTo(1);
        assertThat(room.statistics().malformed()).as("live, and replayed").isEqualTo(2);
        json.close().block();
    }

    @Test
    void aNodeThatFellTooFarBehindTellsItsMembersAndGoesOn() {
        Rooms json = node(RoomEncoder.jsonWithId());
        Room room = json.room("lobby");
        Peer ada = Peer.connect();
        room.join(ada.session()).block();
        history.holdTails();
        List<EntryId> ids = IntStream.range(0, 150)
                .mapToObj(i -> room.broadcast(WebSocketMessage.text("{\"n\":" + i + "}"))
                        .block())
                .toList();
        assertThat(ada.texts()).as("the one that was asked for already").hasSize(1);

        history.releaseTails();
        time.advanceTimeBy(Duration.ofMillis(1));
        List<String> texts = ada.texts().subList(1, ada.count());
        assertThat(texts.get(0)).isEqualTo("{\"id\":\"" + ids.get(49) + "\",\"gap\":true}");
        assertThat(texts.get(1)).isEqualTo("{\"id\":\"" + ids.get(50) + "\",\"n\":50}");
        assertThat(ada.session().isClosed())
                .as("a queue of 64 takes 101 messages of a peer that reads")
                .isFalse();
        assertThat(texts).hasSize(101);
        assertThat(room.statistics().gaps()).isEqualTo(1);
        json.close().block();
    }

    @Test
    void aTailThatFailsIsTakenUpAgainBehindTheLastMessage() {
        Peer ada = Peer.connect();
        join(ada);
        broadcast(0, 2);
        history.failTails(new IllegalStateException("connection lost"));
        broadcast(2, 4);
        assertThat(ada.texts()).isEqualTo(texts(0, 2));

        time.advanceTimeBy(Duration.ofMillis(100));
        broadcast(4, 5);
        assertThat(ada.texts()).isEqualTo(texts(0, 5));
    }

    @Test
    void aHistoryThatRefusesTellsTheSender() {
        history.fails = new IllegalStateException("connection lost");
        StepVerifier.create(lobby.broadcast(WebSocketMessage.text("one"))).verifyErrorMessage("connection lost");
    }

    @Test
    void aRoomThatCouldNotOpenCanBeJoinedLater() {
        history.fails = new IllegalStateException("connection lost");
        Peer ada = Peer.connect();
        StepVerifier.create(lobby.join(ada.session())).verifyErrorMessage("connection lost");
        assertThat(rooms.size()).isZero();

        history.fails = null;
        join(ada);
        broadcast(0, 1);
        assertThat(ada.texts()).isEqualTo(texts(0, 1));
    }

    @Test
    void aHistoryThatDoesNotAnswerIsNotWaitedForForEver() {
        history.hangs = true;
        StepVerifier.create(lobby.join(Peer.connect().session()))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(10)))
                .verifyError(TimeoutException.class);
        assertThat(rooms.size()).isZero();
    }

    @Test
    void anErrorInTheMiddleOfAReplayFailsTheJoin() {
        broadcast(0, 5);
        join(Peer.connect());
        history.fails = new IllegalStateException("connection lost");
        Peer ada = Peer.connect();
        StepVerifier.create(lobby.join(ada.session())).verifyErrorMessage("connection lost");
        assertThat(lobby.members()).hasSize(1);
    }

    @Test
    void twoNodesShareOneHistory() {
        Rooms other = node(RoomEncoder.asIs());
        Peer ada = Peer.connect();
        Peer bob = Peer.connect();
        join(ada);
        Member onOther = other.room("lobby").join(bob.session()).block();
        broadcast(0, 1);
        other.room("lobby").broadcast(WebSocketMessage.text("m1")).block();
        other.room("lobby")
                .broadcastExcept(onOther, WebSocketMessage.text("m2"))
                .block();
        lobby.broadcastExcept(onOther.id(), WebSocketMessage.text("m3")).block();

        assertThat(ada.texts()).isEqualTo(texts(0, 4));
        assertThat(bob.texts()).isEqualTo(texts(0, 2));
        other.close().block();
    }

    @Test
    void aClientResumesOnAnotherNode() {
        Rooms other = node(RoomEncoder.asIs());
        Peer ada = Peer.connect();
        join(ada);
        List<EntryId> ids = broadcast(0, 3);
        ada.disconnect();
        broadcast(3, 6);

        Peer again = Peer.connect();
        other.room("lobby").join(again.session(), after(ids.get(2))).block();
        broadcast(6, 7);
        assertThat(again.texts()).isEqualTo(texts(3, 7));
        other.close().block();
    }
}

package io.asyncgateway.websocket.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.websocket.channel.ChannelLayer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Who is there, on several nodes that share a layer which may lose messages. */
class PresenceTest {
    private static final Duration DIGEST = Duration.ofSeconds(5);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final ChannelLayer broker = ChannelLayer.inMemory();
    private final List<Rooms> nodes = new ArrayList<>();
    private final FaultyLayer firstLayer = new FaultyLayer(broker);
    private final FaultyLayer secondLayer = new FaultyLayer(broker);
    private final Rooms first = node(firstLayer);
    private final Rooms second = node(secondLayer);

    private Rooms node(ChannelLayer layer) {
        Rooms rooms = Rooms.builder().layer(layer).timer(time).build();
        nodes.add(rooms);
        return rooms;
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.close().block());
        assertThat(broker.stats().channels()).isZero();
        assertThat(broker.stats().groups()).isZero();
        broker.close().block();
        time.dispose();
    }

    private static Member join(Rooms node, String name) {
        return join(node, Peer.connect(), name);
    }

    private static Member join(Rooms node, Peer peer, String name) {
        return node.room("lobby")
                .join(peer.session(), JoinOptions.defaults().withName(name))
                .block();
    }

    private static List<String> names(Rooms node) {
        return node.room("lobby").members().stream().map(MemberInfo::name).toList();
    }

    private static String text(PresenceEvent event) {
        if (event instanceof PresenceEvent.Present present) {
            return "present " + present.members().stream().map(MemberInfo::name).toList();
        } else if (event instanceof PresenceEvent.Joined joined) {
            return "+" + joined.member().name();
        }
        return "-" + ((PresenceEvent.Left) event).member().name();
    }

    private static List<String> follow(Rooms node) {
        List<String> seen = new ArrayList<>();
        node.room("lobby").presence().map(PresenceTest::text).subscribe(seen::add);
        return seen;
    }

    /** Takes a layer's control messages of one kind for lost. */
    private static void lose(FaultyLayer layer, String kinds) {
        layer.loses = message -> isControl(message, kinds);
    }

    private static boolean isControl(ByteBuffer message, String kinds) {
        return message.remaining() > 1
                && message.get(message.position()) == Envelope.CONTROL
                && kinds.indexOf(message.get(message.position() + 1)) >= 0;
    }

    private static void loseNothing(FaultyLayer layer) {
        layer.loses = null;
    }

    @Test
    void membersOfAllNodesAreSeenOnEachNode() {
        join(first, "ada");
        join(second, "bob");
        join(first, "cy");

        assertThat(names(first)).containsExactly("ada", "cy", "bob");
        assertThat(names(second)).containsExactly("bob", "ada", "cy");
        assertThat(second.room("lobby").statistics().members()).isEqualTo(1);
        assertThat(second.room("lobby").statistics().remoteMembers()).isEqualTo(2);
        assertThat(first.statistics().remoteMembers()).isEqualTo(1);
    }

    @Test
    void nameAndInfoAreSeenByOthers() {
        Member ada = first.room("lobby")
                .join(
                        Peer.connect().session(),
                        JoinOptions.defaults().withName("Ada ✓").withInfo("{\"avatar\":7}"))
                .block();
        join(second, "bob");
        assertThat(second.room("lobby").members()).contains(ada.info());
        assertThat(ada.info().info()).isEqualTo("{\"avatar\":7}");
    }

    @Test
    void eventsBeginWithWhoIsThereAndGoOnWithWhoComesAndGoes() {
        Member ada = join(first, "ada");
        List<String> onFirst = follow(first);
        List<String> onSecond = follow(second);
        Member bob = join(second, "bob");
        ada.leave();
        bob.leave();

        assertThat(onFirst).containsExactly("present [ada]", "+bob", "-ada", "-bob");
        assertThat(onSecond).containsExactly("present [ada]", "+bob", "-ada", "-bob");
    }

    @Test
    void aSessionThatEndsIsSeenToLeave() {
        Peer peer = Peer.connect();
        join(first, peer, "ada");
        List<String> onSecond = follow(second);
        peer.disconnect();
        assertThat(onSecond).containsExactly("present [ada]", "-ada");
    }

    @Test
    void aSlowSubscriberGetsTheWholeInThePlaceOfWhatItMissed() {
        List<String> seen = new ArrayList<>();
        StepVerifier.create(first.room("lobby").presence().map(PresenceTest::text), 1)
                .expectNext("present []")
                .then(() -> IntStream.range(0, 200).forEach(i -> join(first, "m" + i)))
                .thenRequest(2)
                .expectNext("+m0", "+m1")
                .then(() -> IntStream.range(200, 400).forEach(i -> join(first, "m" + i)))
                .thenRequest(1)
                .assertNext(seen::add)
                .then(() -> join(first, "last"))
                .thenRequest(10)
                .expectNext("+last")
                .thenCancel()
                .verify();
        assertThat(seen.get(0)).startsWith("present [m0, m1,").endsWith("m399]");
    }

    @Test
    void aSubscriberKeepsTheRoomInUseAndLetsGoOfIt() {
        Disposable subscription = first.room("lobby").presence().subscribe();
        join(second, "bob");
        assertThat(names(first)).containsExactly("bob");

        subscription.dispose();
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(first.size()).isZero();
        assertThat(names(first)).isEmpty();
    }

    @Test
    void theEventsCompleteWithTheClose() {
        StepVerifier.create(first.room("lobby").presence().map(PresenceTest::text))
                .expectNext("present []")
                .then(() -> first.close().block())
                .verifyComplete();
    }

    @Test
    void whoComesLateHearsOfThoseWhoAreThere() {
        IntStream.range(0, 350).forEach(i -> join(first, "m" + i));
        join(second, "bob");
        assertThat(names(second)).hasSize(351).startsWith("bob", "m0", "m1");
    }

    @Test
    void aNodeThatClosesIsGoneAtOnce() {
        join(first, "ada");
        join(second, "bob");
        List<String> onSecond = follow(second);
        first.close().block();
        assertThat(onSecond).containsExactly("present [bob, ada]", "-ada");
    }

    @Test
    void aNodeThatFallsSilentIsGoneAfterThreeDigests() {
        join(first, "ada");
        join(second, "bob");
        List<String> onSecond = follow(second);
        time.advanceTimeBy(DIGEST);
        firstLayer.loses = message -> true;

        time.advanceTimeBy(DIGEST.multipliedBy(2));
        assertThat(onSecond).containsExactly("present [bob, ada]");
        time.advanceTimeBy(DIGEST);
        assertThat(onSecond).containsExactly("present [bob, ada]", "-ada");
    }

    @Test
    void aNodeThatFallsSilentBeforeItsFirstDigestIsGoneToo() {
        join(first, "ada");
        join(second, "bob");
        List<String> onSecond = follow(second);
        firstLayer.loses = message -> true;

        time.advanceTimeBy(DIGEST.multipliedBy(4));
        assertThat(onSecond).containsExactly("present [bob, ada]", "-ada");
    }

    @Test
    void aNodeThatWasSilentComesBackWithItsMembers() {
        join(first, "ada");
        join(second, "bob");
        time.advanceTimeBy(DIGEST);
        firstLayer.loses = message -> true;
        time.advanceTimeBy(DIGEST.multipliedBy(6));
        assertThat(names(second)).containsExactly("bob");

        loseNothing(firstLayer);
        time.advanceTimeBy(DIGEST.multipliedBy(2));
        assertThat(names(second)).containsExactly("bob", "ada");
    }

    @Test
    void aNodeThatIsQuietButAliveStays() {
        join(first, "ada");
        join(second, "bob");
        time.advanceTimeBy(Duration.ofMinutes(10));
        assertThat(names(first)).containsExactly("ada", "bob");
        assertThat(names(second)).containsExactly("bob", "ada");
    }

    @Test
    void anAnnouncementThatIsLostIsMadeGoodByTheNextOne() {
        join(first, "ada");
        join(second, "bob");
        lose(firstLayer, "c");
        join(first, "lost");
        loseNothing(firstLayer);
        assertThat(names(second)).containsExactly("bob", "ada");

        join(first, "next");
        assertThat(names(second)).containsExactly("bob", "ada", "lost", "next");
    }

    @Test
    void aLastAnnouncementThatIsLostIsMadeGoodByTheDigest() {
        Member ada = join(first, "ada");
        join(second, "bob");
        List<String> onSecond = follow(second);
        lose(firstLayer, "c");
        ada.leave();
        join(first, "lost");
        loseNothing(firstLayer);
        assertThat(names(second)).containsExactly("bob", "ada");

        time.advanceTimeBy(DIGEST);
        assertThat(names(second)).containsExactly("bob", "lost");
        assertThat(onSecond).containsExactly("present [bob, ada]", "-ada", "+lost");
    }

    @Test
    void changesAreRepeatedInThreeDigests() {
        join(first, "ada");
        join(second, "bob");
        lose(firstLayer, "cd");
        join(first, "lost");
        time.advanceTimeBy(DIGEST.multipliedBy(2));
        assertThat(names(second)).containsExactly("bob", "ada");

        loseNothing(firstLayer);
        time.advanceTimeBy(DIGEST);
        assertThat(names(second)).containsExactly("bob", "ada", "lost");
    }

    @Test
    void aSnapshotThatIsLostIsAskedForAgain() {
        join(first, "ada");
        lose(firstLayer, "s");
        join(second, "bob");
        assertThat(names(second)).containsExactly("bob");
        time.advanceTimeBy(DIGEST);
        assertThat(names(second)).containsExactly("bob");

        loseNothing(firstLayer);
        time.advanceTimeBy(DIGEST);
        assertThat(names(second)).containsExactly("bob", "ada");
    }

    @Test
    void theLastMemberOfANodeThatLeavesUnheardIsForgotten() {
        Member ada = join(first, "ada");
        join(second, "bob");
        lose(firstLayer, "c");
        ada.leave();
        loseNothing(firstLayer);
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(first.size()).isZero();

        time.advanceTimeBy(DIGEST.multipliedBy(4));
        assertThat(names(second)).containsExactly("bob");
    }

    @Test
    void aRoomThatIsUsedAgainBeginsAnewForOthers() {
        Member ada = join(first, "ada");
        join(second, "bob");
        ada.leave();
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(first.size()).isZero();
        assertThat(names(second)).containsExactly("bob");

        join(first, "again");
        join(first, "more");
        assertThat(names(second)).containsExactly("bob", "again", "more");
        assertThat(names(first)).containsExactly("again", "more", "bob");
    }

    @Test
    void aRoomThatIsUsedAgainIsRightAlsoWhereItsEndWasNotHeard() {
        Member ada = join(first, "ada");
        join(second, "bob");
        lose(firstLayer, "cd");
        ada.leave();
        time.advanceTimeBy(Duration.ofSeconds(10));
        loseNothing(firstLayer);
        assertThat(names(second)).containsExactly("bob", "ada");

        join(first, "again");
        assertThat(names(second)).containsExactly("bob", "again");
    }

    @Test
    void nobodyIsGoneWhileTheLayerIsNotReadyAndAllIsRightAfterwards() {
        Member ada = join(first, "ada");
        join(second, "bob");
        List<String> onSecond = follow(second);
        time.advanceTimeBy(DIGEST);

        firstLayer.loses = message -> true;
        secondLayer.loses = message -> true;
        firstLayer.ready(false);
        secondLayer.ready(false);
        ada.leave();
        join(first, "during");
        time.advanceTimeBy(DIGEST.multipliedBy(10));
        assertThat(names(second)).containsExactly("bob", "ada");

        loseNothing(firstLayer);
        loseNothing(secondLayer);
        firstLayer.ready(true);
        secondLayer.ready(true);
        assertThat(names(second)).containsExactly("bob", "during");
        assertThat(names(first)).containsExactly("during", "bob");
        assertThat(onSecond).containsExactly("present [bob, ada]", "-ada", "+during");
    }

    @Test
    void aRoomThatIsGoneAfterAnOutageIsForgotten() {
        Member ada = join(first, "ada");
        join(second, "bob");
        time.advanceTimeBy(DIGEST);
        secondLayer.ready(false);
        firstLayer.loses = message -> true;
        ada.leave();
        time.advanceTimeBy(DIGEST.multipliedBy(6));
        loseNothing(firstLayer);
        assertThat(first.size()).isZero();
        assertThat(names(second)).containsExactly("bob", "ada");

        secondLayer.ready(true);
        time.advanceTimeBy(DIGEST.multipliedBy(3));
        assertThat(names(second)).containsExactly("bob");
    }

    @Test
    void quietRoomsMakeNoTraffic() {
        for (int i = 0; i < 300; i++) {
            first.room("r" + i).join(Peer.connect().session()).block();
        }
        time.advanceTimeBy(DIGEST.multipliedBy(5));
        long before = broker.stats().sent();
        time.advanceTimeBy(DIGEST.multipliedBy(10));
        assertThat(broker.stats().sent() - before).as("one digest each time").isEqualTo(10);
    }

    @Test
    void aNodeWithoutRoomsSaysNothing() {
        join(first, "ada").leave();
        time.advanceTimeBy(DIGEST.multipliedBy(8));
        long before = broker.stats().sent();
        time.advanceTimeBy(DIGEST.multipliedBy(10));
        assertThat(broker.stats().sent()).isEqualTo(before);
    }

    @Test
    void ofTooManyRemoteMembersSomeAreLeftOutUntilThereIsRoomAgain() {
        Rooms third =
                Rooms.builder().layer(broker).timer(time).maxRemoteMembers(20).build();
        nodes.add(third);
        List<Member> members =
                IntStream.range(0, 30).mapToObj(i -> join(first, "m" + i)).toList();
        join(third, "cy");
        assertThat(names(third)).hasSize(21);
        assertThat(third.statistics().remoteMembers()).isEqualTo(20);

        members.subList(0, 15).forEach(Member::leave);
        assertThat(names(third)).hasSize(6);
        time.advanceTimeBy(DIGEST);
        assertThat(names(third)).hasSize(16).endsWith("m29");
    }

    @Test
    void manyJoinsAndLeavesOnSeveralNodesEndWithTheSameViewEverywhere() {
        Rooms third = node(broker);
        List<Rooms> all = List.of(first, second, third);
        all.forEach(node -> join(node, "stays"));
        java.util.Random random = new java.util.Random(42);
        firstLayer.loses = message -> random.nextInt(10) == 0;
        secondLayer.loses = message -> random.nextInt(3) == 0;
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            if (members.size() > 5 && random.nextBoolean()) {
                members.remove(random.nextInt(members.size())).leave();
            } else {
                members.add(join(all.get(random.nextInt(3)), "m" + i));
            }
            if (i % 100 == 0) {
                time.advanceTimeBy(DIGEST);
            }
        }
        loseNothing(firstLayer);
        loseNothing(secondLayer);
        time.advanceTimeBy(DIGEST.multipliedBy(4));

        List<String> expected = names(first).stream().sorted().toList();
        assertThat(expected).hasSize(members.size() + 3);
        assertThat(names(second)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(names(third)).containsExactlyInAnyOrderElementsOf(expected);
    }
}

package io.asyncgateway.websocket.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.CloseStatus;
import io.asyncgateway.websocket.OverflowPolicy;
import io.asyncgateway.websocket.QueueOptions;
import io.asyncgateway.websocket.SessionOptions;
import io.asyncgateway.websocket.channel.ChannelLayer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Ada reads too slowly, Bob does not: what becomes of her is up to the policy, and he never notices. */
class SlowMemberTest {
    private static final int BOUND = 4;
    private static final QueueOptions FEW = QueueOptions.defaults().withMaxMessages(BOUND);

    private final Peer ada = Peer.connect();
    private final Peer bob = Peer.connect();
    private final List<PresenceEvent> presence = new ArrayList<>();
    private final List<String> observed = new ArrayList<>();
    private VirtualTimeScheduler time;
    private ChannelLayer layer;
    private Rooms rooms;
    private Room room;
    private Member slow;
    private Member quick;

    @BeforeEach
    void virtualTime() {
        time = VirtualTimeScheduler.getOrSet();
        layer = ChannelLayer.inMemory();
    }

    @AfterEach
    void close() {
        rooms.close().block();
        layer.close().block();
        VirtualTimeScheduler.reset();
    }

    /** Both are in, and Ada no longer reads. */
    private void join(QueueOptions queue) {
        join(Rooms.builder().queue(queue.withObserver((full, message) -> {
            assertThat(full.session()).isSameAs(ada.session());
            observed.add(
                    StandardCharsets.UTF_8.decode(message.message().payload()).toString());
        })));
    }

    private void join(Rooms.Builder builder) {
        rooms = builder.layer(layer).build();
        room = rooms.room("lobby");
        slow = room.join(ada.session(), JoinOptions.defaults().withName("ada")).block();
        quick = room.join(bob.session(), JoinOptions.defaults().withName("bob")).block();
        room.presence().subscribe(presence::add);
        ada.stall();
    }

    private void broadcast(int from, int to) {
        texts(from, to)
                .forEach(text -> room.broadcast(WebSocketMessage.text(text)).block());
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private void assertThatBobGotAll(int messages) {
        assertThat(bob.texts()).isEqualTo(texts(0, messages));
        assertThat(quick.hasLeft()).isFalse();
        assertThat(bob.closeCode()).isZero();
    }

    private void assertThatAdaIsGone() {
        assertThat(slow.hasLeft()).isTrue();
        assertThat(room.members()).containsExactly(quick.info());
        assertThat(presence)
                .containsExactly(
                        new PresenceEvent.Present(List.of(slow.info(), quick.info())),
                        new PresenceEvent.Left(slow.info()));
        assertThat(room.statistics().members()).isEqualTo(1);
        assertThat(room.statistics().disconnected()).isEqualTo(1);
    }

    @Test
    void byDefaultSheIsDisconnectedByTheMessageBehindTheSixtyFourThatWait() {
        join(Rooms.builder());
        // One is with the transport.
        broadcast(0, 65);
        assertThat(ada.session().isClosed()).isFalse();
        assertThat(room.statistics().disconnected()).isZero();

        broadcast(65, 66);
        assertThat(ada.session().isClosed()).isTrue();
        ada.read();

        assertThat(ada.closeCode()).isEqualTo(CloseStatus.POLICY_VIOLATION);
        assertThat(ada.texts()).isEqualTo(texts(0, 1));
        assertThatAdaIsGone();
        assertThatBobGotAll(66);
    }

    @Test
    void whoIsDisconnectedIsTooSlowAndCountedOnceHoweverManyMessagesFollow() {
        join(FEW);
        broadcast(0, 20);
        ada.read();

        assertThat(ada.closeCode()).isEqualTo(CloseStatus.POLICY_VIOLATION);
        assertThat(ada.session().closed().block()).isEqualTo(new CloseStatus(1008, "too slow"));
        assertThat(ada.texts()).isEqualTo(texts(0, 1));
        assertThat(observed).isEqualTo(texts(1 + BOUND, 2 + BOUND));
        assertThatAdaIsGone();
        assertThatBobGotAll(20);
        assertThat(room.statistics().deliveries()).isEqualTo(20 + 1 + BOUND);
        assertThat(room.statistics().droppedOldest()).isZero();
        assertThat(room.statistics().droppedNewest()).isZero();
    }

    @Test
    void whoIsDisconnectedAndNeverReadsAgainIsGoneWhenTheCloseTimesOut() {
        join(FEW);
        broadcast(0, 20);
        Duration timeout = SessionOptions.defaults().closeTimeout();
        time.advanceTimeBy(timeout.minusMillis(1));
        assertThat(slow.hasLeft()).isFalse();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(ada.session().closed().block()).isEqualTo(new CloseStatus(1008, "too slow"));
        assertThatAdaIsGone();
        broadcast(20, 21);
        assertThatBobGotAll(21);
    }

    @Test
    void whoIsDisconnectedCanComeAgain() {
        join(FEW);
        broadcast(0, 20);
        ada.read();
        Peer again = Peer.connect();
        Member member = room.join(again.session()).block();
        broadcast(20, 21);

        assertThat(again.texts()).isEqualTo(texts(20, 21));
        assertThat(room.members()).containsExactly(quick.info(), member.info());
        assertThatBobGotAll(21);
    }

    @Test
    void theOldestAreDroppedAndSheGetsTheLastOnesWhenSheReadsAgain() {
        join(FEW.withPolicy(OverflowPolicy.DROP_OLDEST));
        broadcast(0, 10);

        assertThatBobGotAll(10);
        assertThat(observed).isEqualTo(texts(1, 10 - BOUND));
        assertThat(room.statistics().droppedOldest()).isEqualTo(5);
        assertThat(room.statistics().droppedNewest()).isZero();
        assertThat(room.statistics().deliveries()).as("each got a place").isEqualTo(20);
        assertThat(slow.queue().dropped()).isEqualTo(5);
        assertThat(slow.queue().waiting()).as("with the one on its way").isEqualTo(1 + BOUND);

        ada.read();
        assertThat(ada.texts()).containsExactly("m0", "m6", "m7", "m8", "m9");
        assertThatSheGoesOn();
    }

    @Test
    void theNewestAreDroppedAndSheGetsTheFirstOnesWhenSheReadsAgain() {
        join(FEW.withPolicy(OverflowPolicy.DROP_NEWEST));
        broadcast(0, 10);

        assertThatBobGotAll(10);
        assertThat(observed).isEqualTo(texts(1 + BOUND, 10));
        assertThat(room.statistics().droppedNewest()).isEqualTo(5);
        assertThat(room.statistics().droppedOldest()).isZero();
        assertThat(room.statistics().deliveries()).isEqualTo(10 + 1 + BOUND);
        assertThat(slow.queue().dropped()).isEqualTo(5);

        ada.read();
        assertThat(ada.texts()).isEqualTo(texts(0, 1 + BOUND));
        assertThatSheGoesOn();
    }

    private void assertThatSheGoesOn() {
        int before = ada.count();
        broadcast(10, 11);
        assertThat(ada.texts()).hasSize(before + 1).endsWith("m10");
        assertThat(ada.closeCode()).isZero();
        assertThat(room.members()).containsExactly(slow.info(), quick.info());
        assertThat(room.statistics().disconnected()).isZero();
        assertThat(rooms.statistics()).isEqualTo(room.statistics());
    }

    /** Two octets each: five fit into ten, and the one with the transport. */
    @ParameterizedTest
    @EnumSource(OverflowPolicy.class)
    void theBoundOfBytesIsKeptAsTheOneOfMessages(OverflowPolicy policy) {
        join(QueueOptions.defaults().withMaxBytes(10).withPolicy(policy));
        broadcast(0, 6);
        assertThat(observed).isEmpty();
        broadcast(6, 7);

        assertThat(observed).isEqualTo(policy == OverflowPolicy.DROP_OLDEST ? List.of("m1") : List.of("m6"));
        assertThatBobGotAll(7);
        ada.read();
        switch (policy) {
            case DROP_OLDEST -> assertThat(ada.texts()).containsExactly("m0", "m2", "m3", "m4", "m5", "m6");
            case DROP_NEWEST -> assertThat(ada.texts()).isEqualTo(texts(0, 6));
            case DISCONNECT -> {
                assertThat(ada.texts()).isEqualTo(texts(0, 1));
                assertThat(ada.closeCode()).isEqualTo(CloseStatus.POLICY_VIOLATION);
                assertThatAdaIsGone();
            }
        }
    }
}

package io.asyncgateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.WebSocketEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutboundQueueTest {
    private static final QueueOptions THREE = QueueOptions.defaults().withMaxMessages(3);

    private final OpenSession open = OpenSession.open();

    @AfterEach
    void close() {
        open.close();
    }

    private static WebSocketEvent.Send text(String text) {
        return WebSocketEvent.Send.text(text);
    }

    private OutboundQueue queue(QueueOptions options) {
        return open.session().openQueue(options);
    }

    /** The transport takes one message and holds it, so that what follows waits. */
    private void stall(OutboundQueue queue) {
        open.driver().hold();
        assertThat(queue.offer(text("taken"))).isTrue();
        open.driver().expectText("taken");
    }

    private void expect(String... texts) {
        for (String text : texts) {
            open.driver().releaseOne();
            open.driver().expectText(text);
        }
        open.driver().releaseOne();
        open.driver().expectNothing();
    }

    @Test
    void anIdleSessionSendsAtOnce() {
        OutboundQueue queue = queue(QueueOptions.defaults());
        assertThat(queue.offer(text("a"))).isTrue();
        assertThat(queue.offer(text("b"))).isTrue();
        open.driver().expectText("a");
        open.driver().expectText("b");
        assertThat(queue.statistics()).isEqualTo(new QueueStatistics(2, 2, 0, 0, 0, 0));
        assertThat(queue.session()).isSameAs(open.session());
    }

    @Test
    void aMessageOnItsWayCountsAsWaitingUntilTheTransportTookIt() {
        OutboundQueue queue = queue(QueueOptions.defaults());
        stall(queue);
        assertThat(queue.statistics()).isEqualTo(new QueueStatistics(1, 0, 0, 0, 1, 5));
        queue.offer(text("12"));
        assertThat(queue.statistics()).isEqualTo(new QueueStatistics(2, 0, 0, 0, 2, 7));
        expect("12");
        assertThat(queue.statistics()).isEqualTo(new QueueStatistics(2, 2, 0, 0, 0, 0));
    }

    @Test
    void queuesAndTheSessionsOwnSendsTakeTurns() {
        OutboundQueue first = queue(QueueOptions.defaults());
        OutboundQueue second = queue(QueueOptions.defaults());
        stall(first);
        for (int i = 0; i < 3; i++) {
            first.offer(text("first " + i));
        }
        second.offer(text("second 0"));
        open.session().sendText("own 0").subscribe();
        open.session().sendText("own 1").subscribe();
        second.offer(text("second 1"));
        expect("first 0", "second 0", "own 0", "first 1", "second 1", "own 1", "first 2");
    }

    @Nested
    class Full {
        @Test
        void dropOldestKeepsTheLatest() {
            List<String> dropped = new ArrayList<>();
            OutboundQueue queue = queue(THREE.withPolicy(OverflowPolicy.DROP_OLDEST)
                    .withObserver((from, message) -> dropped.add(string(message))));
            stall(queue);
            for (int i = 0; i < 6; i++) {
                assertThat(queue.offer(text("m" + i))).isTrue();
            }
            assertThat(dropped).containsExactly("m0", "m1", "m2");
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(7, 0, 3, 0, 4, 11));
            expect("m3", "m4", "m5");
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(7, 4, 3, 0, 0, 0));
        }

        @Test
        void dropNewestKeepsTheFirst() {
            List<String> dropped = new ArrayList<>();
            OutboundQueue queue = queue(THREE.withPolicy(OverflowPolicy.DROP_NEWEST)
                    .withObserver((from, message) -> dropped.add(string(message))));
            stall(queue);
            for (int i = 0; i < 5; i++) {
                assertThat(queue.offer(text("m" + i))).isEqualTo(i < 3);
            }
            assertThat(dropped).containsExactly("m3", "m4");
            expect("m0", "m1", "m2");
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(6, 4, 2, 0, 0, 0));
        }

        @Test
        void disconnectClosesWith1008AndGivesUpWhatWaits() {
            List<String> dropped = new ArrayList<>();
            OutboundQueue queue = queue(THREE.withDisconnectReason("keep up")
                    .withObserver((from, message) -> dropped.add(string(message))));
            stall(queue);
            for (int i = 0; i < 4; i++) {
                assertThat(queue.offer(text("m" + i))).isEqualTo(i < 3);
            }
            assertThat(queue.offer(text("late"))).isFalse();
            assertThat(open.session().isClosed()).isTrue();
            assertThat(queue.isClosed()).isTrue();
            assertThat(dropped).containsExactly("m3");
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(6, 0, 1, 4, 1, 5));
            open.driver().releaseOne();
            assertThat(open.driver().expect(WebSocketEvent.Close.class))
                    .isEqualTo(new WebSocketEvent.Close(1008, "keep up"));
            open.driver().releaseOne();
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(6, 1, 1, 4, 0, 0));
            open.driver().expectEnd();
        }

        @Test
        void bytesAreBoundedToo() {
            OutboundQueue queue =
                    queue(QueueOptions.defaults().withMaxBytes(10).withPolicy(OverflowPolicy.DROP_OLDEST));
            stall(queue);
            for (String message : List.of("1234", "56", "7890", "abcdefgh")) {
                assertThat(queue.offer(text(message))).isTrue();
            }
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(5, 0, 3, 0, 2, 5 + 8));
            expect("abcdefgh");
        }

        @ParameterizedTest
        @EnumSource(OverflowPolicy.class)
        void anEmptyQueueTakesAMessageOfAnySize(OverflowPolicy policy) {
            OutboundQueue queue = queue(QueueOptions.defaults().withMaxBytes(3).withPolicy(policy));
            stall(queue);
            assertThat(queue.offer(text("longer than it may be"))).isTrue();
            expect("longer than it may be");
        }

        @Test
        void anObserverThatFailsHarmsNobody() {
            OutboundQueue queue = queue(THREE.withPolicy(OverflowPolicy.DROP_NEWEST)
                    .withMaxMessages(1)
                    .withObserver((from, message) -> {
                        throw new IllegalStateException("observer");
                    }));
            stall(queue);
            assertThat(queue.offer(text("a"))).isTrue();
            assertThat(queue.offer(text("b"))).isFalse();
            expect("a");
        }

        private static String string(WebSocketEvent.Send message) {
            return ((io.asyncgateway.api.WebSocketMessage.Text) message.message()).text();
        }
    }

    @Nested
    class Paused {
        @Test
        void aPausedQueueCollectsUntilItIsResumed() {
            OutboundQueue live = queue(QueueOptions.defaults().withPaused(true));
            live.offer(text("live 1"));
            open.session().sendText("past").subscribe();
            live.offer(text("live 2"));
            open.driver().expectText("past");
            open.driver().expectNothing();
            live.resume();
            open.driver().expectText("live 1");
            open.driver().expectText("live 2");
            live.offer(text("live 3"));
            open.driver().expectText("live 3");
            live.resume();
            open.driver().expectNothing();
        }

        @Test
        void itsPolicyAppliesMeanwhile() {
            OutboundQueue live = queue(THREE.withPaused(true).withPolicy(OverflowPolicy.DROP_OLDEST));
            for (int i = 0; i < 5; i++) {
                live.offer(text("m" + i));
            }
            live.resume();
            open.driver().expectText("m2");
            open.driver().expectText("m3");
            open.driver().expectText("m4");
        }

        @Test
        void aCloseOfTheSessionGivesItUp() {
            OutboundQueue live = queue(QueueOptions.defaults().withPaused(true));
            live.offer(text("never"));
            open.session().close().subscribe();
            open.driver().expect(WebSocketEvent.Close.class);
            assertThat(live.isClosed()).isTrue();
            assertThat(live.statistics()).isEqualTo(new QueueStatistics(1, 0, 0, 1, 0, 0));
        }
    }

    @Nested
    class Closed {
        @Test
        void whatWaitsIsGivenUpAndNothingIsTaken() {
            OutboundQueue queue = queue(QueueOptions.defaults());
            stall(queue);
            queue.offer(text("waits"));
            queue.close();
            queue.close();
            assertThat(queue.isClosed()).isTrue();
            assertThat(queue.offer(text("late"))).isFalse();
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(3, 0, 0, 2, 1, 5));
            expect();
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(3, 1, 0, 2, 0, 0));
        }

        @Test
        void aQueueThatIsClosedLeavesTheOthersTheirTurns() {
            OutboundQueue first = queue(QueueOptions.defaults());
            OutboundQueue second = queue(QueueOptions.defaults());
            stall(first);
            first.offer(text("given up"));
            second.offer(text("second"));
            first.close();
            expect("second");
        }

        @Test
        void theEndOfTheSessionClosesItsQueues() {
            OutboundQueue queue = queue(QueueOptions.defaults());
            stall(queue);
            queue.offer(text("waits"));
            open.driver().disconnect(1001, "");
            assertThat(queue.isClosed()).isTrue();
            assertThat(queue.offer(text("late"))).isFalse();
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(3, 0, 0, 3, 0, 0));
            open.driver().expectEnd();
        }

        @Test
        void aQueueOfASessionThatHasEndedIsClosed() {
            open.driver().disconnect(1001, "");
            OutboundQueue queue = queue(QueueOptions.defaults());
            assertThat(queue.isClosed()).isTrue();
            assertThat(queue.offer(text("late"))).isFalse();
        }

        @Test
        void whatQueuesHoldLeavesBeforeTheCloseFrame() {
            OutboundQueue queue = queue(QueueOptions.defaults());
            stall(queue);
            queue.offer(text("waits"));
            open.session().close(4000, "done").subscribe();
            assertThat(queue.offer(text("late"))).isFalse();
            open.driver().releaseOne();
            open.driver().expectText("waits");
            open.driver().releaseOne();
            open.driver().expect(WebSocketEvent.Close.class);
            open.driver().releaseOne();
            open.driver().expectEnd();
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(3, 2, 0, 1, 0, 0));
        }
    }

    @Test
    void aSessionHasNoMoreQueuesThanItsOptionsAllow() {
        try (OpenSession bounded = OpenSession.open(SessionOptions.defaults().withMaxQueues(2))) {
            OutboundQueue first = bounded.session().openQueue(QueueOptions.defaults());
            bounded.session().openQueue(QueueOptions.defaults());
            assertThatThrownBy(() -> bounded.session().openQueue(QueueOptions.defaults()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("queues: 2 are open (expected: at most 2 in a session, SessionOptions.maxQueues)");
            first.close();
            assertThat(bounded.session().openQueue(QueueOptions.defaults()).isClosed())
                    .isFalse();
        }
    }
}

package io.asyncgateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.StateKey;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class WebSocketSessionTest {
    private final OpenSession open = OpenSession.open();
    private final WebSocketSession session = open.session();

    @AfterEach
    void close() {
        open.close();
    }

    /** The subscription of a send, and how it ended. */
    private static final class Sending {
        private final AtomicReference<String> end = new AtomicReference<>("waits");
        private final Disposable subscription;

        Sending(Mono<Void> send) {
            subscription = send.subscribe(
                    nothing -> {}, failure -> end.set(failure.getClass().getSimpleName()), () -> end.set("done"));
        }

        void cancel() {
            subscription.dispose();
        }

        String end() {
            return end.get();
        }
    }

    private static String string(WebSocketMessage message) {
        return ((WebSocketMessage.Text) message).text();
    }

    @Test
    void aNameHas128RandomBitsThatFitIntoAUrl() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            names.add(SessionIds.next());
        }
        assertThat(names).hasSize(1000).allMatch(name -> name.matches("[A-Za-z0-9_-]{22}"));
        assertThat(session.id()).matches("[A-Za-z0-9_-]{22}").isEqualTo(session.id());
    }

    @Test
    void attributesAreThoseOfTheRequest() {
        StateKey<String> key = StateKey.of("room", String.class);
        session.attributes().put(key, "blue");
        assertThat(session.scope().state().get(key)).isEqualTo("blue");
    }

    @Nested
    class Messages {
        @Test
        void oneIsPulledForEachThatIsAskedFor() {
            open.driver().text("a");
            open.driver().expectNoPull();
            List<String> seen = new ArrayList<>();
            BaseSubscriber<WebSocketMessage> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

                @Override
                protected void hookOnNext(WebSocketMessage message) {
                    seen.add(string(message));
                }
            };
            session.messages().subscribe(subscriber);
            open.driver().expectNoPull();
            subscriber.request(1);
            assertThat(seen).containsExactly("a");
            open.driver().expectNoPull();
            subscriber.request(2);
            open.driver().expectPull();
            open.driver().text("b");
            open.driver().text("c");
            open.driver().text("d");
            assertThat(seen).containsExactly("a", "b", "c");
            open.driver().expectNoPull();
        }

        @Test
        void aSecondSubscriberFailsAtOnce() {
            session.messages().subscribe();
            StepVerifier.create(session.messages())
                    .expectErrorMessage("messages: a second subscriber (expected: one at a time)")
                    .verify();
        }

        @Test
        void whoComesAfterOneThatLeftGoesOnBehindIt() {
            AtomicReference<String> first = new AtomicReference<>();
            session.messages().next().subscribe(message -> first.set(string(message)));
            open.driver().text("hello");
            open.driver().text("and");
            List<String> rest = new ArrayList<>();
            session.messages().subscribe(message -> rest.add(string(message)));
            open.driver().text("more");
            assertThat(first).hasValue("hello");
            assertThat(rest).containsExactly("and", "more");
        }

        @Test
        void aMessageThatWasPulledForOneThatLeftIsKeptForTheNext() {
            Disposable first = session.messages().subscribe(message -> {
                throw new AssertionError(message);
            });
            open.driver().expectPull();
            first.dispose();
            open.driver().text("kept");
            open.driver().text("next");
            List<String> seen = new ArrayList<>();
            session.messages().subscribe(message -> seen.add(string(message)));
            assertThat(seen).containsExactly("kept", "next");
        }

        @Test
        void theyCompleteWhenTheSocketEnds() {
            StepVerifier.create(session.messages().map(WebSocketSessionTest::string))
                    .then(() -> open.driver().text("a"))
                    .then(() -> open.driver().disconnect(1006, ""))
                    .expectNext("a")
                    .verifyComplete();
            StepVerifier.create(session.messages()).verifyComplete();
        }

        @Test
        void theEndIsSeenAlsoWhereNobodyReads() {
            open.driver().text("nobody reads it");
            open.driver().disconnect(1001, "bye");
            StepVerifier.create(session.closed())
                    .expectNext(new CloseStatus(1001, "bye"))
                    .verifyComplete();
            open.driver().expectEnd();
        }

        @Test
        void jsonIsReadAsTheType() {
            StepVerifier.create(session.messages(Say.class).take(2))
                    .then(() -> open.driver().text("{\"text\":\"one\"}"))
                    .expectNext(new Say("one"))
                    .then(() -> open.driver().text(" {\"text\":\"two\",\"more\":[1]} "))
                    .expectNext(new Say("two"))
                    .verifyComplete();
        }

        @Test
        void jsonThatDoesNotFitFailsTheStream() {
            StepVerifier.create(session.messages(Say.class))
                    .then(() -> open.driver().text("{\"text\":"))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(InvalidMessageException.class)
                            .hasMessage("message: not valid (expected: JSON of Say)"))
                    .verify();
        }

        @Test
        void jsonThatDoesNotFitCanBeAnsweredAndLeftOut() {
            StepVerifier.create(session.messages(Say.class, (who, invalid) -> who.sendText("what?")))
                    .then(() -> open.driver().text("nonsense"))
                    .then(() -> open.driver().expectText("what?"))
                    .then(() -> open.driver().text("{\"text\":\"sense\"}"))
                    .expectNext(new Say("sense"))
                    .thenCancel()
                    .verify();
        }
    }

    record Say(String text) {}

    @Nested
    class Outgoing {
        @Test
        void everyKindOfMessageIsSent() {
            session.sendText("text").subscribe();
            session.sendBinary(ByteBuffer.wrap(new byte[] {1, 2})).subscribe();
            session.sendJson(new Say("json")).subscribe();
            session.send(WebSocketMessage.text("message")).subscribe();
            session.send(WebSocketEvent.Send.text("event")).subscribe();
            open.driver().expectText("text");
            open.driver().expectBinary(ByteBuffer.wrap(new byte[] {1, 2}));
            open.driver().expectText("{\"text\":\"json\"}");
            open.driver().expectText("message");
            open.driver().expectText("event");
        }

        @Test
        void aSendIsColdAndEachSubscriptionSends() {
            Mono<Void> send = session.sendText("again");
            open.driver().expectNothing();
            send.repeat(1).subscribe();
            open.driver().expectText("again");
            open.driver().expectText("again");
        }

        @Test
        void aSendCompletesWhenTheTransportTookIt() {
            open.driver().hold();
            Sending first = new Sending(session.sendText("first"));
            Sending second = new Sending(session.sendText("second"));
            open.driver().expectText("first");
            open.driver().expectNothing();
            assertThat(first.end()).isEqualTo("waits");
            open.driver().releaseOne();
            assertThat(first.end()).isEqualTo("done");
            assertThat(second.end()).isEqualTo("waits");
            open.driver().expectText("second");
            open.driver().releaseOne();
            assertThat(second.end()).isEqualTo("done");
        }

        @Test
        void aSendThatIsCancelledBeforeItsTurnIsNotSent() {
            open.driver().hold();
            Sending first = new Sending(session.sendText("first"));
            Sending second = new Sending(session.sendText("second"));
            new Sending(session.sendText("third"));
            second.cancel();
            first.cancel();
            open.driver().expectText("first");
            open.driver().releaseOne();
            open.driver().expectText("third");
        }

        @Test
        void tooManySendsFailAtOnce() {
            try (OpenSession bounded =
                    OpenSession.open(SessionOptions.defaults().withMaxPending(2, 10))) {
                bounded.driver().hold();
                bounded.session().sendText("on its way").subscribe();
                Sending one = new Sending(bounded.session().sendText("1"));
                new Sending(bounded.session().sendText("2"));
                StepVerifier.create(bounded.session().sendText("3"))
                        .expectErrorSatisfies(failure -> assertThat(failure)
                                .isInstanceOf(OutboundOverflowException.class)
                                .hasMessage("send: 2 messages of 2 bytes wait, and 1 bytes more (expected: at most 2"
                                        + " and 10; wait for each send, or use a queue)"))
                        .verify();
                one.cancel();
                StepVerifier.create(bounded.session().sendText("0123456789"))
                        .expectError(OutboundOverflowException.class)
                        .verify();
                assertThat(new Sending(bounded.session().sendText("012345678")).end())
                        .isEqualTo("waits");
            }
        }

        @Test
        void whereNoneWaitsOneOfAnySizeIsTaken() {
            try (OpenSession bounded =
                    OpenSession.open(SessionOptions.defaults().withMaxPending(2, 10))) {
                bounded.driver().hold();
                bounded.session().sendText("on its way").subscribe();
                assertThat(new Sending(bounded.session().sendText("x".repeat(100))).end())
                        .isEqualTo("waits");
            }
        }

        @Test
        void sendsFailOnceTheSocketHasEnded() {
            open.driver().hold();
            Sending onItsWay = new Sending(session.sendText("on its way"));
            Sending waiting = new Sending(session.sendText("waiting"));
            open.driver().expectText("on its way");
            open.driver().disconnect(1006, "");
            assertThat(onItsWay.end()).isEqualTo("DisconnectedException");
            assertThat(waiting.end()).isEqualTo("DisconnectedException");
            StepVerifier.create(session.sendText("late"))
                    .expectError(DisconnectedException.class)
                    .verify();
        }

        @Test
        void aValueThatIsNoJsonFailsItsSendAlone() {
            StepVerifier.create(session.sendJson(new Object()))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("value: java.lang.Object (expected: one that Jackson can write)"))
                    .verify();
            session.sendText("goes on").subscribe();
            open.driver().expectText("goes on");
        }

        @Test
        void aSendWithinTheCompletionOfASendDoesNotNest() {
            StepVerifier.create(session.sendText("x").repeat(20_000)).verifyComplete();
            assertThat(open.driver().expect(WebSocketEvent.Send.class)).isEqualTo(WebSocketEvent.Send.text("x"));
        }
    }

    @Nested
    class Closing {
        @Test
        void whatWasSentBeforeLeavesFirstAndNothingAfterwards() {
            open.driver().hold();
            session.sendText("first").subscribe();
            session.sendText("second").subscribe();
            Sending closing = new Sending(session.close(4001, "enough"));
            Sending late = new Sending(session.sendText("late"));
            assertThat(late.end()).isEqualTo("DisconnectedException");
            assertThat(session.isClosed()).isTrue();
            open.driver().expectText("first");
            open.driver().releaseOne();
            open.driver().expectText("second");
            open.driver().releaseOne();
            assertThat(closing.end()).isEqualTo("waits");
            assertThat(open.driver().expect(WebSocketEvent.Close.class))
                    .isEqualTo(new WebSocketEvent.Close(4001, "enough"));
            open.driver().releaseOne();
            assertThat(closing.end()).isEqualTo("done");
            open.driver().expectEnd();
            StepVerifier.create(session.closed())
                    .expectNext(new CloseStatus(4001, "enough"))
                    .verifyComplete();
        }

        @Test
        void theFirstCloseCounts() {
            session.close(4001, "one").subscribe();
            session.close(4002, "two").subscribe();
            assertThat(open.driver().expect(WebSocketEvent.Close.class).code()).isEqualTo(4001);
            open.driver().expectEnd();
        }

        @Test
        void aCloseAfterTheEndCompletes() {
            open.driver().disconnect(1001, "");
            StepVerifier.create(session.close()).verifyComplete();
            StepVerifier.create(session.close()).verifyComplete();
        }

        @Test
        void aCodeThatMayNotBeSentIsRefused() {
            assertThatThrownBy(() -> session.close(1006, ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("code: 1006 (expected: 1000-1003, 1007-1014 or 3000-4999)");
        }

        @Test
        void aPeerThatTakesNothingIsLeftToTheServerInTime() {
            VirtualTimeScheduler.getOrSet();
            try (OpenSession slow = OpenSession.open()) {
                OutboundQueue queue =
                        slow.session().openQueue(QueueOptions.defaults().withMaxMessages(1));
                slow.driver().hold();
                for (int i = 0; i < 3; i++) {
                    queue.offer(WebSocketEvent.Send.text("m" + i));
                }
                slow.driver().expectText("m0");
                slow.driver().advanceTime(Duration.ofMillis(4999));
                slow.driver().expectNothing();
                slow.driver().advanceTime(Duration.ofMillis(1));
                slow.driver().expectFailure(io.asyncgateway.api.RequestException.class);
                StepVerifier.create(slow.session().closed())
                        .expectNext(new CloseStatus(1008, "too slow"))
                        .verifyComplete();
            } finally {
                VirtualTimeScheduler.reset();
            }
        }
    }
}

package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpApplication;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.Send;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

class HttpExchangeTest {
    private static final String POST = "POST /a HTTP/1.1\nHost: a\n";
    private static final String INTERNAL_SERVER_ERROR = "HTTP/1.1 500 Internal Server Error\n"
            + "content-type: text/plain; charset=utf-8\ncontent-length: 22\n\nInternal Server Error\n";

    private static EmbeddedConnection with(java.util.function.UnaryOperator<Timeouts> change) {
        return EmbeddedConnection.open(config -> config.withTimeouts(change.apply(config.timeouts())));
    }

    // ------------------------------------------------------------------------------------------------ how it ends

    static Stream<Arguments> failing() {
        return Stream.<Map.Entry<String, HttpApplication>>of(
                        Map.entry("IllegalStateException", (scope, receive, send) -> {
                            throw new IllegalStateException();
                        }),
                        Map.entry("NoClassDefFoundError", (scope, receive, send) -> {
                            throw new NoClassDefFoundError();
                        }),
                        Map.entry("StackOverflowError", (scope, receive, send) -> {
                            throw new StackOverflowError();
                        }),
                        Map.entry("returned null", (scope, receive, send) -> null),
                        Map.entry("IOException", (scope, receive, send) -> Mono.error(new java.io.IOException())),
                        Map.entry(
                                "ExceptionInInitializerError",
                                (scope, receive, send) -> Mono.fromRunnable(() -> {
                                    throw new ExceptionInInitializerError();
                                })),
                        Map.entry("IllegalArgumentException", (scope, receive, send) -> unreasonable()),
                        Map.entry("ended without completing its response", (scope, receive, send) -> Mono.empty()),
                        Map.entry(
                                "DeadlineExceededException",
                                (scope, receive, send) -> Mono.error(new DeadlineExceededException())),
                        Map.entry("UnsupportedOperationException", (scope, receive, send) -> start(send)
                                .then(Mono.error(new UnsupportedOperationException()))))
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    private static Mono<Void> start(Send send) {
        return send.send(HttpEvent.ResponseStart.of(200, "x-secret", "1"));
    }

    private static Mono<Void> unreasonable() {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> actual) {
                throw new IllegalArgumentException();
            }
        };
    }

    @ParameterizedTest
    @MethodSource("failing")
    void anApplicationThatFailsBeforeItsResponseIsAnsweredForAndTheConnectionGoesOn(
            String logged, HttpApplication application) {
        try (EmbeddedConnection connection = EmbeddedConnection.open(application)) {
            for (int i = 0; i < 2; i++) {
                connection.send("GET /a?secret HTTP/1.1\nHost: a\n\n");
                assertThat(connection.received()).isEqualTo(INTERNAL_SERVER_ERROR);
                assertThat(connection.exchanges()).isZero();
                assertThat(connection.errors())
                        .singleElement()
                        .asString()
                        .contains(logged)
                        .contains("GET /a")
                        .doesNotContain("secret");
            }
        }
    }

    @Test
    void aFailureThatIsThePeersIsAnsweredWithItsStatusAndNotLogged() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            connection.get().fail(new RequestException(422, "secret"));
            assertThat(connection.received())
                    .startsWith("HTTP/1.1 422 Unprocessable Content\n")
                    .doesNotContain("secret");
        }
    }

    @Test
    void aRefusalIsAnsweredWithItsFieldsInPlaceOfTheUsualOnes() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            connection
                    .get()
                    .fail(new RequestException(
                            503, Headers.of("retry-after", "7", "vary", "a", "vary", "b", "content-length", "1"), "x"));
            assertThat(connection.received())
                    .startsWith("HTTP/1.1 503 Service Unavailable\n")
                    .containsOnlyOnce("retry-after: 7\n")
                    .contains("vary: a\nvary: b\n")
                    .containsOnlyOnce("content-length: 20\n")
                    .endsWith("\n\nService Unavailable\n");
        }
    }

    @Test
    void aFailureInTheMiddleOfAResponseEndsTheConnectionWithoutItsEnd() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            call.part("1").value();
            call.fail(new IllegalStateException("on purpose"));
            assertThat(connection.received()).endsWith("\n\n1\n1\n");
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.errors()).singleElement().asString().contains("on purpose");
            assertThat(connection.logged()).singleElement().satisfies(entry -> {
                assertThat(entry.aborted()).isTrue();
                assertThat(entry.status()).isEqualTo(200);
                assertThat(entry.bodyBytes()).isEqualTo(1);
            });
        }
    }

    @Test
    void anApplicationThatCompletesInTheMiddleOfItsResponseIsNoBetter() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            call.part("1").value();
            call.complete();
            assertThat(connection.received()).endsWith("\n\n1\n1\n");
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.errors()).singleElement().asString().contains("ended without completing");
        }
    }

    @Test
    void anApplicationMayGoOnAfterItsResponse() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call first = connection.get();
            first.start(200).value();
            first.last("1").value();
            assertThat(connection.exchanges()).isEqualTo(1);
            connection.get().answer("2");
            assertThat(connection.received()).endsWith("1HTTP/1.1 200 OK\ncontent-length: 1\n\n2");
            assertThat(connection.exchanges()).isEqualTo(1);
            connection.disconnect();
            connection.pass(1_000_000);
            assertThat(first.isCancelled()).isFalse();
            first.fail(new IllegalStateException("late"));
            assertThat(connection.exchanges()).isZero();
            assertThat(connection.errors()).singleElement().asString().contains("after its exchange was over", "late");
        }
    }

    @Test
    void aLateFailureThatIsNobodysFaultIsNotLogged() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            call.last("1").value();
            call.fail(call.receive().failure());
        }
    }

    // ------------------------------------------------------------------------------------------------ receiving

    @Test
    void aRequestWithoutABodyHasOneEmptyPart() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            assertThat(call.receive().value()).isEqualTo(HttpEvent.Request.empty());
            assertThat(call.receive().isPending()).isTrue();
        }
    }

    @Test
    void aPullThatComesEarlyGetsThePartThatComesLate() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Content-Length: 10\n\n");
            Outcome<ReceiveEvent> pull = call.receive();
            assertThat(pull.isPending()).isTrue();
            connection.sendExactly("hello");
            assertThat(Call.text(pull.value())).isEqualTo("hello");
            connection.sendExactly("world");
            HttpEvent.Request last = (HttpEvent.Request) call.receive().value();
            assertThat(Call.text(last)).isEqualTo("world");
            assertThat(last.more()).isFalse();
        }
    }

    @Test
    void trailersComeWithTheLastPart() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Transfer-Encoding: chunked\n\n2\nhi\n0\nSum: 1\n\n");
            assertThat(((HttpEvent.Request) call.receive().value()).trailers()).isEmpty();
            HttpEvent.Request last = (HttpEvent.Request) call.receive().value();
            assertThat(last.more()).isFalse();
            assertThat(last.trailers()).containsExactly(Map.entry("sum", "1"));
        }
    }

    @Test
    void aSecondPullFailsAndTheFirstGoesOn() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Content-Length: 2\n\n");
            Outcome<ReceiveEvent> first = call.receive();
            assertThat(call.receive().failure()).isInstanceOf(ProtocolViolationException.class);
            connection.sendExactly("hi");
            assertThat(Call.text(first.value())).isEqualTo("hi");
        }
    }

    @Test
    void aPullThatIsCancelledLeavesItsPartToTheNext() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Content-Length: 4\n\n");
            Outcome<ReceiveEvent> cancelled = call.receive();
            cancelled.cancel();
            connection.sendExactly("hi");
            assertThat(cancelled.isPending()).isTrue();
            assertThat(Call.text(call.receive().value())).isEqualTo("hi");
            Outcome<ReceiveEvent> again = call.receive();
            again.cancel();
            Outcome<ReceiveEvent> next = call.receive();
            connection.sendExactly("ho");
            assertThat(Call.text(next.value())).isEqualTo("ho");
        }
    }

    @Test
    void aPullWaitsForTheDisconnectAfterTheLastPart() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.receive().value();
            Outcome<ReceiveEvent> pull = call.receive();
            connection.disconnect();
            assertThat(pull.value()).isEqualTo(HttpEvent.Disconnect.instance());
            assertThat(call.receive().value()).isEqualTo(HttpEvent.Disconnect.instance());
        }
    }

    @Test
    void aPullFailsWhenTheResponseIsComplete() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.receive().value();
            Outcome<ReceiveEvent> pull = call.receive();
            call.start(200).value();
            assertThat(pull.isPending()).isTrue();
            call.last("hi").value();
            assertThat(pull.failure()).isInstanceOf(ExchangeEndedException.class);
            connection.disconnect();
            assertThat(call.receive().failure()).isInstanceOf(ExchangeEndedException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"x, 400", "5;, 400", "ffffffffffffffff, 400", "2000, 413"})
    void aBodyThatIsBrokenFailsThePullAndIsAnsweredWithItsStatus(String chunk, int status) {
        try (EmbeddedConnection connection = EmbeddedConnection.open(
                config -> config.withLimits(config.limits().withBodySize(1000)))) {
            Call call = connection.request(POST + "Transfer-Encoding: chunked\n\n2\nhi\n" + chunk + "\n");
            assertThat(Call.text(call.receive().value())).isEqualTo("hi");
            Throwable failure = call.receive().failure();
            assertThat(failure).isInstanceOfSatisfying(RequestException.class, broken -> assertThat(broken.status())
                    .isEqualTo(status));
            assertThat(call.receive().failure()).isSameAs(failure);
            call.fail(failure);
            assertThat(connection.received())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("connection: close\n");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    /** One chunk may have some; all chunks of a body together may not have many. */
    @Test
    void aBodyWithMoreChunkExtensionsThanItMayHaveIsBrokenAndItsConnectionEnds() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            String chunk = "1;a=" + "b".repeat(1000) + "\nx\n";
            Call call = connection.request(POST + "Transfer-Encoding: chunked\n\n" + chunk.repeat(17) + "0\n\n");
            Outcome<ReceiveEvent> pull = call.receive();
            for (; pull.isComplete(); pull = call.receive()) {
                assertThat(Call.text(pull.value())).matches("x+");
            }
            Throwable failure = pull.failure();
            assertThat(failure).isInstanceOfSatisfying(RequestException.class, broken -> assertThat(broken.status())
                    .isEqualTo(400));
            call.fail(failure);
            assertThat(connection.received()).startsWith("HTTP/1.1 400 ").contains("connection: close\n");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aBodyThatStallsFailsThePull() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withBodyGap(Duration.ofSeconds(7)))) {
            Call call = connection.request(POST + "Content-Length: 2\n\n");
            connection.pass(1_000_000);
            Outcome<ReceiveEvent> pull = call.receive();
            connection.pass(6_999);
            assertThat(pull.isPending()).isTrue();
            connection.pass(1);
            assertThat(pull.failure()).isInstanceOfSatisfying(RequestException.class, slow -> assertThat(slow.status())
                    .isEqualTo(408));
            call.answer("anyway");
            assertThat(connection.received()).contains("connection: close\n").endsWith("anyway");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    // ------------------------------------------------------------------------------------------------ 100-continue

    @Test
    void thePeerIsAskedForItsBodyOnlyWhenItIsPulled() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Expect: 100-continue\nContent-Length: 2\n\n");
            connection.pass(1000);
            assertThat(connection.received()).isEmpty();
            Outcome<ReceiveEvent> pull = call.receive();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 100 Continue\n\n");
            connection.sendExactly("h");
            assertThat(Call.text(pull.value())).isEqualTo("h");
            Outcome<ReceiveEvent> next = call.receive();
            assertThat(connection.received()).isEmpty();
            connection.sendExactly("i");
            assertThat(Call.text(next.value())).isEqualTo("i");
            call.answer("ok");
            connection.get().answer("next");
            assertThat(connection.received()).endsWith("next");
        }
    }

    @Test
    void thePeerIsAskedAlsoWhereAStartIsHeldBack() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Expect: 100-continue\nContent-Length: 2\n\n");
            call.start(200).value();
            call.receive();
            assertThat(connection.received()).isEqualTo("HTTP/1.1 100 Continue\n\n");
        }
    }

    @Test
    void thePeerIsNotAskedOnceTheResponseHasBegun() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Expect: 100-continue\nContent-Length: 2\n\n");
            call.start(200).value();
            call.part("1").value();
            connection.received();
            Outcome<ReceiveEvent> pull = call.receive();
            assertThat(connection.received()).isEmpty();
            connection.sendExactly("hi");
            assertThat(Call.text(pull.value())).isEqualTo("hi");
        }
    }

    @Test
    void aPeerThatWasNotAskedForItsBodyIsNotTakenForSendingIt() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Expect: 100-continue\nContent-Length: 2\n\n");
            call.answer("no need");
            assertThat(connection.received()).contains("connection: close\n").doesNotContain("100 Continue");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    // ------------------------------------------------------------------------------------------------ sending

    @Test
    void aSendIsSubscribedOnceAndDoesNothingBefore() {
        AtomicReference<Send> sending = new AtomicReference<>();
        try (EmbeddedConnection connection = EmbeddedConnection.open((scope, receive, send) -> {
            sending.set(send);
            return Mono.never();
        })) {
            connection.send("GET / HTTP/1.1\nHost: a\n\n");
            Mono<Void> start = sending.get().send(new HttpEvent.ResponseStart(200));
            Mono<Void> other = sending.get().send(new HttpEvent.ResponseStart(201));
            Outcome.of(other).value();
            assertThat(Outcome.of(other).failure()).isInstanceOf(ProtocolViolationException.class);
            assertThat(Outcome.of(start).failure()).isInstanceOf(ProtocolViolationException.class);
            Outcome.of(sending.get().send(HttpEvent.ResponseBody.last())).value();
            assertThat(connection.received()).startsWith("HTTP/1.1 201 Created\n");
            connection.disconnect();
            assertThat(connection.exchanges()).isEqualTo(1);
            connection.tell(ServerEvent.FORCE);
            connection.cancelApplications();
        }
    }

    @Test
    void aSecondSendFailsAndTheFirstGoesOn() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            connection.stopTaking();
            Outcome<Void> first = call.part("x".repeat(200_000));
            assertThat(first.isPending()).isTrue();
            assertThat(call.part("y").failure()).isInstanceOf(ProtocolViolationException.class);
            connection.goOnTaking();
            first.value();
            call.last("z").value();
            assertThat(connection.received()).contains("x\n1\nz\n0\n\n").doesNotContain("y");
        }
    }

    @Test
    void aSendThatIsCancelledIsNotTakenBackAndStaysOutstanding() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200, "content-length", "200001").value();
            connection.stopTaking();
            Outcome<Void> first = call.part("x".repeat(200_000));
            first.cancel();
            assertThat(call.part("y").failure()).isInstanceOf(ProtocolViolationException.class);
            connection.goOnTaking();
            assertThat(first.isPending()).isTrue();
            call.last("z").value();
            assertThat(connection.received()).hasSize("HTTP/1.1 200 OK\ncontent-length: 200001\n\n".length() + 200_001);
        }
    }

    // ------------------------------------------------------------------------------------------------ the peer leaves

    @Test
    void everyoneIsToldWhenThePeerLeaves() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.receive().value();
            Outcome<ReceiveEvent> pull = call.receive();
            Outcome<Void> signal = Outcome.of(call.scope.disconnected());
            call.start(200).value();
            connection.stopTaking();
            Outcome<Void> send = call.part("x".repeat(200_000));
            connection.disconnect();
            assertThat(pull.value()).isEqualTo(HttpEvent.Disconnect.instance());
            assertThat(signal.isComplete()).isTrue();
            assertThat(Outcome.of(call.scope.disconnected()).isComplete()).isTrue();
            assertThat(send.failure()).isInstanceOf(DisconnectedException.class);
            assertThat(call.part("y").failure()).isInstanceOf(DisconnectedException.class);
            assertThat(Outcome.of(call.scope.draining()).isPending()).isTrue();
            assertThat(Outcome.of(call.scope.deadline()).isPending()).isTrue();
            call.fail(new DisconnectedException());
            assertThat(connection.exchanges()).isZero();
        }
    }

    @Test
    void anApplicationIsCancelledWhenTheGracePeriodIsOver() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withDisconnectGrace(Duration.ofSeconds(2)))) {
            Call call = connection.get();
            connection.disconnect();
            connection.pass(1_999);
            assertThat(call.isCancelled()).isFalse();
            assertThat(connection.exchanges()).isEqualTo(1);
            connection.pass(1);
            assertThat(call.isCancelled()).isTrue();
            assertThat(connection.exchanges()).isZero();
        }
    }

    @Test
    void withoutAGracePeriodAnApplicationIsCancelledAtOnce() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withDisconnectGrace(Duration.ZERO))) {
            Call call = connection.get();
            connection.disconnect();
            connection.pass(0);
            assertThat(call.isCancelled()).isTrue();
        }
    }

    @Test
    void anApplicationThatEndsInItsGracePeriodIsLeftAlone() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            connection.disconnect();
            call.fail(new IllegalStateException("a consequence"));
            connection.pass(1_000_000);
            assertThat(call.isCancelled()).isFalse();
        }
    }

    @Test
    void thePeersLeavingIsNoEventAfterTheResponseIsComplete() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            Outcome<Void> signal = Outcome.of(call.scope.disconnected());
            call.start(200).value();
            call.last("hi").value();
            connection.disconnect();
            assertThat(signal.isPending()).isTrue();
            assertThat(connection.logged()).singleElement().matches(entry -> !entry.aborted());
        }
    }

    @Test
    void whatWasSentButHeldIsNotLoggedAsAnswered() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            connection.disconnect();
            assertThat(connection.logged()).singleElement().satisfies(entry -> {
                assertThat(entry.aborted()).isTrue();
                assertThat(entry.status()).isZero();
                assertThat(entry.bodyBytes()).isZero();
            });
        }
    }

    // ------------------------------------------------------------------------------------------------ the deadline

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatHasNoAnswerAtItsDeadlineGets504(boolean held) {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withRequest(Duration.ofSeconds(4)))) {
            Instant before = Instant.now();
            Call call = connection.get();
            assertThat(call.scope.deadlineAt())
                    .isBetween(before.plusSeconds(4), Instant.now().plusSeconds(4));
            Outcome<Void> signal = Outcome.of(call.scope.deadline());
            call.receive().value();
            Outcome<ReceiveEvent> pull = call.receive();
            if (held) {
                call.start(200).value();
            }
            connection.pass(3_999);
            assertThat(connection.received()).isEmpty();
            assertThat(call.isCancelled()).isFalse();
            connection.pass(1);
            assertThat(connection.received())
                    .isEqualTo("HTTP/1.1 504 Gateway Timeout\ncontent-type: text/plain; charset=utf-8\n"
                            + "content-length: 16\n\nGateway Timeout\n");
            assertThat(signal.isComplete()).isTrue();
            assertThat(pull.failure()).isInstanceOf(DeadlineExceededException.class);
            assertThat(call.last("late").failure()).isInstanceOf(DeadlineExceededException.class);
            assertThat(call.isCancelled()).isTrue();
            assertThat(connection.exchanges()).isZero();
            connection.get().answer("next");
            assertThat(connection.received()).endsWith("next");
        }
    }

    @Test
    void aResponseThatIsUnderWayAtItsDeadlineIsAborted() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withRequest(Duration.ofSeconds(4)))) {
            Call call = connection.get();
            Outcome<Void> disconnected = Outcome.of(call.scope.disconnected());
            call.start(200).value();
            call.part("1").value();
            connection.pass(4_000);
            assertThat(connection.received()).endsWith("\n\n1\n1\n");
            assertThat(connection.isClosed()).isTrue();
            assertThat(call.isCancelled()).isTrue();
            assertThat(connection.exchanges()).isZero();
            assertThat(disconnected.isPending()).isTrue();
        }
    }

    @Test
    void aSendThatWaitsForThePeerFailsAtTheDeadline() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withRequest(Duration.ofSeconds(4)))) {
            Call call = connection.get();
            call.start(200).value();
            connection.stopTaking();
            Outcome<Void> send = call.part("x".repeat(200_000));
            connection.pass(4_000);
            assertThat(send.failure()).isInstanceOf(DeadlineExceededException.class);
        }
    }

    @Test
    void theDeadlineDoesNotTouchWhatIsComplete() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withRequest(Duration.ofSeconds(4)))) {
            Call call = connection.get();
            Outcome<Void> signal = Outcome.of(call.scope.deadline());
            call.start(200).value();
            call.last("hi").value();
            connection.pass(4_000);
            assertThat(call.isCancelled()).isFalse();
            assertThat(signal.isPending()).isTrue();
        }
    }

    @Test
    void thereIsNoDeadlineByDefault() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            assertThat(call.scope.deadlineAt()).isNull();
            connection.pass(1_000_000_000);
            call.answer("at last");
            assertThat(connection.received()).endsWith("at last");
        }
    }

    // ------------------------------------------------------------------------------------------------ the access log

    @Test
    void eachExchangeIsLoggedOnceWhenItsResponseEnds() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request("HEAD /a?b HTTP/1.1\nHost: a\n\n");
            call.start(404).value();
            assertThat(connection.logged()).isEmpty();
            call.last("four").value();
            connection.get().answer("12345");
            assertThat(connection.logged()).hasSize(2);
            AccessLog.Entry head = connection.logged().get(0);
            assertThat(head.scope()).isSameAs(call.scope);
            assertThat(head.status()).isEqualTo(404);
            assertThat(head.bodyBytes()).isZero();
            assertThat(head.aborted()).isFalse();
            assertThat(head.duration()).isGreaterThanOrEqualTo(Duration.ZERO);
            assertThat(connection.logged().get(1).bodyBytes()).isEqualTo(5);
        }
    }

    @Test
    void anAccessLogThatFailsHarmsNobody() {
        try (EmbeddedConnection connection = EmbeddedConnection.open(config -> config.withAccessLog(entry -> {
            throw new IllegalStateException("on purpose");
        }))) {
            connection.get().answer("hi");
            connection.get().answer("ho");
            assertThat(connection.received()).endsWith("ho");
            assertThat(connection.errors()).hasSize(2);
        }
    }

    // ------------------------------------------------------------------------------------------------ the scope

    @Test
    void theRootPathIsPutBeforeThePath() {
        try (EmbeddedConnection connection =
                EmbeddedConnection.open(config -> config.withHttp(config.http().withRootPath("/r\u00e9")))) {
            Call call = connection.request("GET /a%2Fb?c HTTP/1.1\nHost: a\n\n");
            assertThat(call.scope.target()).isEqualTo("/a%2Fb?c");
            assertThat(call.scope.rootPath()).isEqualTo("/r\u00e9");
            assertThat(call.scope.path()).isEqualTo("/r\u00e9/a/b");
            assertThat(call.scope.localPath()).isEqualTo("/a/b");
            assertThat(call.scope.queryString()).isEqualTo("c");
            call.answer("hi");
            Call asterisk = connection.request("OPTIONS * HTTP/1.1\nHost: a\n\n");
            assertThat(asterisk.scope.path()).isEqualTo("*");
            assertThat(asterisk.scope.rawPath()).isEqualTo("*");
            assertThat(asterisk.scope.rootPath()).isEmpty();
        }
    }

    @Test
    void theServersOwnFieldsYieldToTheApplications() {
        try (EmbeddedConnection connection = EmbeddedConnection.open(config -> config.withHttp(HttpOptions.defaults()
                .withHeaders(Headers.of("x-frame", "deny", "x-frame", "deny too", "vary", "*"))))) {
            connection.get().answer("hi");
            assertThat(connection.received())
                    .containsPattern("\ndate: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\n")
                    .contains("\nserver: async-gateway\n")
                    .contains("\nx-frame: deny\nx-frame: deny too\nvary: *\n");
            Call call = connection.get();
            call.start(200, "Date", "now", "Server", "mine", "Vary", "accept").value();
            call.last("hi").value();
            assertThat(connection.received())
                    .contains("\ndate: now\n")
                    .contains("\nserver: mine\n")
                    .contains("\nvary: accept\n")
                    .doesNotContain("GMT")
                    .doesNotContain("async-gateway")
                    .doesNotContain("vary: *");
        }
    }

    @Test
    void theOperatorsFieldsReplaceTheServersOwn() {
        try (EmbeddedConnection connection = EmbeddedConnection.open(config ->
                config.withHttp(HttpOptions.defaults().withHeaders(Headers.of("Server", "ours", "Date", "never"))))) {
            connection.get().answer("hi");
            assertThat(connection.received())
                    .contains("\nserver: ours\n")
                    .contains("\ndate: never\n")
                    .doesNotContain("async-gateway")
                    .doesNotContain("GMT");
        }
    }
}

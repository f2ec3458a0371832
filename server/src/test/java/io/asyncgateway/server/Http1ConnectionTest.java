package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http1ConnectionTest {
    private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";
    private static final String POST = "POST / HTTP/1.1\nHost: a\n";

    private static EmbeddedConnection with(UnaryOperator<Timeouts> change) {
        return EmbeddedConnection.open(config -> config.withTimeouts(change.apply(config.timeouts())));
    }

    private static EmbeddedConnection limited(UnaryOperator<Limits> change) {
        return EmbeddedConnection.open(config -> config.withLimits(change.apply(config.limits())));
    }

    private static String refusal(int status, String reason, String more) {
        return "HTTP/1.1 " + status + " " + reason + "\ncontent-type: text/plain; charset=utf-8\n" + more
                + "content-length: " + (reason.length() + 1) + "\nconnection: close\n\n" + reason + "\n";
    }

    // --------------------------------------------------------------------------------------------- one after the other

    @Test
    void pipelinedRequestsAreServedOneAfterTheOther() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            connection
                    .send(GET + POST + "Content-Length: 2\n\n")
                    .sendExactly("hi")
                    .send(GET);
            Call first = connection.call();
            assertThat(connection.hasCall()).isFalse();
            connection.pass(1000);
            first.answer("1");
            Call second = connection.call();
            assertThat(connection.hasCall()).isFalse();
            assertThat(Call.text(second.receive().value())).isEqualTo("hi");
            second.answer("2");
            connection.call().answer("3");
            assertThat(connection.received().replaceAll("(?s)HTTP.*?\n\n", "")).isEqualTo("123");
        }
    }

    @Test
    void whatIsAnsweredDuringOneReadIsOneWrite() {
        try (EmbeddedConnection connection =
                EmbeddedConnection.open((scope, receive, send) -> Http.respond(send, 200, "hi"))) {
            connection.send(GET.repeat(16));
            assertThat(connection.writes()).isEqualTo(1);
            assertThat(connection.received().split("HTTP/1.1 200 OK")).hasSize(17);
        }
    }

    @Test
    void whatIsSentInOneTurnOfTheLoopIsOneWrite() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            call.part("1").value();
            call.part("2").value();
            assertThat(connection.writes()).isEqualTo(1);
        }
    }

    @Test
    void manyPipelinedRequestsNeedNoDeepStack() {
        try (EmbeddedConnection connection =
                EmbeddedConnection.open((scope, receive, send) -> Http.respond(send, 200, "hi"))) {
            connection.send(GET.repeat(5_000));
            assertThat(connection.received().split("HTTP/1.1 200 OK")).hasSize(5_001);
        }
    }

    // ------------------------------------------------------------------------------------------------ idle and late

    @Test
    void aConnectionIsClosedWhenItIsIdleForTooLong() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withKeepAlive(Duration.ofSeconds(3)))) {
            connection.get().answer("hi");
            connection.received();
            connection.pass(2_999);
            assertThat(connection.isClosed()).isFalse();
            connection.get().answer("ho");
            connection.pass(2_999);
            assertThat(connection.isClosed()).isFalse();
            connection.pass(1);
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.received()).endsWith("ho");
        }
    }

    @Test
    void aConnectionOnWhichNothingComesIsClosedWithoutAWord() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withRequestHead(Duration.ofSeconds(3)))) {
            connection.pass(3_000);
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.received()).isEmpty();
        }
    }

    @Test
    void aHeadThatIsNotCompleteInTimeGets408() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withRequestHead(Duration.ofSeconds(3)))) {
            connection.sendExactly("GET / HT");
            connection.pass(3_000);
            assertThat(connection.received()).isEqualTo(refusal(408, "Request Timeout", ""));
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void theTimesDoNotRunWhileARequestIsServed() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            connection.pass(1_000_000);
            call.answer("at last");
            assertThat(connection.received()).endsWith("at last");
        }
    }

    // ------------------------------------------------------------------------------------------------ refusals

    @ParameterizedTest
    @CsvSource({
        "400, Bad Request, 'GET / HTTP/1.1\n\n'",
        "414, URI Too Long, 'GET /0123456789012345678901234567890123456789012345678901234567890123456789 HTTP/1.1\n\n'",
        "417, Expectation Failed, 'GET / HTTP/1.1\nHost: a\nExpect: more\n\n'",
        "431, Request Header Fields Too Large, 'GET / HTTP/1.1\nHost: a\nB: b\nC: c\nD: d\n\n'",
        "431, Request Header Fields Too Large, 'GET / HTTP/1.1\nHost: a\nA: 0123456789012345678901234567890123456789012345678901234567890123456789\n\n'",
        "501, Not Implemented, 'TRACE / HTTP/1.1\nHost: a\n\n'",
        "505, HTTP Version Not Supported, 'GET / HTTP/3.0\n\n'",
        "413, Content Too Large, 'PUT / HTTP/1.1\nHost: a\nContent-Length: 11\n\n'"
    })
    void aRequestThatCantBeServedIsAnsweredByTheServer(int status, String reason, String request) {
        try (EmbeddedConnection connection = limited(limits -> limits.withRequestLine(64)
                .withHeaderSection(64)
                .withHeaderFields(3)
                .withBodySize(10))) {
            connection.send(request + GET);
            assertThat(connection.received()).isEqualTo(refusal(status, reason, ""));
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.hasCall()).isFalse();
        }
    }

    @Test
    void aMalformedRequestIsRefusedAfterThoseBeforeItAreAnswered() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(GET + "nonsense\n\n");
            assertThat(connection.received()).isEmpty();
            call.answer("first");
            assertThat(connection.received())
                    .isEqualTo("HTTP/1.1 200 OK\ncontent-length: 5\n\nfirst" + refusal(400, "Bad Request", ""));
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void exactlyAsManyExchangesAsThereMayBeAreServedAtOnce() {
        try (EmbeddedConnection connection = limited(limits -> limits.withConcurrentExchanges(2))) {
            Call first = connection.get();
            goOnAfterTheResponse(first);
            Call second = connection.get();
            goOnAfterTheResponse(second);
            connection.received();
            connection.send(GET);
            assertThat(connection.hasCall()).isFalse();
            assertThat(connection.received())
                    .isEqualTo(refusal(503, "Service Unavailable", "retry-after: 1\n")
                            .replace("connection: close\n", ""));
            assertThat(connection.exchanges()).isEqualTo(2);
            first.complete();
            connection.get().answer("served again");
            assertThat(connection.received()).endsWith("served again");
            assertThat(connection.logged()).extracting(AccessLog.Entry::status).containsExactly(200, 200, 503, 200);
        }
    }

    private static void goOnAfterTheResponse(Call call) {
        call.start(200).value();
        call.last("").value();
    }

    // ------------------------------------------------------------------------------------------------ unread bodies

    @Test
    void aBodyThatTheApplicationLeftUnreadIsThrownAway() {
        try (EmbeddedConnection connection = limited(limits -> limits.withUnreadBody(100))) {
            Call call = connection.request(POST + "Content-Length: 100\n\n");
            connection.sendExactly("x".repeat(40));
            call.answer("no need");
            assertThat(connection.received()).endsWith("no need").doesNotContain("connection: close");
            connection.sendExactly("x".repeat(60));
            connection.get().answer("next");
            assertThat(connection.received()).endsWith("next");
        }
    }

    @Test
    void whatTheApplicationDidReadDoesNotCount() {
        try (EmbeddedConnection connection = limited(limits -> limits.withUnreadBody(10))) {
            Call call = connection.request(POST + "Content-Length: 100\n\n");
            connection.sendExactly("x".repeat(90));
            call.receive().value();
            call.answer("enough");
            assertThat(connection.received()).doesNotContain("connection: close");
            connection.sendExactly("x".repeat(10));
            connection.get().answer("next");
            assertThat(connection.received()).endsWith("next");
        }
    }

    @Test
    void aConnectionWhoseUnreadBodyIsTooLongIsClosed() {
        try (EmbeddedConnection connection = limited(limits -> limits.withUnreadBody(100))) {
            connection.request(POST + "Content-Length: 101\n\n").answer("no need");
            assertThat(connection.received()).contains("connection: close\n").endsWith("no need");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aConnectionGoesOnWhereTheBodyIsReadWhileTheResponseIsSent() {
        try (EmbeddedConnection connection = limited(limits -> limits.withUnreadBody(10))) {
            Call call = connection.request(POST + "Content-Length: 100\n\n");
            call.start(200).value();
            call.part("1").value();
            assertThat(connection.received()).doesNotContain("connection: close");
            connection.sendExactly("x".repeat(100));
            call.receive().value();
            call.last("2").value();
            connection.get().answer("next");
            assertThat(connection.received()).endsWith("next");
        }
    }

    @Test
    void aConnectionIsClosedWhereTheBodyTurnsOutToBeLeftUnread() {
        try (EmbeddedConnection connection = limited(limits -> limits.withUnreadBody(10))) {
            Call call = connection.request(POST + "Content-Length: 100\n\n");
            call.start(200).value();
            call.part("1").value();
            call.last("2").value();
            assertThat(connection.received()).endsWith("0\n\n");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aChunkedBodyIsThrownAwayUpToTheSameBound() {
        try (EmbeddedConnection connection = limited(limits -> limits.withUnreadBody(100))) {
            connection.request(POST + "Transfer-Encoding: chunked\n\n").answer("no need");
            connection.send("64\n" + "x".repeat(100) + "\n0\n\n");
            Call next = connection.request(POST + "Transfer-Encoding: chunked\n\n");
            next.answer("no need");
            connection.received();
            connection.send("65\n" + "x".repeat(101) + "\n");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void anUnreadBodyThatIsBrokenClosesTheConnection() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            connection.request(POST + "Transfer-Encoding: chunked\n\n").answer("no need");
            connection.received();
            connection.send("nonsense\n");
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.received()).as("it was answered already").isEmpty();
        }
    }

    @Test
    void anUnreadBodyThatDoesNotComeClosesTheConnection() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withBodyGap(Duration.ofSeconds(7)))) {
            connection.request(POST + "Content-Length: 5\n\n").answer("no need");
            connection.pass(7_000);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    // ----------------------------------------------------------------------------------------------- half-closed peers

    @Test
    void aPeerThatClosedItsDirectionIsStillAnswered() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.receive().value();
            var pull = call.receive();
            connection.halfClose();
            assertThat(pull.isPending()).isTrue();
            call.answer("hi");
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ncontent-length: 2\n\nhi");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void allThatAPeerAskedForBeforeItClosedItsDirectionIsAnswered() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            connection.send(GET + GET + GET);
            connection.halfClose();
            for (int i = 1; i <= 3; i++) {
                assertThat(connection.isClosed()).isFalse();
                connection.call().answer("answer " + i);
            }
            assertThat(connection.received())
                    .contains("answer 1HTTP", "answer 2HTTP")
                    .endsWith("answer 3");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aPeerThatClosedItsDirectionBetweenTwoRequestsIsDone() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            connection.get().answer("hi");
            connection.halfClose();
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aPeerThatClosedItsDirectionInTheMiddleOfItsBodyIsGone() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Content-Length: 5\n\n");
            connection.sendExactly("he");
            connection.halfClose();
            assertThat(connection.isClosed())
                    .as("nobody has asked for the rest yet")
                    .isFalse();
            assertThat(Call.text(call.receive().value())).isEqualTo("he");
            assertThat(call.receive().value()).isEqualTo(HttpEvent.Disconnect.instance());
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void anAnswerThatCameBeforeTheEndOfItsRequestIsNotLostWithIt() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(POST + "Content-Length: 5\n\n");
            connection.stopTaking();
            call.start(200).value();
            var last = call.last("x".repeat(70_000));
            connection.takeOne();
            connection.takeOne();
            last.value();
            connection.halfClose();
            assertThat(connection.isClosed()).isFalse();
            connection.goOnTaking();
            assertThat(connection.received()).hasSizeGreaterThan(70_000);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aPeerThatClosedItsDirectionAndTakesNothingIsGone() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withHalfClosed(Duration.ofSeconds(4)))) {
            Call call = connection.get();
            connection.halfClose();
            connection.pass(3_999);
            assertThat(connection.isClosed()).isFalse();
            connection.pass(1);
            assertThat(connection.isClosed()).isTrue();
            assertThat(call.receive().value()).isEqualTo(HttpEvent.Disconnect.instance());
            assertThat(call.last("").failure()).isInstanceOf(DisconnectedException.class);
        }
    }

    @Test
    void aPeerThatClosedItsDirectionAndTakesAllItIsGivenIsThere() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withHalfClosed(Duration.ofSeconds(4)))) {
            Call call = connection.get();
            connection.halfClose();
            call.start(200).value();
            for (int i = 0; i < 10; i++) {
                connection.pass(3_000);
                call.part("x").value();
            }
            call.last("").value();
            assertThat(connection.received()).endsWith("0\n\n");
        }
    }

    @Test
    void theTimeOfAHalfClosedPeerRunsAnewForItsNextRequest() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withHalfClosed(Duration.ofSeconds(4)))) {
            connection.send(GET + GET);
            connection.halfClose();
            connection.pass(3_000);
            connection.call().answer("1");
            connection.pass(3_999);
            assertThat(connection.isClosed()).isFalse();
            connection.pass(1);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    // ----------------------------------------------------------------------------------------- peers that take nothing

    @Test
    void aPeerThatTakesNothingForTooLongIsGone() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withResponseGap(Duration.ofSeconds(9)))) {
            Call call = connection.get();
            call.start(200).value();
            connection.stopTaking();
            var send = call.part("x".repeat(100_000));
            connection.pass(8_999);
            assertThat(send.isPending()).isTrue();
            connection.pass(1);
            assertThat(send.failure()).isInstanceOf(DisconnectedException.class);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    private static EmbeddedConnection withRate(int rate) {
        return EmbeddedConnection.open(
                config -> config.withLimits(config.limits().withResponseRate(rate))
                        .withTimeouts(config.timeouts().withResponseGap(Duration.ofSeconds(9))));
    }

    @Test
    void aPeerThatTakesTooLittleIsGone() {
        try (EmbeddedConnection connection = withRate(100_000)) {
            Call call = connection.get();
            call.start(200).value();
            connection.stopTaking();
            var send = call.part("x".repeat(1_000_000));
            connection.pass(8_000);
            connection.takeOne();
            connection.pass(1_000);
            assertThat(send.failure()).isInstanceOf(DisconnectedException.class);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aPeerThatTakesALittleNowAndThenIsThereWhereNoRateIsWanted() {
        try (EmbeddedConnection connection = withRate(0)) {
            Call call = connection.get();
            call.start(200).value();
            connection.stopTaking();
            var send = call.part("x".repeat(1_000_000));
            for (int i = 0; i < 10; i++) {
                connection.pass(8_000);
                connection.takeOne();
            }
            assertThat(send.isPending()).isTrue();
            assertThat(connection.isClosed()).isFalse();
            connection.goOnTaking();
            send.value();
        }
    }

    @Test
    void aConnectionThatIsToCloseWaitsForItsPeerButNotForEver() {
        try (EmbeddedConnection connection = with(timeouts -> timeouts.withResponseGap(Duration.ofSeconds(9)))) {
            Call call = connection.request("GET / HTTP/1.0\n\n");
            connection.stopTaking();
            call.answer("unread");
            assertThat(connection.isClosed()).isFalse();
            connection.pass(8_999);
            assertThat(connection.isClosed()).isFalse();
            connection.pass(1);
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\nHost: a\nConnection: close\n\n", "GET / HTTP/1.1\nHost: a\n\n"})
    void aLastResponseIsNotCutHoweverSlowlyThePeerTakesIt(String request) {
        try (EmbeddedConnection connection = withRate(0)) {
            Call call = connection.request(request);
            connection.stopTaking();
            call.start(200, "connection", "close").value();
            var last = call.last("x".repeat(200_000));
            while (last.isPending()) {
                connection.pass(8_000);
                connection.takeOne();
            }
            call.complete();
            for (int i = 0; !connection.isClosed() && i < 100; i++) {
                connection.pass(8_000);
                connection.takeOne();
            }
            assertThat(connection.received()).endsWith("x".repeat(200_000));
        }
    }

    /** A socket tells of a peer that is gone when it is written to, in the middle of a send. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void aSendWhoseOwnWriteFindsThePeerGoneIsNotLost(int size) {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            connection.breakWrites();
            var send = call.part("x".repeat(size));
            connection.received();
            if (size > 1) {
                assertThat(send.failure()).isInstanceOf(DisconnectedException.class);
            }
            assertThat(call.part("y").failure()).isInstanceOf(DisconnectedException.class);
            assertThat(Outcome.of(call.scope.disconnected()).isComplete()).isTrue();
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aConnectionThatFailsIsClosedAndItsApplicationIsTold() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            connection.fail(new IllegalStateException("on purpose"));
            assertThat(call.receive().value()).isEqualTo(HttpEvent.Disconnect.instance());
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.errors()).singleElement().asString().contains("on purpose");
        }
    }

    @Test
    void aConnectionThatIsResetIsNoError() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            connection.fail(new IOException("connection reset by peer"));
            assertThat(call.receive().value()).isEqualTo(HttpEvent.Disconnect.instance());
            assertThat(connection.isClosed()).isTrue();
        }
    }

    // ------------------------------------------------------------------------------------------------ going down

    @Test
    void anIdleConnectionIsClosedWhenTheServerDrains() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            connection.get().answer("hi");
            connection.tell(ServerEvent.DRAIN);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aRequestInFlightIsAnsweredWhenTheServerDrains() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.request(GET + GET);
            var signal = Outcome.of(call.scope.draining());
            connection.tell(ServerEvent.DRAIN);
            assertThat(signal.isComplete()).isTrue();
            connection.pass(1_000_000);
            assertThat(connection.isClosed()).isFalse();
            call.answer("hi");
            assertThat(connection.received()).isEqualTo("HTTP/1.1 200 OK\ncontent-length: 2\nconnection: close\n\nhi");
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.hasCall()).as("the next one is not begun").isFalse();
        }
    }

    @Test
    void aResponseUnderWayIsFinishedWhenTheServerDrains() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            call.part("1").value();
            connection.tell(ServerEvent.DRAIN);
            call.last("2").value();
            assertThat(connection.received()).endsWith("1\n1\n1\n2\n0\n\n");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aRequestThatHasBegunIsServedWhenTheServerDrains() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            connection.send("GET / HTTP/1.1\nHost");
            connection.tell(ServerEvent.DRAIN);
            assertThat(connection.isClosed()).isFalse();
            connection.send(": a\n\n");
            connection.call().answer("hi");
            assertThat(connection.received()).contains("connection: close\n").endsWith("hi");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void aConnectionIsClosedAfterItsUnreadBodyWhenTheServerDrains() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            connection.request(POST + "Content-Length: 2\n\n").answer("no need");
            connection.tell(ServerEvent.DRAIN);
            assertThat(connection.isClosed()).isFalse();
            connection.sendExactly("xx");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void byForceEverythingEndsAtOnce() {
        try (EmbeddedConnection connection = EmbeddedConnection.open()) {
            Call call = connection.get();
            call.start(200).value();
            call.part("1").value();
            var pull = Outcome.of(call.scope.disconnected());
            connection.tell(ServerEvent.FORCE);
            assertThat(connection.isClosed()).isTrue();
            assertThat(pull.isComplete()).isTrue();
            assertThat(call.isCancelled()).isTrue();
            assertThat(connection.exchanges()).isZero();
        }
    }
}

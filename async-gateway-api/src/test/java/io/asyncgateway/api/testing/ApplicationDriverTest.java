package io.asyncgateway.api.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpApplication;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanApplication;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.WebSocketApplication;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.WebSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class ApplicationDriverTest {
    private static final HttpEvent.ResponseStart START = new HttpEvent.ResponseStart(200);
    private static final Duration SOON = Duration.ofMillis(20);

    private static HttpDriver http(HttpApplication app) {
        return ApplicationDriver.http(Applications.http(app), HttpScope.builder());
    }

    private static WebSocketDriver webSocket(WebSocketApplication app) {
        return ApplicationDriver.webSocket(
                Applications.webSocket(app), WebSocketScope.builder().subprotocols("chat"));
    }

    private static LifespanDriver lifespan(LifespanApplication app) {
        return ApplicationDriver.lifespan(Applications.builder().lifespan(app).build(), LifespanScope.of(Map.of()));
    }

    private static ByteBuffer bytes(String text) {
        return UTF_8.encode(text);
    }

    private static void assertRefused(ThrowingCallable check, String message) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(message);
    }

    @Test
    void messagesAndPongsAreSignsOfLifeInVirtualTime() {
        VirtualTimeScheduler.getOrSet();
        AtomicReference<WebSocketScope> scope = new AtomicReference<>();
        try (WebSocketDriver driver = webSocket((opening, receive, send) -> {
            scope.set(opening);
            return send.send(new WebSocketEvent.Accept()).then(WebSockets.forEach(receive, message -> Mono.empty()));
        })) {
            driver.expect(WebSocketEvent.Accept.class);
            Instant opened = scope.get().lastHeard();
            driver.advanceTime(Duration.ofSeconds(5));
            assertThat(scope.get().lastHeard()).isEqualTo(opened);
            driver.text("here");
            assertThat(scope.get().lastHeard()).isEqualTo(opened.plusSeconds(5));
            driver.advanceTime(Duration.ofSeconds(5));
            driver.heard();
            assertThat(scope.get().lastHeard()).isEqualTo(opened.plusSeconds(10));
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Nested
    class Violations {
        @Test
        void ofTheOrderFailTheSendAndTheTest() {
            try (HttpDriver driver = http((scope, receive, send) -> send.send(HttpEvent.ResponseBody.last()))) {
                assertRefused(
                        () -> driver.expect(HttpEvent.ResponseBody.class),
                        "violated the contract: send: HttpEvent.ResponseBody or ResponseFile without more in state IDLE");
                driver.expectFailure(ProtocolViolationException.class);
            }
        }

        @Test
        void thatTheApplicationSwallowsFailTheTestAllTheSame() {
            HttpDriver driver = http((scope, receive, send) ->
                    send.send(HttpEvent.ResponseBody.last()).onErrorComplete().then(Http.respond(send, 200, "ok")));

            driver.hold();
            assertRefused(driver::expectResponse, "violated the contract");
            driver.close();
        }

        @Test
        void thatNobodyAskedForFailTheTestWhenItCloses() {
            HttpDriver driver = http((scope, receive, send) -> send.send(HttpEvent.ResponseBody.last()));
            driver.noBody();

            assertRefused(driver::close, "violated the contract");
        }

        @Test
        void thatTheTestWantsAreTakenOnce() {
            try (HttpDriver driver = http((scope, receive, send) -> send.send(HttpEvent.ResponseBody.last()))) {
                assertThat(driver.expectViolation()).hasMessageContaining("in state IDLE");
                assertRefused(driver::expectViolation, "failed with");
            }
        }

        @Test
        void changeNothing() {
            try (HttpDriver driver = http((scope, receive, send) ->
                    send.send(HttpEvent.ResponseBody.last()).onErrorComplete().then(Http.respond(send, 200, "ok")))) {
                driver.expectViolation();
                assertThat(driver.expectResponse().text()).isEqualTo("ok");
                driver.expectEnd();
            }
        }

        @Test
        void byAnEventOfAnotherProtocol() {
            try (HttpDriver driver = http((scope, receive, send) -> send.send(new WebSocketEvent.Accept()))) {
                assertThat(driver.expectViolation()).hasMessageContaining("WebSocketEvent.Accept in state IDLE");
            }
            try (WebSocketDriver driver =
                    webSocket((scope, receive, send) -> send.send(new LifespanEvent.StartupComplete()))) {
                assertThat(driver.expectViolation()).hasMessageContaining("in state CONNECTING");
            }
        }

        @Test
        void byASecondPull() {
            List<Throwable> failures = new ArrayList<>();
            try (HttpDriver driver = http((scope, receive, send) -> {
                Mono<ReceiveEvent> first = receive.receive();
                Mono<ReceiveEvent> second =
                        receive.receive().doOnError(failures::add).onErrorComplete();
                return Mono.when(first, second).then(Http.respond(send, 200, "ok"));
            })) {
                assertThat(driver.expectViolation()).hasMessageContaining("a second pull while one is outstanding");
                assertThat(failures).hasSize(1).first().isInstanceOf(ProtocolViolationException.class);
                driver.noBody();
                assertThat(driver.expectResponse().text()).isEqualTo("ok");
                driver.expectEnd();
            }
        }

        @Test
        void byASecondSend() {
            try (HttpDriver driver = http((scope, receive, send) -> send.send(START)
                    .then(Mono.when(
                            send.send(HttpEvent.ResponseBody.more(bytes("a"))),
                            send.send(HttpEvent.ResponseBody.last()))))) {
                driver.hold();
                driver.noBody();
                assertThat(driver.expectViolation())
                        .hasMessage(
                                "send: HttpEvent.ResponseBody while the send of HttpEvent.ResponseBody[1 byte \"a\","
                                        + " more] is outstanding (expected: at most one)");
            }
        }

        @Test
        void byASendThatIsSubscribedTwice() {
            try (HttpDriver driver = http((scope, receive, send) -> {
                Mono<Void> start = send.send(START);
                return start.then(start);
            })) {
                assertThat(driver.expectViolation())
                        .hasMessageContaining("HttpEvent.ResponseStart subscribed a second time");
            }
        }

        @Test
        void byABufferThatIsChangedWhileItsSendIsOutstanding() {
            ByteBuffer reused = ByteBuffer.allocate(1);
            try (HttpDriver driver = http(
                    (scope, receive, send) -> send.send(START).then(send.send(HttpEvent.ResponseBody.last(reused))))) {
                driver.hold();
                driver.expectStart(200);
                reused.put(0, (byte) 'x');
                driver.releaseOne();
                assertThat(driver.expectViolation()).hasMessageContaining("was changed while its send was outstanding");
            }
        }

        @Test
        void ofASubprotocolThatWasNotOffered() {
            try (WebSocketDriver driver = webSocket(
                    (scope, receive, send) -> send.send(new WebSocketEvent.Accept().withSubprotocol("other")))) {
                assertThat(driver.expectViolation())
                        .hasMessage(
                                "send: WebSocketEvent.Accept with subprotocol other (expected: one of [chat], or none)");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"connection", "Upgrade", "sec-websocket-protocol", "sec-websocket-accept"})
        void byAHeaderOfTheHandshake(String name) {
            try (WebSocketDriver driver = webSocket((scope, receive, send) ->
                    send.send(new WebSocketEvent.Accept().withHeaders(Headers.of("x-a", "1", name, "x"))))) {
                assertThat(driver.expectViolation()).hasMessageContaining("expected: none of the handshake's own");
            }
        }

        @Test
        void byAnEndWithoutAnAnswer() {
            try (HttpDriver driver = http((scope, receive, send) -> Mono.empty())) {
                assertRefused(driver::expectEnd, "completed in state IDLE");
            }
            try (HttpDriver driver = http((scope, receive, send) -> send.send(START))) {
                driver.expectStart(200);
                assertRefused(driver::expectEnd, "completed in state STARTED");
            }
            try (WebSocketDriver driver = webSocket((scope, receive, send) -> Mono.empty())) {
                assertRefused(driver::expectEnd, "completed in state CONNECTING");
            }
            try (LifespanDriver driver = lifespan((scope, receive, send) -> Mono.empty())) {
                assertRefused(driver::expectEnd, "completed in state STARTING");
            }
        }
    }

    @Nested
    class AnnouncedLength {
        private HttpDriver responding(String method, int status, String length, String... parts) {
            Application app = Applications.http((scope, receive, send) -> {
                Mono<Void> response = send.send(HttpEvent.ResponseStart.of(status, "content-length", length));
                for (String part : parts) {
                    response = response.then(Mono.defer(() -> send.send(HttpEvent.ResponseBody.more(bytes(part)))));
                }
                return response.then(Mono.defer(() -> send.send(HttpEvent.ResponseBody.last())));
            });
            return ApplicationDriver.http(app, HttpScope.builder().method(method));
        }

        @Test
        void isKept() {
            try (HttpDriver driver = responding("GET", 200, "3", "ab", "c")) {
                assertThat(driver.expectResponse().text()).isEqualTo("abc");
                driver.expectEnd();
            }
        }

        @Test
        void mayBeSaidTwice() {
            Application app = Applications.http((scope, receive, send) ->
                    Http.respond(send, 200, Headers.of("content-length", "1", "content-length", "1"), bytes("x")));
            try (HttpDriver driver = ApplicationDriver.get(app, "/")) {
                driver.expectResponse();
                driver.expectEnd();
            }
            Application other = Applications.http((scope, receive, send) ->
                    Http.respond(send, 200, Headers.of("content-length", "1", "content-length", "2"), bytes("x")));
            try (HttpDriver driver = ApplicationDriver.get(other, "/")) {
                assertThat(driver.expectViolation()).hasMessageContaining("content-length 1, 2");
            }
        }

        @Test
        void isExceeded() {
            try (HttpDriver driver = responding("GET", 200, "3", "ab", "cd")) {
                assertThat(driver.expectViolation())
                        .hasMessage("send: a body of 4 bytes or more (expected: 3, as the content-length says)");
                driver.expectStart(200);
                driver.expectPart("ab");
                driver.expectFailure(ProtocolViolationException.class);
            }
        }

        @Test
        void isNotReached() {
            try (HttpDriver driver = responding("GET", 200, "3", "ab")) {
                assertThat(driver.expectViolation())
                        .hasMessage("send: a body of 2 bytes (expected: 3, as the content-length says)");
            }
        }

        @Test
        void isThatOfABodyWhichIsNotSent() {
            for (HttpDriver driver : List.of(responding("HEAD", 200, "3"), responding("GET", 304, "3"))) {
                driver.expectResponse();
                driver.expectEnd();
                driver.close();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "+3", "3, 3", "x", "", "0x3", "9999999999999999999"})
        void isNoNumber(String length) {
            try (HttpDriver driver = responding("GET", 200, length, "abc")) {
                assertThat(driver.expectViolation()).hasMessageContaining("expected: one number of bytes");
            }
        }

        @Test
        void countsTrailersAsTheEndAndFilesByTheirRange(@TempDir Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("x"), "0123456789");
            HttpApplication app =
                    (scope, receive, send) -> send.send(HttpEvent.ResponseStart.of(200, "content-length", "7"))
                            .then(Mono.defer(() -> send.send(new HttpEvent.ResponseFile(file, 1, 4, true))))
                            .then(Mono.defer(() -> send.send(
                                    new HttpEvent.ResponseFile(file, 8, HttpEvent.ResponseFile.TO_END, true))))
                            .then(Mono.defer(() -> send.send(new HttpEvent.ResponseTrailers(Headers.of("a", "1")))));
            try (HttpDriver driver = http(app)) {
                assertThat(driver.expectViolation()).hasMessageContaining("a body of 6 bytes (expected: 7");
                driver.expectStart(200);
                driver.expect(HttpEvent.ResponseFile.class);
                driver.expect(HttpEvent.ResponseFile.class);
            }
        }
    }

    @Nested
    class AFile {
        @Test
        void thatCanNotBeReadFailsTheSendWithoutAViolation(@TempDir Path folder) {
            try (HttpDriver driver = sending(HttpEvent.ResponseFile.last(folder.resolve("absent")))) {
                driver.expectStart(200);
                driver.expectFailure(UncheckedIOException.class);
            }
        }

        @Test
        void thatEndsBeforeItsRangeIsAViolation(@TempDir Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("x"), "0123456789");
            try (HttpDriver driver = sending(new HttpEvent.ResponseFile(file, 5, 6, false))) {
                assertThat(driver.expectViolation())
                        .hasMessage("send: a file of 5 bytes behind offset 5 (expected: at least 6)");
            }
        }

        @Test
        void mayBeEmptyBehindItsOffset(@TempDir Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("x"), "0123456789");
            try (HttpDriver driver =
                    sending(new HttpEvent.ResponseFile(file, 11, HttpEvent.ResponseFile.TO_END, false))) {
                driver.expectStart(200);
                driver.expect(HttpEvent.ResponseFile.class);
                driver.expectEnd();
            }
        }

        private static HttpDriver sending(HttpEvent.ResponseFile part) {
            return http((scope, receive, send) -> send.send(START).then(send.send(part)));
        }
    }

    @Nested
    class Expectations {
        @Test
        void ofAnotherEventSayWhatCameInstead() {
            try (HttpDriver driver = http((scope, receive, send) -> Http.respond(send, 404, "gone"))) {
                assertRefused(
                        () -> driver.expect(HttpEvent.ResponseTrailers.class),
                        "expected: HttpEvent.ResponseTrailers, but the application sent HttpEvent.ResponseStart[404"
                                + " {content-type: text/plain; charset=utf-8}]");
                assertRefused(() -> driver.expectPart("gone"), "HttpEvent.ResponseBody[4 bytes \"gone\", last]");
            }
        }

        @Test
        void ofAnotherStatusOrTextFail() {
            try (HttpDriver driver = http((scope, receive, send) -> Http.respond(send, 404, "gone"))) {
                assertRefused(() -> driver.expectStart(200), "expected: status 200");
                assertRefused(
                        () -> driver.expectLastPart("here"),
                        "expected: HttpEvent.ResponseBody[4 bytes \"here\", last], but the application sent"
                                + " HttpEvent.ResponseBody[4 bytes \"gone\", last]");
            }
        }

        @Test
        void ofAnEventFailAtOnceWhereTheApplicationHasFailed() {
            IllegalStateException broken = new IllegalStateException("broken");
            try (HttpDriver driver = http((scope, receive, send) -> Mono.error(broken))) {
                assertThatThrownBy(() -> driver.expectStart(200))
                        .hasMessageContaining("failed with java.lang.IllegalStateException: broken")
                        .hasCause(broken);
            }
        }

        @Test
        void ofAnEventFailAfterTheTimeoutWithTheStateOfTheApplication() {
            try (HttpDriver driver =
                    http((scope, receive, send) -> receive.receive().then())) {
                driver.timeout(SOON);
                assertRefused(() -> driver.expectStart(200), "has sent nothing");
                assertRefused(() -> driver.expectStart(200), "runs in state IDLE, pulls");
            }
        }

        @Test
        void ofNothingFailWhereSomethingWasSentOrTheApplicationEnded() {
            try (HttpDriver driver = http((scope, receive, send) -> Http.respond(send, 200, "x"))) {
                assertRefused(driver::expectNothing, "sent HttpEvent.ResponseStart[200");
                driver.expectResponse();
                assertRefused(driver::expectNothing, "completed in state COMPLETE");
            }
        }

        @Test
        void ofTheEndFailWhereSomethingWasNotSeenOrTheApplicationGoesOnOrFailed() {
            try (HttpDriver driver = http((scope, receive, send) -> Http.respond(send, 200, "x"))) {
                assertRefused(driver::expectEnd, "sent HttpEvent.ResponseStart[200");
            }
            try (HttpDriver driver = http((scope, receive, send) -> Mono.never())) {
                driver.timeout(SOON);
                assertRefused(driver::expectEnd, "goes on");
                assertRefused(() -> driver.expectFailure(IllegalStateException.class), "goes on");
            }
            try (HttpDriver driver = http((scope, receive, send) -> Mono.error(new IllegalStateException("broken")))) {
                assertRefused(driver::expectEnd, "broken");
                assertRefused(() -> driver.expectFailure(IOException.class), "a failure with IOException");
            }
        }

        @Test
        void ofAPullFailWhereThereIsNoneAndTheOtherWayRound() {
            try (HttpDriver driver = http((scope, receive, send) -> Mono.never())) {
                driver.timeout(SOON);
                driver.expectNoPull();
                assertRefused(driver::expectPull, "does not pull");
            }
            try (HttpDriver driver =
                    http((scope, receive, send) -> receive.receive().then())) {
                driver.expectPull();
                assertRefused(driver::expectNoPull, "pulls");
            }
        }

        @Test
        void ofAHeldSendFailWhereThereIsNone() {
            try (HttpDriver driver = http((scope, receive, send) -> Mono.never())) {
                driver.timeout(SOON);
                driver.hold();
                assertRefused(driver::releaseOne, "a send that is held, but the application has sent nothing");
            }
        }

        @Test
        void waitForAnApplicationOnAnotherThread() {
            try (HttpDriver driver = http((scope, receive, send) -> Mono.delay(SOON, Schedulers.parallel())
                    .then(Mono.defer(receive::receive))
                    .publishOn(Schedulers.single())
                    .then(Mono.defer(() -> Http.respond(send, 200, "late"))))) {
                driver.expectPull();
                driver.noBody();
                assertThat(driver.expectResponse().text()).isEqualTo("late");
                driver.expectEnd();
            }
        }

        @Test
        void endWhereTheThreadIsInterrupted() {
            try (HttpDriver driver = http((scope, receive, send) -> Mono.never())) {
                Thread.currentThread().interrupt();
                assertRefused(() -> driver.expectStart(200), "interrupted");
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }

    @Test
    void theApplicationIsCalledWhenTheDriverIsFirstAsked() {
        AtomicBoolean called = new AtomicBoolean();
        try (HttpDriver driver = http((scope, receive, send) -> {
            called.set(true);
            return Mono.never();
        })) {
            driver.hold();
            driver.timeout(SOON);
            assertThat(called).isFalse();
            driver.expectNothing();
            assertThat(called).isTrue();
        }
    }

    @Test
    void anApplicationThatThrowsOrReturnsNullHasFailed() {
        Application throwing = (scope, receive, send) -> {
            throw new IllegalStateException("broken");
        };
        try (HttpDriver driver = ApplicationDriver.get(throwing, "/")) {
            driver.expectFailure(IllegalStateException.class);
        }
        try (HttpDriver driver = ApplicationDriver.get((scope, receive, send) -> null, "/")) {
            assertThat(driver.expectFailure(NullPointerException.class)).hasMessageContaining("returned null");
        }
    }

    @Test
    void timersRunOnVirtualTime() {
        VirtualTimeScheduler.getOrSet();
        try (HttpDriver driver = http((scope, receive, send) ->
                Mono.delay(Duration.ofHours(1)).then(Mono.defer(() -> Http.respond(send, 200, "late"))))) {
            driver.advanceTime(Duration.ofMinutes(59));
            driver.expectNothing();
            driver.advanceTime(Duration.ofMinutes(1));
            assertThat(driver.expectResponse().text()).isEqualTo("late");
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void virtualTimeMustBeEnabled() {
        try (HttpDriver driver = http((scope, receive, send) -> Mono.never())) {
            assertThatThrownBy(() -> driver.advanceTime(SOON))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("VirtualTimeScheduler.getOrSet()");
        }
    }

    @Test
    void aStartIsHeldBackButNeverHeld() {
        try (HttpDriver driver = http((scope, receive, send) -> Http.respond(send, 200, "x"))) {
            driver.hold();
            driver.expectStart(200);
            driver.expectLastPart("x");
            driver.expectNothing();
            driver.release();
            driver.expectEnd();
        }
    }

    @Test
    void cancellingAHeldSendDoesNotTakeItBack() {
        try (HttpDriver driver = http((scope, receive, send) -> send.send(START)
                .then(Mono.firstWithSignal(send.send(HttpEvent.ResponseBody.more(bytes("a"))), scope.draining()))
                .then(Mono.defer(() -> send.send(HttpEvent.ResponseBody.last()))))) {
            driver.hold();
            driver.expectStart(200);
            driver.expectPart("a");
            driver.drain();
            assertThat(driver.expectViolation()).hasMessageContaining("is outstanding");
        }
    }

    @Test
    void aPullThatIsCancelledLosesNoEvent() {
        try (HttpDriver driver = http((scope, receive, send) -> receive.receive()
                .then()
                .takeUntilOther(scope.draining())
                .then(Http.collect(receive, 10))
                .flatMap(body -> Http.respond(send, START, body)))) {
            driver.expectPull();
            driver.drain();
            driver.lastPart("kept");
            assertThat(driver.expectResponse().text()).isEqualTo("kept");
        }
    }

    @Test
    void afterTheBodyAPullWaitsForTheDisconnectAndYieldsItAgain() {
        List<ReceiveEvent> events = new ArrayList<>();
        try (HttpDriver driver = http((scope, receive, send) ->
                Mono.defer(receive::receive).repeat(2).doOnNext(events::add).then())) {
            driver.noBody();
            driver.expectPull();
            driver.disconnect();
            driver.expectEnd();
        }
        assertThat(events)
                .containsExactly(
                        HttpEvent.Request.empty(), HttpEvent.Disconnect.instance(), HttpEvent.Disconnect.instance());
    }

    @Test
    void afterTheResponseAPullFailsWithTheEndOfTheExchange() {
        for (boolean before : new boolean[] {true, false}) {
            List<Throwable> failures = new ArrayList<>();
            try (HttpDriver driver = http((scope, receive, send) -> {
                Mono<Void> pull =
                        receive.receive().then().doOnError(failures::add).onErrorComplete();
                Mono<Void> response = Http.respond(send, 200, "x");
                return before ? Mono.when(pull, response) : response.then(pull);
            })) {
                driver.expectResponse();
                driver.expectEnd();
            }
            assertThat(failures).hasSize(1).first().isInstanceOf(ExchangeEndedException.class);
        }
    }

    @Test
    void aDisconnectFailsTheHeldSendAndEveryLaterOne() {
        List<Throwable> failures = new ArrayList<>();
        try (HttpDriver driver = http((scope, receive, send) -> send.send(START)
                .then(send.send(HttpEvent.ResponseBody.more(bytes("a"))))
                .doOnError(failures::add)
                .onErrorResume(gone -> send.send(HttpEvent.ResponseBody.last()))
                .doOnError(failures::add))) {
            driver.hold();
            driver.expectStart(200);
            driver.expectPart("a");
            driver.disconnect();
            driver.expectEnd();
        }
        assertThat(failures).hasSize(2).allSatisfy(f -> assertThat(f).isInstanceOf(DisconnectedException.class));
    }

    @Test
    void aDisconnectDropsThePartsThatWereNotPulled() {
        try (HttpDriver driver = http((scope, receive, send) -> scope.disconnected()
                .then(Mono.defer(receive::receive))
                .flatMap(event -> {
                    assertThat(event).isEqualTo(HttpEvent.Disconnect.instance());
                    return Mono.empty();
                }))) {
            driver.part("one");
            driver.disconnect();
            driver.expectEnd();
        }
    }

    @Test
    void anExchangeThatEndedInOrderIsNeitherDisconnectedNorLate() {
        List<String> fired = new ArrayList<>();
        try (HttpDriver driver = http((scope, receive, send) -> {
            scope.disconnected().subscribe(n -> {}, e -> {}, () -> fired.add("disconnected"));
            scope.deadline().subscribe(n -> {}, e -> {}, () -> fired.add("deadline"));
            return Http.respond(send, 200, "x").then(Mono.never());
        })) {
            driver.expectResponse();
            driver.disconnect();
            driver.passDeadline();
            driver.expectNothing();
        }
        assertThat(fired).isEmpty();
    }

    @Test
    void aDisconnectFiresTheSignalAlsoForLateSubscribers() {
        try (HttpDriver driver =
                http((scope, receive, send) -> scope.disconnected().then(Mono.defer(scope::disconnected)))) {
            driver.expectNothing();
            driver.disconnect();
            driver.expectEnd();
        }
    }

    @Test
    void anApplicationThatFailsForAnotherReasonAfterADisconnectHasNotEndedInOrder() {
        try (HttpDriver driver = http(
                (scope, receive, send) -> scope.disconnected().then(Mono.error(new IllegalStateException("broken"))))) {
            driver.disconnect();
            assertRefused(driver::expectEnd, "broken");
        }
    }

    @Test
    void cancellingReachesTheApplication() {
        AtomicBoolean cancelled = new AtomicBoolean();
        try (HttpDriver driver =
                http((scope, receive, send) -> Mono.<Void>never().doOnCancel(() -> cancelled.set(true)))) {
            driver.cancel();
            driver.expectEnd();
        }
        assertThat(cancelled).isTrue();
    }

    @Test
    void closingCancelsAnApplicationThatStillRuns() {
        AtomicBoolean cancelled = new AtomicBoolean();
        HttpDriver driver = http((scope, receive, send) -> Mono.<Void>never().doOnCancel(() -> cancelled.set(true)));
        driver.noBody();
        driver.close();

        assertThat(cancelled).isTrue();
    }

    @Test
    void theDeadlineFailsPullsAndSendsAndCancels() {
        List<Throwable> failures = new ArrayList<>();
        AtomicBoolean fired = new AtomicBoolean();
        try (HttpDriver driver = http((scope, receive, send) -> {
            scope.deadline().subscribe(nothing -> {}, error -> {}, () -> fired.set(true));
            return receive.receive()
                    .doOnError(failures::add)
                    .onErrorResume(late -> Mono.empty())
                    .then(send.send(START))
                    .doOnError(failures::add)
                    .onErrorResume(late -> Mono.never());
        })) {
            driver.expectPull();
            driver.passDeadline();
            driver.expectEnd();
        }
        assertThat(fired).isTrue();
        assertThat(failures).hasSize(2).allSatisfy(f -> assertThat(f).isInstanceOf(DeadlineExceededException.class));
    }

    @Test
    void aBrokenBodyFailsBehindItsParts() {
        try (HttpDriver driver =
                http((scope, receive, send) -> Http.body(receive).then())) {
            driver.part("one");
            driver.breakBody(new RequestException(400, "bad chunk"));
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(400);
        }
    }

    @Test
    void aPartBehindTheLastOneIsTheTestsMistake() {
        try (HttpDriver driver = http((scope, receive, send) -> Mono.never())) {
            driver.lastPart("x");
            assertThatThrownBy(() -> driver.part("y")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aResponseIsPutTogetherWithItsTrailers() {
        try (HttpDriver driver = http((scope, receive, send) -> send.send(START)
                .then(send.send(HttpEvent.ResponseBody.more(bytes("a"))))
                .then(send.send(new HttpEvent.ResponseTrailers(Headers.of("sum", "1")))))) {
            assertThat(driver.expectResponse())
                    .isEqualTo(new HttpDriver.Response(200, Headers.empty(), bytes("a"), Headers.of("sum", "1")));
            driver.expectEnd();
        }
    }

    @Test
    void earlyHintsComeBeforeTheStart() {
        try (HttpDriver driver =
                http((scope, receive, send) -> send.send(new HttpEvent.EarlyHints(Headers.of("link", "</a.css>")))
                        .then(Mono.defer(() -> Http.respond(send, 200, "x"))))) {
            assertThat(driver.expect(HttpEvent.EarlyHints.class).headers().first("link"))
                    .isEqualTo("</a.css>");
            driver.expectResponse();
            driver.expectEnd();
        }
    }

    @Nested
    class OnAWebSocket {
        @Test
        void aDenialIsAnOrdinaryResponse() {
            List<Throwable> failures = new ArrayList<>();
            try (WebSocketDriver driver = webSocket((scope, receive, send) -> receive.receive()
                    .then(Http.respond(send, 403, "no"))
                    .then(Mono.defer(receive::receive))
                    .then()
                    .doOnError(failures::add)
                    .onErrorComplete())) {
                assertThat(driver.expect(HttpEvent.ResponseStart.class).status())
                        .isEqualTo(403);
                assertThat(driver.expect(HttpEvent.ResponseBody.class).more()).isFalse();
                driver.expectEnd();
            }
            assertThat(failures).hasSize(1).first().isInstanceOf(ExchangeEndedException.class);
        }

        @Test
        void theConnectIsReceivedAlsoBehindADenial() {
            List<ReceiveEvent> events = new ArrayList<>();
            try (WebSocketDriver driver = webSocket((scope, receive, send) -> Http.respond(send, 403, "no")
                    .then(Mono.defer(receive::receive))
                    .doOnNext(events::add)
                    .then(Mono.defer(receive::receive))
                    .then())) {
                driver.expect(HttpEvent.ResponseStart.class);
                driver.expect(HttpEvent.ResponseBody.class);
                driver.expectFailure(ExchangeEndedException.class);
            }
            assertThat(events).containsExactly(WebSocketEvent.Connect.instance());
        }

        @Test
        void aMessageBeforeTheAcceptIsTheTestsMistake() {
            try (WebSocketDriver driver = webSocket((scope, receive, send) -> Mono.never())) {
                assertThatThrownBy(() -> driver.text("early"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("message: before Accept (expected: after it, as a peer would)");
            }
        }

        @Test
        void aCloseBeforeTheAcceptIsADenial() {
            try (WebSocketDriver driver = webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Close()))) {
                driver.expect(WebSocketEvent.Close.class);
                driver.expectEnd();
            }
        }

        @Test
        void messagesBeforeTheDisconnectComeBeforeIt() {
            List<ReceiveEvent> events = new ArrayList<>();
            try (WebSocketDriver driver = webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(scope.draining())
                    .thenMany(Mono.defer(receive::receive).repeat(2))
                    .doOnNext(events::add)
                    .then())) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.text("one");
                driver.disconnect(1001, "away");
                driver.drain();
                driver.expectEnd();
            }
            assertThat(events)
                    .containsExactly(
                            WebSocketEvent.Connect.instance(),
                            new WebSocketEvent.Receive(WebSocketMessage.text("one")),
                            new WebSocketEvent.Disconnect(1001, "away"));
        }

        @Test
        void thePeerAnswersTheApplicationsClose() {
            List<ReceiveEvent> events = new ArrayList<>();
            try (WebSocketDriver driver = webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(receive.receive())
                    .then(Mono.defer(() -> send.send(new WebSocketEvent.Close(3000, "bye"))))
                    .then(Mono.defer(receive::receive))
                    .doOnNext(events::add)
                    .then())) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.expect(WebSocketEvent.Close.class);
                driver.expectEnd();
            }
            assertThat(events).containsExactly(new WebSocketEvent.Disconnect(3000, "bye"));
        }

        @Test
        void aMessageAfterTheCloseIsAViolation() {
            try (WebSocketDriver driver = webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(Mono.defer(() -> send.send(new WebSocketEvent.Close())))
                    .then(Mono.defer(() -> send.send(WebSocketEvent.Send.text("late")))))) {
                assertThat(driver.expectViolation()).hasMessageContaining("WebSocketEvent.Send in state CLOSED");
            }
        }

        @Test
        void anAcceptedLimitHoldsForTheTest() {
            try (WebSocketDriver driver = webSocket((scope, receive, send) ->
                    send.send(new WebSocketEvent.Accept().withMaxMessageSize(3)).then(Mono.never()))) {
                driver.expect(WebSocketEvent.Accept.class);
                driver.text("abc");
                assertThatThrownBy(() -> driver.text("grün"))
                        .hasMessage("message: 5 bytes (expected: at most 3, as accepted)");
            }
        }

        @Test
        void anotherMessageThanExpectedIsShown() {
            try (WebSocketDriver driver = webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(Mono.defer(() -> send.send(WebSocketEvent.Send.binary(bytes("a\n"))))))) {
                driver.expect(WebSocketEvent.Accept.class);
                assertRefused(
                        () -> driver.expectText("a"),
                        "expected: WebSocketEvent.Send[text, 1 byte \"a\"], but the application sent"
                                + " WebSocketEvent.Send[binary, 2 bytes \"a.\"]");
            }
        }
    }

    @Nested
    class OnALifespan {
        @Test
        void shutdownComesAfterStartup() {
            try (LifespanDriver driver = lifespan((scope, receive, send) -> Mono.never())) {
                driver.startup();
                assertThatThrownBy(driver::shutdown)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("shutdown: the application is in state STARTING (expected: SERVING)");
            }
        }

        @Test
        void anAnswerToShutdownBeforeItComesIsAViolation() {
            try (LifespanDriver driver =
                    lifespan((scope, receive, send) -> send.send(new LifespanEvent.StartupComplete())
                            .then(Mono.defer(() -> send.send(new LifespanEvent.ShutdownComplete()))))) {
                driver.startup();
                assertThat(driver.expectViolation()).hasMessageContaining("in state SERVING (expected: nothing)");
            }
        }

        @Test
        void nothingComesAfterShutdown() {
            List<Object> received = new ArrayList<>();
            try (LifespanDriver driver = lifespan((scope, receive, send) -> receive.receive()
                    .doOnNext(received::add)
                    .then(send.send(new LifespanEvent.StartupComplete()))
                    .then(Mono.defer(receive::receive))
                    .doOnNext(received::add)
                    .then(Mono.defer(receive::receive))
                    .then())) {
                driver.startup();
                driver.expect(LifespanEvent.StartupComplete.class);
                driver.shutdown();
                driver.expectFailure(ExchangeEndedException.class);
            }
            assertThat(received).containsExactly(new LifespanEvent.Startup(), new LifespanEvent.Shutdown());
        }

        @Test
        void anApplicationMayEndWhileTheServerServes() {
            try (LifespanDriver driver =
                    lifespan((scope, receive, send) -> send.send(new LifespanEvent.StartupComplete()))) {
                driver.startup();
                driver.expect(LifespanEvent.StartupComplete.class);
                driver.expectEnd();
            }
        }
    }
}

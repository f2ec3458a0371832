package io.asyncgateway.server;

import static io.asyncgateway.server.ClientFrames.binary;
import static io.asyncgateway.server.ClientFrames.close;
import static io.asyncgateway.server.ClientFrames.concat;
import static io.asyncgateway.server.ClientFrames.continuation;
import static io.asyncgateway.server.ClientFrames.frame;
import static io.asyncgateway.server.ClientFrames.hex;
import static io.asyncgateway.server.ClientFrames.ping;
import static io.asyncgateway.server.ClientFrames.pong;
import static io.asyncgateway.server.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketEvent.Accept;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.server.WebSocketBench.Step;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketConnectionTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";

    private static ServerConfig config(java.util.function.UnaryOperator<WebSocketOptions> change) {
        ServerConfig config = ServerConfig.defaults();
        return config.withWebSocket(change.apply(config.webSocket()));
    }

    @Nested
    class Opening {
        @Test
        void theAnswerHasTheAcceptKeyAndNothingThatWasNotAskedFor() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.request();
                assertThat(bench.readText()).isEmpty();
                bench.application.send(new Accept()).expectDone();
                assertThat(bench.readHead().lines())
                        .startsWith(
                                "HTTP/1.1 101 Switching Protocols",
                                "upgrade: websocket",
                                "connection: upgrade",
                                "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                        .noneMatch(line -> line.startsWith("content-length")
                                || line.startsWith("transfer-encoding")
                                || line.startsWith("sec-websocket-protocol")
                                || line.startsWith("sec-websocket-extensions"));
            }
        }

        @Test
        void theAnswerHasTheSubprotocolAndTheFieldsOfTheApplicationAndTheExtension() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.request("Sec-WebSocket-Protocol: a, b", DEFLATE);
                bench.application
                        .send(new Accept().withSubprotocol("b").withHeaders(Headers.of("x-a", "1")))
                        .expectDone();
                assertThat(bench.readHead().lines())
                        .contains(
                                "sec-websocket-protocol: b", "sec-websocket-extensions: permessage-deflate", "x-a: 1");
            }
        }

        @Test
        void compressionIsAgreedOnOnlyIfServerAndApplicationWantIt() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.request(DEFLATE);
                bench.application.send(new Accept().withoutCompression()).expectDone();
                assertThat(bench.readHead()).doesNotContain("permessage-deflate");
            }
            try (WebSocketBench bench = new WebSocketBench(config(options -> options.withCompression(false)))) {
                bench.request(DEFLATE);
                bench.application.send(new Accept()).expectDone();
                assertThat(bench.readHead()).doesNotContain("permessage-deflate");
            }
        }

        @Test
        void aSubprotocolThatWasNotOfferedFailsTheSendAndTheNextMayDoBetter() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.request("Sec-WebSocket-Protocol: a");
                Step<Void> wrong = bench.application.send(new Accept().withSubprotocol("b"));
                wrong.expectFailure(ProtocolViolationException.class);
                assertThat(wrong.message()).isEqualTo("subprotocol: b (expected: one of [a], or none)");
                assertThat(bench.readText()).isEmpty();
                bench.application.send(new Accept().withSubprotocol("a")).expectDone();
                assertThat(bench.readHead()).contains("sec-websocket-protocol: a");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"sec-websocket-protocol", "sec-websocket-accept", "sec-websocket-extensions", "upgrade"})
        void theFieldsOfTheHandshakeAreTheServersOwn(String field) {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.request();
                bench.application
                        .send(new Accept().withHeaders(Headers.of(field, "x")))
                        .expectFailure(ProtocolViolationException.class);
            }
        }

        @Test
        void framesInTheSegmentOfTheRequestAreNotLost() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.give(
                        WebSocketBench.requestOctets(),
                        text("early").bytes(),
                        ping("p").bytes());
                bench.application.receive().expect(WebSocketEvent.Connect.instance());
                bench.application.send(new Accept()).expectDone();
                bench.readHead();
                bench.application.receive().expectText("early");
                assertThat(bench.readFrames()).containsExactly("pong:p");
            }
        }

        @Test
        void anotherVersionIs426AndTheConnectionGoesOn() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.give(new String(WebSocketBench.requestOctets(), java.nio.charset.StandardCharsets.ISO_8859_1)
                        .replace("Version: 13", "Version: 8")
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                assertThat(bench.readText())
                        .startsWith("HTTP/1.1 426 ")
                        .contains("\r\nsec-websocket-version: 13\r\n")
                        .contains("\r\nupgrade: websocket\r\n")
                        .contains("\r\nconnection: upgrade\r\n")
                        .endsWith("\r\n\r\nsec-websocket-version: 8 (expected: 13)\n");
                bench.request();
                bench.application.send(new Accept()).expectDone();
                assertThat(bench.readHead()).startsWith("HTTP/1.1 101 ");
            }
        }

        @Test
        void aDenialIsAResponseAndTheConnectionGoesOn() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.request();
                bench.application.receive().expect(WebSocketEvent.Connect.instance());
                Step<ReceiveEvent> pull = bench.application.receive();
                bench.application.send(new HttpEvent.ResponseStart(401)).expectDone();
                bench.application
                        .send(HttpEvent.ResponseBody.last(ByteBuffer.wrap(new byte[] {'n', 'o'})))
                        .expectDone();
                assertThat(bench.readText()).startsWith("HTTP/1.1 401 ").endsWith("\r\n\r\nno");
                pull.expectFailure(io.asyncgateway.api.ExchangeEndedException.class);
                bench.application.complete();
                bench.request();
                bench.application.send(new WebSocketEvent.Close()).expectDone();
                assertThat(bench.readText()).startsWith("HTTP/1.1 403 ");
            }
        }

        @Test
        void anApplicationThatEndsBeforeItAcceptsIsA500() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.request();
                bench.application.complete();
                assertThat(bench.readText()).startsWith("HTTP/1.1 500 ");
            }
        }
    }

    @Nested
    class Messages {
        @Test
        void messagesOfOneReadAreAnsweredInOneWrite() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.writes();
                bench.application.echo();
                bench.give(text("a"), text("b"), text("c"));
                assertThat(bench.writes()).isEqualTo(1);
                assertThat(bench.readFrames()).containsExactly("text:a", "text:b", "text:c");
            }
        }

        @Test
        void aMessageWaitsUntilItIsAskedFor() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.give(text("a"), text("b"));
                bench.application.receive().expectText("a");
                bench.application.receive().expectText("b");
                Step<ReceiveEvent> third = bench.application.receive();
                third.expectWaiting();
                bench.give(text("c"));
                third.expectText("c");
            }
        }

        @Test
        void aPullThatWasCancelledLosesNoMessage() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.give(text("be").more());
                bench.application.receive().cancel();
                Step<ReceiveEvent> pull = bench.application.receive();
                pull.cancel();
                bench.give(continuation("gun"), text("next"));
                bench.application.receive().expectText("begun");
                bench.application.receive().expectText("next");
            }
        }

        @Test
        void aSecondPullFailsAndTheFirstGoesOn() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                Step<ReceiveEvent> first = bench.application.receive();
                bench.application.receive().expectFailure(ProtocolViolationException.class);
                bench.give(text("a"));
                first.expectText("a");
            }
        }

        @Test
        void readingStopsAtTheWindowAndGoesOnWithTheApplication() {
            ServerConfig config = ServerConfig.defaults();
            config = config.withLimits(config.limits().withInboundWindow(4096));
            try (WebSocketBench bench = WebSocketBench.opened(config, new Accept())) {
                bench.forgetReads();
                bench.give(binary(new byte[3000]));
                assertThat(bench.isReading()).as("below the window").isTrue();
                bench.forgetReads();
                bench.give(binary(new byte[3000]));
                assertThat(bench.isReading()).as("past the window").isFalse();
                bench.application.receive().expectDone();
                assertThat(bench.isReading()).as("below the window again").isTrue();
            }
        }

        @Test
        void aMessageLargerThanTheWindowIsReadWhenItIsAskedFor() {
            ServerConfig config = ServerConfig.defaults();
            config = config.withLimits(config.limits().withInboundWindow(1024));
            try (WebSocketBench bench = WebSocketBench.opened(config, new Accept())) {
                byte[] octets = binary(new byte[10_000]).bytes();
                bench.give(Arrays.copyOf(octets, 2000));
                bench.forgetReads();
                Step<ReceiveEvent> pull = bench.application.receive();
                assertThat(bench.isReading()).isTrue();
                bench.give(Arrays.copyOfRange(octets, 2000, octets.length));
                pull.expectDone();
            }
        }

        @Test
        void theLimitIsTheLowerOfServerAndApplication() {
            ServerConfig config = config(options -> options.withMaxMessageSize(100));
            try (WebSocketBench bench = WebSocketBench.opened(config, new Accept().withMaxMessageSize(1000))) {
                Step<ReceiveEvent> pull = bench.application.receive();
                bench.give(binary(new byte[101]));
                pull.expectDisconnect(1009, "message too big (expected: at most 100 bytes)");
                assertThat(bench.readFrames())
                        .containsExactly("close:1009:message too big (expected: at most 100 bytes)");
            }
            try (WebSocketBench bench = WebSocketBench.opened(config, new Accept().withMaxMessageSize(10))) {
                bench.give(binary(new byte[11]));
                bench.application.receive().expectDisconnect(1009, "message too big (expected: at most 10 bytes)");
            }
        }

        @Test
        void theFewOctetsOfAnUnfinishedFrameDoNotHoldTheBufferThatTheyCameIn() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                Step<ReceiveEvent> pull = bench.application.receive();
                ByteBuf large = bench.channel.alloc().directBuffer(65_536);
                large.writeBytes(concat(text("a"), text("b"))).writerIndex(8);
                bench.channel.writeInbound(large);
                pull.expectText("a");
                assertThat(large.refCnt()).isZero();
            }
        }

        @Test
        void compressedMessagesGoBothWays() {
            try (WebSocketBench bench = WebSocketBench.opened(ServerConfig.defaults(), new Accept(), DEFLATE)) {
                bench.give(text(hex("f248cdc9c90700")).rsv(4));
                bench.application.receive().expectText("Hello");
                bench.application.sendText("x".repeat(1000)).expectDone();
                assertThat(bench.readFrames().get(0).length()).isLessThan(40);
                assertThat(bench.context.deflate.freeContexts()).isEqualTo(999);
                bench.give(close(1000, ""));
                assertThat(bench.context.deflate.freeContexts()).isEqualTo(1000);
            }
        }
    }

    @Nested
    class Pings {
        @Test
        void aPingBehindAMessageWaitsAndOneBeforeItDoesNot() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.give(ping("1"), pong("x"), ping("2"), text("a"), ping("3"));
                assertThat(bench.readFrames()).containsExactly("pong:1", "pong:2");
                bench.application.receive().expectText("a");
                assertThat(bench.readFrames()).containsExactly("pong:3");
            }
        }

        @Test
        void forAPeerThatDoesNotReadTheLatestPongWaitsAlone() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.takesMore(false);
                for (int i = 0; i < 1000; i++) {
                    bench.give(ping("" + i));
                }
                assertThat(bench.readFrames()).isEmpty();
                bench.takesMore(true);
                assertThat(bench.readFrames()).containsExactly("pong:999");
            }
        }

        @Test
        void moreThanAreAllowedInTenSecondsCloseWith1008() {
            try (WebSocketBench bench = WebSocketBench.opened(config(options -> options.withPings(3)), new Accept())) {
                bench.give(ping("1"), ping("2"), pong(""), pong(""), ping("3"));
                bench.pass(Duration.ofSeconds(10));
                bench.give(ping("4"), ping("5"), ping("6"));
                bench.readFrames();
                bench.give(ping("7"));
                assertThat(bench.readFrames()).containsExactly("close:1008:more than 3 pings in 10 s");
            }
        }

        @Test
        void aPingIsSentAtEachIntervalAndAnsweredByAPong() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.pass(Duration.ofSeconds(19));
                assertThat(bench.readFrames()).isEmpty();
                for (int i = 0; i < 5; i++) {
                    bench.pass(SECOND);
                    assertThat(bench.readFrames()).containsExactly("ping:");
                    bench.give(pong(""));
                    bench.pass(Duration.ofSeconds(19));
                    assertThat(bench.readFrames()).isEmpty();
                }
            }
        }

        @Test
        void aPingThatIsNotAnsweredInTimeEndsTheConnectionWith1011() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                Step<ReceiveEvent> pull = bench.application.receive();
                bench.pass(Duration.ofSeconds(20));
                bench.pass(Duration.ofSeconds(19));
                assertThat(bench.readFrames()).containsExactly("ping:");
                pull.expectWaiting();
                bench.pass(SECOND);
                assertThat(bench.readFrames()).containsExactly("close:1011:ping not answered");
                pull.expectDisconnect(1011, "ping not answered");
                assertThat(bench.isClosed()).isTrue();
            }
        }

        @Test
        void anyOctetsAreAnAnswer() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.pass(Duration.ofSeconds(20));
                bench.give(Arrays.copyOf(text("half").bytes(), 3));
                bench.pass(Duration.ofSeconds(19));
                assertThat(bench.readFrames()).containsExactly("ping:");
                assertThat(bench.isClosed()).isFalse();
            }
        }

        @Test
        void timeInWhichTheServerDoesNotReadIsNotCounted() {
            ServerConfig config = ServerConfig.defaults();
            config = config.withLimits(config.limits().withInboundWindow(1024));
            try (WebSocketBench bench = WebSocketBench.opened(config, new Accept())) {
                bench.give(binary(new byte[2000]), text("b"));
                for (int i = 0; i < 10; i++) {
                    bench.pass(Duration.ofSeconds(20));
                }
                assertThat(bench.readFrames()).containsExactly("ping:");
                assertThat(bench.isClosed()).isFalse();
                bench.application.receive().expectDone();
                bench.application.receive().expectText("b");
                Step<ReceiveEvent> third = bench.application.receive();
                bench.pass(Duration.ofSeconds(19));
                third.expectWaiting();
                bench.pass(SECOND);
                third.expectDisconnect(1011, "ping not answered");
            }
        }

        @Test
        void theApplicationCanReadTheLastSignOfLifeToWithinATickOfTheClock() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                WebSocketScope scope = (WebSocketScope) bench.application.scope();
                Instant opened = scope.lastHeard();
                awaitLaterThan(opened);
                bench.context.clock.tick();
                assertThat(scope.lastHeard()).isEqualTo(opened);
                bench.give(pong(""));
                assertThat(scope.lastHeard()).isAfter(opened).isEqualTo(bench.context.clock.now());
            }
        }

        private static void awaitLaterThan(Instant time) {
            while (!Instant.now().isAfter(time)) {
                Thread.onSpinWait();
            }
        }

        @Test
        void withoutAnIntervalThereAreNoPings() {
            try (WebSocketBench bench =
                    WebSocketBench.opened(config(options -> options.withPingInterval(Duration.ZERO)), new Accept())) {
                bench.pass(Duration.ofHours(10));
                assertThat(bench.readFrames()).isEmpty();
                assertThat(bench.isClosed()).isFalse();
            }
        }
    }

    @Nested
    class Sending {
        @Test
        void aSendCompletesWhenThePeerTakesMore() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.application.sendText("a").expectDone();
                bench.takesMore(false);
                Step<Void> held = bench.application.sendText("b");
                held.expectWaiting();
                Step<Void> second = bench.application.sendText("c");
                second.expectFailure(ProtocolViolationException.class);
                bench.takesMore(true);
                held.expectDone();
                bench.application.sendText("d").expectDone();
                assertThat(bench.readFrames()).containsExactly("text:a", "text:b", "text:d");
            }
        }

        @Test
        void ofALargeMessageOnlyAPieceIsCopiedForAPeerThatDoesNotRead() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.takesMore(false);
                Step<Void> held = bench.application.send(
                        WebSocketEvent.Send.binary(ByteBuffer.allocate(10 * WebSocketEncoder.MAX_PIECE)));
                held.expectWaiting();
                assertThat(bench.channel.unsafe().outboundBuffer().totalPendingWriteBytes())
                        .isLessThanOrEqualTo(WebSocketEncoder.MAX_PIECE + 100);
                bench.takesMore(true);
                held.expectDone();
                assertThat(bench.readFrames()).containsExactly("binary:" + 10 * WebSocketEncoder.MAX_PIECE + " bytes");
            }
        }

        @Test
        void aPongDoesNotCutALargeMessage() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.takesMore(false);
                Step<Void> held = bench.application.send(WebSocketEvent.Send.binary(ByteBuffer.allocate(200_000)));
                bench.give(ping("p"));
                bench.takesMore(true);
                held.expectDone();
                assertThat(bench.readFrames()).containsExactly("binary:200000 bytes", "pong:p");
            }
        }

        @Test
        void aPeerThatTakesNothingForTooLongIsGivenUp() {
            try (WebSocketBench bench =
                    WebSocketBench.opened(config(options -> options.withPingInterval(Duration.ZERO)), new Accept())) {
                Step<ReceiveEvent> pull = bench.application.receive();
                bench.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
                bench.channel.write(bench.channel.alloc().buffer(8).writeLong(0));
                bench.channel.runPendingTasks();
                bench.pass(Duration.ofSeconds(59));
                pull.expectWaiting();
                bench.pass(Duration.ofSeconds(2));
                pull.expectDisconnect(1006, "");
                assertThat(bench.isClosed()).isTrue();
            }
        }
    }

    @Nested
    class Closing {
        @Test
        void thePeersCloseIsAnsweredWithItsCodeAndToldToTheApplication() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                Step<ReceiveEvent> pull = bench.application.receive();
                Step<Void> disconnected = bench.application.disconnected();
                bench.give(close(4000, "bye"));
                assertThat(bench.readFrames()).containsExactly("close:4000:");
                pull.expectDisconnect(4000, "bye");
                disconnected.expectDone();
                bench.application.receive().expectDisconnect(4000, "bye");
                bench.application.sendText("late").expectFailure(DisconnectedException.class);
                assertThat(bench.isClosed()).isTrue();
            }
        }

        @Test
        void aCloseWithoutACodeIsAnsweredWithoutAndIs1005() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.give(frame(8, new byte[0]));
                assertThat(bench.readFrames()).containsExactly("close:");
                bench.application.receive().expectDisconnect(1005, "");
            }
        }

        @Test
        void messagesBeforeThePeersCloseComeFirst() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.give(text("a"), text("b"), close(1000, ""));
                bench.application.receive().expectText("a");
                bench.application.sendText("answer").expectDone();
                bench.application.receive().expectText("b");
                bench.application.receive().expectDisconnect(1000, "");
            }
        }

        @Test
        void whatFollowsThePeersCloseIsThrownAway() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.give(close(1000, ""), ping("p"), close(1001, ""), text("late"));
                assertThat(bench.readFrames()).containsExactly("close:1000:");
                bench.application.receive().expectDisconnect(1000, "");
            }
        }

        @Test
        void theApplicationsCloseEndsInThePeersAnswerWhichIsNoDisconnection() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                Step<Void> disconnected = bench.application.disconnected();
                bench.application.send(new WebSocketEvent.Close(4001, "done")).expectDone();
                Step<ReceiveEvent> pull = bench.application.receive();
                assertThat(bench.readFrames()).containsExactly("close:4001:done");
                bench.give(text("underway"), ping("p"));
                pull.expectWaiting();
                bench.application.sendText("late").expectFailure(ProtocolViolationException.class);
                bench.give(close(4001, "ok"));
                pull.expectDisconnect(4001, "ok");
                disconnected.expectWaiting();
                assertThat(bench.readFrames()).isEmpty();
                assertThat(bench.isClosed()).isTrue();
            }
        }

        @Test
        void anAnswerThatDoesNotComeInTimeIs1006() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.application.send(new WebSocketEvent.Close()).expectDone();
                Step<ReceiveEvent> pull = bench.application.receive();
                bench.pass(Duration.ofSeconds(9));
                pull.expectWaiting();
                bench.pass(SECOND);
                pull.expectDisconnect(1006, "");
                assertThat(bench.isClosed()).isTrue();
            }
        }

        @Test
        void messagesThatNobodyAskedForDoNotKeepThePeersAnswerFromBeingSeen() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.give(text("unread"), text("unread"), close(1000, ""));
                bench.application.send(new WebSocketEvent.Close(4000)).expectDone();
                bench.application.receive().expectDisconnect(1000, "");
                assertThat(bench.isClosed()).isTrue();
            }
        }

        @Test
        void anApplicationThatCompletesLeavesA1000() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.application.sendText("last").expectDone();
                bench.application.complete();
                assertThat(bench.readFrames()).containsExactly("text:last", "close:1000:");
                assertThat(bench.context.exchanges()).isZero();
                bench.give(close(1000, ""));
                assertThat(bench.isClosed()).isTrue();
            }
        }

        @Test
        void anApplicationThatFailsLeavesA1011AndNothingOfItsFailure() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.application.fail(new IllegalStateException("secret"));
                assertThat(bench.readFrames()).containsExactly("close:1011:");
            }
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.application.fail(new RequestException(422, "secret"));
                assertThat(bench.readFrames()).containsExactly("close:1008:");
            }
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.application.fail(new RequestException(503, "secret"));
                assertThat(bench.readFrames()).containsExactly("close:1013:");
            }
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.application.fail(new RequestException(502, "secret"));
                assertThat(bench.readFrames()).containsExactly("close:1011:");
            }
        }

        @Test
        void aBrokenRuleIsToldToBothSides() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                Step<ReceiveEvent> pull = bench.application.receive();
                Step<Void> disconnected = bench.application.disconnected();
                bench.give(text("x").unmasked());
                assertThat(bench.readFrames()).containsExactly("close:1002:frame is not masked");
                pull.expectDisconnect(1002, "frame is not masked");
                disconnected.expectDone();
                assertThat(bench.isClosed()).isTrue();
            }
        }

        @Test
        void theEndOfInputWithoutACloseIs1006() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                Step<Void> disconnected = bench.application.disconnected();
                bench.endInput();
                bench.application.receive().expectDisconnect(1006, "");
                disconnected.expectDone();
                assertThat(bench.isClosed()).isTrue();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"end of input", "lost", "force", "shutdown", "ping not answered"})
        void messagesThatHadArrivedWholeAreStillReceived(String end) {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                Step<Void> disconnected = bench.application.disconnected();
                bench.give(text("a"), text("b"), text("c").more());
                switch (end) {
                    case "end of input" -> bench.endInput();
                    case "lost" -> bench.channel.close();
                    case "force" -> bench.tell(ServerEvent.FORCE);
                    case "shutdown" -> bench.tell(ServerEvent.DRAIN);
                    default -> {
                        bench.pass(Duration.ofSeconds(20));
                        bench.pass(Duration.ofSeconds(20));
                    }
                }
                disconnected.expectDone();
                bench.application.sendText("late").expectFailure(DisconnectedException.class);
                bench.application.receive().expectText("a");
                bench.application.receive().expectText("b");
                int code = end.equals("shutdown") ? 1012 : end.startsWith("ping") ? 1011 : 1006;
                for (int i = 0; i < 2; i++) {
                    bench.application.receive().expectDisconnect(code, end.startsWith("ping") ? end : "");
                }
            }
        }

        @Test
        void aCloseFrameBehindMessagesSaysMoreThanTheEndOfTheConnection() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.give(text("a"), close(4000, "bye"));
                bench.channel.close();
                bench.application.receive().expectText("a");
                bench.application.receive().expectDisconnect(4000, "bye");
            }
        }

        @Test
        void whatNobodyReceivesAnyMoreIsGivenBack() {
            try (WebSocketBench bench = WebSocketBench.opened(ServerConfig.defaults(), new Accept(), DEFLATE)) {
                ByteBuf octets = bench.channel.alloc().directBuffer();
                octets.writeBytes(concat(text(hex("f248cdc9c90700")).rsv(4), text("b")));
                bench.channel.writeInbound(octets);
                bench.channel.close();
                bench.application.receive().expectText("Hello");
                assertThat(octets.refCnt()).isEqualTo(1);
                assertThat(bench.context.deflate.freeContexts()).isEqualTo(999);
                bench.application.complete();
                assertThat(octets.refCnt()).isZero();
                assertThat(bench.context.deflate.freeContexts()).isEqualTo(1000);
            }
        }

        @Test
        void aConnectionThatIsLostIs1006AndFailsASendThatWaits() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.takesMore(false);
                Step<Void> held = bench.application.sendText("a");
                bench.channel.close();
                held.expectFailure(DisconnectedException.class);
                bench.application.receive().expectDisconnect(1006, "");
            }
        }

        @Test
        void aPeerThatGoesBeforeTheAcceptIsADisconnectToo() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.request();
                bench.application.receive().expect(WebSocketEvent.Connect.instance());
                Step<ReceiveEvent> pull = bench.application.receive();
                bench.channel.close();
                pull.expectDisconnect(1006, "");
                bench.application.send(new Accept()).expectFailure(DisconnectedException.class);
            }
        }

        @Test
        void anApplicationThatGoesOnIsCancelledAfterTheGrace() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.give(close(1000, ""));
                bench.pass(Duration.ofMillis(2900));
                assertThat(bench.application.cancelled).isFalse();
                bench.pass(Duration.ofMillis(100));
                assertThat(bench.application.cancelled).isTrue();
                assertThat(bench.context.exchanges()).isZero();
            }
        }

        @Test
        void anApplicationThatClosedMayGoOn() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.application.send(new WebSocketEvent.Close()).expectDone();
                bench.give(close(1000, ""));
                bench.pass(Duration.ofMinutes(10));
                assertThat(bench.application.cancelled).isFalse();
                assertThat(bench.context.exchanges()).isEqualTo(1);
                bench.application.complete();
                assertThat(bench.context.exchanges()).isZero();
            }
        }

        @Test
        void halfAMessageAndHalfACompressedOneAreGivenBack() {
            for (String field : List.of("X-None: 1", DEFLATE)) {
                try (WebSocketBench bench = WebSocketBench.opened(ServerConfig.defaults(), new Accept(), field)) {
                    bench.application.receive();
                    bench.give(
                            text(hex("f248cd"))
                                    .rsv(field.equals(DEFLATE) ? 4 : 0)
                                    .more()
                                    .bytes(),
                            new byte[] {1});
                    bench.channel.close();
                }
            }
        }
    }

    @Nested
    class Shutdown {
        @ParameterizedTest
        @ValueSource(ints = {1012, 1001})
        void closesWithTheConfiguredCode(int code) {
            ServerConfig config = config(options -> options.withShutdownCode(code));
            try (WebSocketBench bench = WebSocketBench.opened(config, new Accept())) {
                Step<ReceiveEvent> pull = bench.application.receive();
                bench.tell(ServerEvent.DRAIN);
                assertThat(bench.readFrames()).containsExactly("close:" + code + ":");
                pull.expectDisconnect(code, "");
                assertThat(bench.isClosed()).isFalse();
                bench.give(close(code, ""));
                assertThat(bench.isClosed()).isTrue();
                bench.application.receive().expectDisconnect(code, "");
            }
        }

        @Test
        void aWebSocketThatIsAcceptedDuringItIsClosedAtOnce() {
            try (WebSocketBench bench = new WebSocketBench()) {
                bench.request();
                bench.application.receive().expect(WebSocketEvent.Connect.instance());
                bench.tell(ServerEvent.DRAIN);
                bench.application.send(new Accept()).expectDone();
                assertThat(bench.readHead()).startsWith("HTTP/1.1 101 ");
                assertThat(bench.readFrames()).containsExactly("close:1012:");
                bench.application.receive().expectDisconnect(1012, "");
            }
        }

        @Test
        void itsCloseFrameWaitsForTheEndOfALargeMessage() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.takesMore(false);
                Step<ReceiveEvent> pull = bench.application.receive();
                Step<Void> held = bench.application.send(WebSocketEvent.Send.binary(ByteBuffer.allocate(200_000)));
                bench.tell(ServerEvent.DRAIN);
                pull.expectWaiting();
                bench.takesMore(true);
                assertThat(bench.readFrames()).containsExactly("binary:200000 bytes", "close:1012:");
                pull.expectDisconnect(1012, "");
                bench.give(text("crossing"), close(1012, ""));
                assertThat(bench.isClosed()).isTrue();
                held.expectFailure(DisconnectedException.class);
            }
        }

        @Test
        void aPeerThatDoesNotTakeTheRestOfALargeMessageIsGivenUp() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                bench.takesMore(false);
                Step<ReceiveEvent> pull = bench.application.receive();
                Step<Void> held = bench.application.send(WebSocketEvent.Send.binary(ByteBuffer.allocate(200_000)));
                bench.tell(ServerEvent.DRAIN);
                bench.pass(Duration.ofSeconds(10));
                pull.expectDisconnect(1012, "");
                held.expectFailure(DisconnectedException.class);
                assertThat(bench.isClosed()).isTrue();
            }
        }

        @Test
        void byForceEndsTheConnection() {
            try (WebSocketBench bench = WebSocketBench.opened()) {
                Step<ReceiveEvent> pull = bench.application.receive();
                bench.tell(ServerEvent.FORCE);
                pull.expectDisconnect(1006, "");
                assertThat(bench.isClosed()).isTrue();
            }
        }
    }

    @Test
    void theAccessLogIsToldAtTheEndWithTheBytesOfTheMessages() {
        List<AccessLog.Entry> entries = new ArrayList<>();
        ServerConfig config = ServerConfig.defaults().withAccessLog(entries::add);
        try (WebSocketBench bench = WebSocketBench.opened(config, new Accept())) {
            bench.application.sendText("12345").expectDone();
            bench.application.sendText("678").expectDone();
            assertThat(entries).isEmpty();
            bench.give(close(1000, ""));
            assertThat(entries).singleElement().satisfies(entry -> {
                assertThat(entry.status()).isEqualTo(101);
                assertThat(entry.bodyBytes()).isEqualTo(8);
                assertThat(entry.aborted()).isFalse();
            });
        }
        try (WebSocketBench bench = WebSocketBench.opened(config, new Accept())) {
            bench.channel.close();
            assertThat(entries).hasSize(2);
            assertThat(entries.get(1).aborted()).isTrue();
        }
    }
}

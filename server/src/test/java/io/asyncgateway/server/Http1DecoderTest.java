package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.HttpEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http1DecoderTest {
    private static final Limits LIMITS = Limits.defaults()
            .withRequestLine(256)
            .withHeaderSection(512)
            .withHeaderFields(8)
            .withBodySize(5000)
            .withInboundWindow(1024);
    /** Thousands of small buffers, each of whose accesses would be recorded, make the corpus slow; the other tests find leaks. */
    private static final ByteBufAllocator UNTRACKED = new UnpooledByteBufAllocator(false, true);

    private static final Timeouts TIMEOUTS = Timeouts.defaults()
            .withRequestHead(Duration.ofSeconds(10))
            .withBodyGap(Duration.ofSeconds(30))
            .withKeepAlive(Duration.ofSeconds(5));
    private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";

    private final List<Peer> peers = new ArrayList<>();

    @AfterEach
    void nothingIsLeftInAnyDecoder() {
        peers.forEach(Peer::close);
    }

    private Peer untrackedPeer(boolean greedy) {
        Peer peer = peer(greedy);
        peer.channel.config().setAllocator(UNTRACKED);
        return peer;
    }

    private Peer peer(boolean greedy) {
        return peer(LIMITS, greedy);
    }

    private Peer peer(Limits limits, boolean greedy) {
        Peer peer = new Peer(limits, greedy);
        peers.add(peer);
        return peer;
    }

    // ------------------------------------------------------------------------------------------------ invariance

    /** Requests, right and wrong, alone and behind each other. Each ends its last line, so that what is wrong in it can be seen. */
    static Stream<Arguments> corpus() {
        String post = "POST /a?b HTTP/1.1\nHost: a\nX: \u00e9\n";
        return Stream.of(
                        GET,
                        GET + GET + GET,
                        "\n\n" + GET + "\n" + GET,
                        "\n\n\n" + GET,
                        "OPTIONS * HTTP/1.0\n\n",
                        post + "Content-Length: 5\n\nhello",
                        post + "Content-Length: 5\n\nhello" + GET,
                        post + "Content-Length: 5\n\nhel",
                        post + "Content-Length: 3000\n\n" + "0123456789".repeat(300) + GET,
                        post + "Content-Length: 5001\n\nhello",
                        post + "Transfer-Encoding: chunked\n\n5\nhello\n0\n\n",
                        post + "Transfer-Encoding: chunked\n\n5;a=\"b\"\nhello\n06\n world\n0\nSum: 1\nHost: b\n\n"
                                + GET,
                        post + "Transfer-Encoding: chunked\n\n0\n\n" + post
                                + "Transfer-Encoding: chunked\n\n1\na\n0\n\n",
                        post + "Transfer-Encoding: chunked\n\n" + ("64\n" + "0123456789".repeat(10) + "\n").repeat(30)
                                + "0\n\n" + GET,
                        post + "Transfer-Encoding: chunked\n\n1000\n" + "x".repeat(0x1000) + "\n400\n",
                        post + "Transfer-Encoding: chunked\n\n5\nhelloX0\n\n",
                        post + "Transfer-Encoding: chunked\n\nx\nhello\n0\n\n",
                        post + "Transfer-Encoding: chunked\n\n5;\nhello\n0\n\n",
                        post + "Transfer-Encoding: chunked\n\n5\nhello\n0\nSum : 1\n\n",
                        post + "Transfer-Encoding: chunked\n\n5\nhello\n0\n" + "Sum: 1\n".repeat(9) + "\n",
                        post + "Transfer-Encoding: chunked\n\n5\nhello\n0\nSum: " + "1".repeat(600) + "\n\n",
                        post + "Expect: 100-continue\nContent-Length: 2\n\nhi" + GET,
                        GET + "GET /\u0000 HTTP/1.1\n\n" + GET,
                        GET + "GET / HTTP/1.1\nHost: a\n folded\n\n",
                        "GET / HTTP/1.1\nHost : a\n\n",
                        "GET / HTTP/1.1\n\n",
                        "GET / HTTP/2.0\n\n",
                        "GET /" + "a".repeat(300) + " HTTP/1.1\nHost: a\n\n",
                        "GET / HTTP/1.1\nHost: a\nX: " + "b".repeat(600) + "\n\n",
                        "GET / HTTP/1.1\nHost: a\n" + "X: b\n".repeat(8) + "\n",
                        "GET / HTTP/1.1\nHost: a\nX: " + "b".repeat(495) + "\n\n" + GET,
                        "GET / HTTP/1.1\nHost: a\nX: b\u0001" + "c".repeat(20) + "\n\n",
                        "\rGET / HTTP/1.1\n\n",
                        "POST / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n0\n\n")
                .map(lines -> Arguments.of(lines.replace("\n", "\r\n")));
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void messagesDoNotDependOnHowTheirOctetsArrive(String input) {
        byte[] octets = input.getBytes(ISO_8859_1);
        String whole = decode(octets, octets.length);
        assertThat(decode(octets, 1)).as("octet by octet").isEqualTo(whole);
        assertThat(decode(octets, 7)).as("seven by seven").isEqualTo(whole);
        for (int seed = 0; seed < 15; seed++) {
            assertThat(decodeSplit(octets, new Random(seed))).as("seed " + seed).isEqualTo(whole);
        }
    }

    /** A request that comes wrong is told of at once where it comes whole. */
    @ParameterizedTest
    @MethodSource("corpus")
    void messagesDoNotDependOnWhenTheyAreAskedFor(String input) {
        byte[] octets = input.getBytes(ISO_8859_1);
        Peer late = untrackedPeer(false);
        late.write(octets);
        for (int asked = 0; asked < 1000 && !late.isFailed(); asked++) {
            late.ask();
        }
        assertThat(late.transcript()).isEqualTo(decode(octets, octets.length));
    }

    private String decode(byte[] octets, int step) {
        Peer peer = untrackedPeer(true);
        for (int at = 0; at < octets.length; at += step) {
            peer.write(octets, at, Math.min(step, octets.length - at));
        }
        return peer.transcript();
    }

    private String decodeSplit(byte[] octets, Random random) {
        Peer peer = untrackedPeer(true);
        for (int at = 0, step; at < octets.length; at += step) {
            step = Math.min(octets.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 400));
            peer.write(octets, at, step);
        }
        return peer.transcript();
    }

    // ------------------------------------------------------------------------------------------------ demand

    @Test
    void nothingIsEmittedThatWasNotAskedFor() {
        Peer peer = peer(false);
        peer.send("POST /1 HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello" + GET);
        assertThat(peer.transcript()).isEmpty();
        peer.ask();
        assertThat(peer.take()).isEqualTo("HTTP/1.1 POST /1 [host=a, content-length=5] 5;");
        peer.ask();
        assertThat(peer.take()).isEqualTo("body hello;end;");
        peer.ask();
        assertThat(peer.take()).isEqualTo("HTTP/1.1 GET / [host=a] 0;");
        peer.ask();
        assertThat(peer.take()).isEmpty();
        peer.send(GET + GET);
        assertThat(peer.take()).isEqualTo("HTTP/1.1 GET / [host=a] 0;");
    }

    @Test
    void askingTwiceIsAskingOnce() {
        Peer peer = peer(false);
        peer.ask();
        peer.ask();
        peer.send(GET + GET);
        assertThat(peer.take()).isEqualTo("HTTP/1.1 GET / [host=a] 0;");
    }

    @Test
    void aPartIsTheApplicationsOwn() {
        Peer peer = peer(true);
        ByteBuf octets = Unpooled.buffer();
        octets.writeCharSequence("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", ISO_8859_1);
        peer.arrived(octets.retain());
        octets.setZero(0, octets.capacity());
        octets.release();
        assertThat(peer.transcript()).contains("body hello;end;");
        ByteBuffer part = peer.parts.get(0).body();
        assertThat(part.isReadOnly()).isTrue();
    }

    // ------------------------------------------------------------------------------------------------ the window

    @Test
    void theSocketIsReadOnlyUntilTheWindowIsFull() {
        Peer peer = peer(false);
        peer.send("POST / HTTP/1.1\nHost: a\nContent-Length: 4000\n\n");
        peer.ask();
        assertThat(peer.wantsToRead()).isTrue();
        peer.sendExactly("x".repeat(1023));
        assertThat(peer.wantsToRead())
                .as("one octet before the end of the window")
                .isTrue();
        peer.sendExactly("x");
        assertThat(peer.wantsToRead()).as("the window is full").isFalse();
        peer.ask();
        assertThat(peer.take()).endsWith("body " + "x".repeat(1024) + ";");
        peer.ask();
        assertThat(peer.wantsToRead()).as("more is asked for than there is").isTrue();
    }

    @Test
    void aWholeHeadFitsIntoTheWindowHoweverSmallThatIs() {
        Peer peer = new Peer(LIMITS.withHeaderSection(4000), false);
        peers.add(peer);
        peer.send("GET / HTTP/1.1\nHost: a\n");
        peer.sendExactly("X: " + "y".repeat(2000));
        assertThat(peer.wantsToRead()).isTrue();
        peer.sendExactly("\r\n\r\n");
        peer.ask();
        assertThat(peer.take()).startsWith("HTTP/1.1 GET / ");
    }

    @Test
    void requestsBehindEachOtherAreReadAheadOnlyUntilTheWindowIsFull() {
        Peer peer = peer(false);
        peer.ask();
        int sent = 0;
        while (peer.wantsToRead() && sent < 1000) {
            peer.send(GET);
            sent++;
        }
        assertThat(sent).isLessThan(60);
        int served = 1;
        peer.take();
        do {
            peer.ask();
            served++;
        } while (!peer.take().isEmpty());
        assertThat(served - 1).isEqualTo(sent);
    }

    @Test
    void afterAFailureTheSocketIsReadToItsEndAndAllIsThrownAway() {
        Peer peer = peer(false);
        peer.send("GET / HTTP/0.9\n\n");
        peer.sendExactly("x".repeat(2000));
        assertThat(peer.wantsToRead()).isFalse();
        peer.ask();
        assertThat(peer.take()).isEqualTo("failure 505;");
        for (int i = 0; i < 10; i++) {
            peer.ask();
            assertThat(peer.wantsToRead()).isTrue();
            peer.sendExactly("x".repeat(2000));
        }
        assertThat(peer.take()).isEmpty();
    }

    // ------------------------------------------------------------------------------------------------ the end of input

    @Test
    void theEndBetweenTwoRequestsIsAnEnd() {
        Peer peer = peer(true);
        peer.send(GET);
        peer.halfClose();
        assertThat(peer.transcript()).isEqualTo("HTTP/1.1 GET / [host=a] 0;HALF_CLOSED;END;");
    }

    @Test
    void requestsThatCameBeforeTheEndAreStillToBeHandled() {
        Peer peer = peer(false);
        peer.ask();
        peer.send(GET + GET);
        peer.halfClose();
        assertThat(peer.take()).isEqualTo("HTTP/1.1 GET / [host=a] 0;HALF_CLOSED;");
        peer.ask();
        assertThat(peer.take()).isEqualTo("HTTP/1.1 GET / [host=a] 0;");
        peer.ask();
        assertThat(peer.take()).isEqualTo("END;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\n\nhell",
                "Content-Length: 5\n\n",
                "Transfer-Encoding: chunked\n\n5\nhello\n0\n",
                "Transfer-Encoding: chunked\n\n"
            })
    void theEndWithinABodyIsToldApart(String rest) {
        Peer peer = peer(true);
        peer.send("POST / HTTP/1.1\nHost: a\n" + rest);
        peer.halfClose();
        assertThat(peer.transcript()).endsWith("HALF_CLOSED;TRUNCATED;");
    }

    // ------------------------------------------------------------------------------------------------ time

    @Test
    void aConnectionOnWhichNoRequestBeginsIsIdle() {
        Peer peer = peer(true);
        peer.pass(9_999);
        assertThat(peer.take()).isEmpty();
        peer.pass(1);
        assertThat(peer.take()).isEqualTo("IDLE;");
    }

    @Test
    void aHeadMustBeCompleteInTimeHoweverOftenAnOctetComes() {
        Peer peer = peer(true);
        peer.pass(9_000);
        for (int i = 0; i < 10; i++) {
            peer.sendExactly("GET / HTTP".substring(i, i + 1));
            peer.pass(i == 9 ? 999 : 1000);
        }
        assertThat(peer.take()).isEmpty();
        peer.pass(1);
        assertThat(peer.take()).isEqualTo("failure 408;");
    }

    @Test
    void theNextRequestMustBeginWithinTheKeepAliveTime() {
        Peer peer = peer(true);
        peer.send(GET);
        peer.take();
        peer.pass(4_999);
        assertThat(peer.take()).isEmpty();
        peer.pass(1);
        assertThat(peer.take()).isEqualTo("IDLE;");
    }

    @Test
    void theNextHeadHasItsWholeTimeFromItsFirstOctet() {
        Peer peer = peer(true);
        peer.send(GET);
        peer.pass(4_999);
        peer.sendExactly("G");
        peer.pass(9_999);
        peer.take();
        assertThat(peer.take()).isEmpty();
        peer.pass(1);
        assertThat(peer.take()).isEqualTo("failure 408;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 50\n\n",
                "Content-Length: 50\n\nhello",
                "Transfer-Encoding: chunked\n\n5",
                "Transfer-Encoding: chunked\n\n5\nhel",
                "Transfer-Encoding: chunked\n\n5\nhello",
                "Transfer-Encoding: chunked\n\n5\nhello\n0\nSum: "
            })
    void aBodyMustNotStallWhileItIsAwaited(String rest) {
        Peer peer = peer(true);
        peer.send("POST / HTTP/1.1\nHost: a\n" + rest);
        peer.take();
        peer.pass(29_999);
        assertThat(peer.take()).isEmpty();
        peer.pass(1);
        assertThat(peer.take()).isEqualTo("failure 408;");
    }

    @Test
    void eachPartOfABodyHasItsTimeAnewWhereNoRateIsWanted() {
        Peer peer = peer(LIMITS.withBodyRate(0), true);
        peer.send("POST / HTTP/1.1\nHost: a\nContent-Length: 3\n\n");
        for (int i = 0; i < 3; i++) {
            peer.pass(29_000);
            peer.sendExactly("x");
        }
        assertThat(peer.transcript()).endsWith("body xxx;end;");
    }

    @Test
    void aBodyThatComesTooSlowlyIsRefusedThoughItNeverPauses() {
        Peer peer = peer(LIMITS.withBodyRate(10), true);
        peer.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5000\n\n");
        // An octet each second brings a tenth of it back, so that 30 s last for 33.
        for (int i = 0; i < 33; i++) {
            peer.pass(1000);
            peer.sendExactly("x");
        }
        assertThat(peer.take()).doesNotContain("failure");
        peer.pass(1000);
        assertThat(peer.take()).isEqualTo("failure 408;");
    }

    @Test
    void soIsOneOfTinyChunks() {
        Peer peer = peer(LIMITS.withBodyRate(10), true);
        peer.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
        for (int i = 0; i < 100 && !peer.isFailed(); i++) {
            peer.pass(2000);
            if (!peer.isFailed()) {
                peer.send("1\nx\n");
            }
        }
        assertThat(peer.take()).endsWith("failure 408;");
    }

    @Test
    void aBodyAtTheRateMayTakeAsLongAsItLikes() {
        Peer peer = peer(LIMITS.withBodyRate(10), true);
        peer.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5000\n\n");
        for (int i = 0; i < 250; i++) {
            peer.pass(2000);
            peer.sendExactly("x".repeat(20));
        }
        assertThat(peer.take()).endsWith(";end;");
    }

    @Test
    void aFastBeginningBuysNoLongerPause() {
        Peer peer = peer(LIMITS.withBodyRate(10), true);
        peer.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5000\n\n");
        peer.sendExactly("x".repeat(4000));
        peer.pass(29_999);
        assertThat(peer.take()).doesNotContain("failure");
        peer.pass(1);
        assertThat(peer.take()).isEqualTo("failure 408;");
    }

    @Test
    void theNextBodyBeginsAnew() {
        Peer peer = peer(LIMITS.withBodyRate(10), true);
        for (int i = 0; i < 5; i++) {
            peer.send("POST / HTTP/1.1\nHost: a\nContent-Length: 2\n\n");
            peer.pass(20_000);
            peer.sendExactly("xx");
            assertThat(peer.take()).endsWith("body xx;end;");
        }
    }

    @Test
    void timeDoesNotPassForThePeerWhileTheApplicationDoesNotRead() {
        Peer peer = peer(false);
        peer.ask();
        peer.send("POST / HTTP/1.1\nHost: a\nContent-Length: 3\n\n");
        peer.pass(1_000_000);
        peer.ask();
        peer.pass(29_999);
        peer.sendExactly("xxx");
        peer.pass(1_000_000);
        assertThat(peer.transcript()).endsWith("body xxx;end;");
    }

    // ------------------------------------------------------------------------------------------------ draining

    @Test
    void aConnectionThatWaitsForARequestIsIdleAtOnceWhenTheServerDrains() {
        Peer waiting = peer(true);
        waiting.send(GET);
        waiting.take();
        waiting.channel.pipeline().fireUserEventTriggered(ServerEvent.DRAIN);
        assertThat(waiting.take()).isEqualTo("DRAIN;IDLE;");

        Peer busy = peer(true);
        busy.send("GET / HT");
        busy.channel.pipeline().fireUserEventTriggered(ServerEvent.DRAIN);
        assertThat(busy.take()).isEqualTo("DRAIN;");
    }

    /** An embedded channel with the decoder, what is before and behind it, and a time of its own. */
    private static final class Peer {
        private final MockTicker time = Ticker.newMockTicker();
        private final EmbeddedChannel channel;
        private final StringBuilder transcript = new StringBuilder();
        private final List<HttpEvent.Request> parts = new ArrayList<>();
        private boolean inBody;
        private boolean reading;
        private boolean failed;

        Peer(Limits limits, boolean greedy) {
            channel = EmbeddedChannel.builder().register(false).ticker(time).build();
            channel.config().setAutoRead(false);
            channel.pipeline().addLast(new Socket(), new Http1Decoder(limits, TIMEOUTS, false), new Handler(greedy));
            try {
                channel.register();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        }

        void send(String lines) {
            sendExactly(lines.replace("\n", "\r\n"));
        }

        void sendExactly(String octets) {
            write(octets.getBytes(ISO_8859_1));
        }

        void write(byte[] octets) {
            write(octets, 0, octets.length);
        }

        void write(byte[] octets, int offset, int length) {
            arrived(channel.alloc().buffer(length).writeBytes(octets, offset, length));
        }

        void arrived(ByteBuf octets) {
            reading = false;
            channel.writeInbound(octets);
        }

        void ask() {
            channel.pipeline().read();
        }

        boolean wantsToRead() {
            return reading;
        }

        boolean isFailed() {
            return failed;
        }

        void halfClose() {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }

        void pass(long millis) {
            time.advanceMillis(millis);
            channel.runScheduledPendingTasks();
        }

        String transcript() {
            return transcript.toString();
        }

        String take() {
            String taken = transcript.toString();
            transcript.setLength(0);
            return taken;
        }

        void close() {
            channel.pipeline().close(); // the channel's own method would cancel what is scheduled
            assertThat(channel.runScheduledPendingTasks())
                    .as("timers that are left")
                    .isEqualTo(-1);
            channel.finishAndReleaseAll();
        }

        private void on(RequestHead head) {
            inBody = false;
            List<String> fields = new ArrayList<>();
            head.headers().forEach(field -> fields.add(field.getKey() + "=" + field.getValue()));
            transcript.append("%s %s %s %s %d;"
                    .formatted(head.version(), head.method(), head.target(), fields, head.contentLength()));
        }

        /** How a body is cut into parts depends on how it arrives, so the transcript does not tell. */
        private void on(HttpEvent.Request part) {
            parts.add(part);
            String text = ISO_8859_1.decode(part.body().duplicate()).toString();
            if (inBody) {
                transcript.setLength(transcript.length() - 1);
            } else {
                transcript.append("body ");
            }
            inBody = true;
            transcript.append(text).append(';');
            if (!part.more()) {
                inBody = false;
                transcript.append("end");
                part.trailers().forEach(field -> transcript.append(" ").append(field));
                transcript.append(';');
            }
        }

        private final class Socket extends ChannelOutboundHandlerAdapter {
            @Override
            public void read(ChannelHandlerContext ctx) {
                assertThat(reading).as("a read of the socket is under way").isFalse();
                reading = true;
            }
        }

        private final class Handler extends ChannelInboundHandlerAdapter {
            private final boolean greedy;

            Handler(boolean greedy) {
                this.greedy = greedy;
            }

            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                if (greedy) {
                    ctx.read();
                }
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                assertThat(failed).as("a message after the failure").isFalse();
                if (message instanceof RequestHead head) {
                    on(head);
                } else if (message instanceof HttpEvent.Request part) {
                    on(part);
                } else if (message instanceof HttpFailure failure) {
                    inBody = false;
                    failed = true;
                    transcript.append("failure ").append(failure.status()).append(';');
                }
                if (greedy) {
                    ctx.read();
                }
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                inBody = false;
                transcript.append(event).append(';');
            }
        }
    }
}

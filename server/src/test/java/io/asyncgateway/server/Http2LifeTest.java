package io.asyncgateway.server;

import static io.asyncgateway.server.Http2Client.ACK;
import static io.asyncgateway.server.Http2Client.DATA;
import static io.asyncgateway.server.Http2Client.END_STREAM;
import static io.asyncgateway.server.Http2Client.GOAWAY;
import static io.asyncgateway.server.Http2Client.HEADERS;
import static io.asyncgateway.server.Http2Client.PADDED;
import static io.asyncgateway.server.Http2Client.PING;
import static io.asyncgateway.server.Http2Client.RST_STREAM;
import static io.asyncgateway.server.Http2Client.SETTINGS;
import static io.asyncgateway.server.Http2Client.WINDOW_UPDATE;
import static io.asyncgateway.server.Http2Client.block;
import static io.asyncgateway.server.Http2Client.request;
import static io.asyncgateway.server.TestServer.timeouts;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpEvent.ResponseTrailers;
import io.asyncgateway.api.HttpVersion;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSockets;
import io.asyncgateway.server.Http2Client.Frame;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** How connections and streams of HTTP/2 begin and end: by Upgrade, by GOAWAY, by time, by a client that leaves. */
class Http2LifeTest {
    private final CountDownLatch gone = new CountDownLatch(1);

    private final Application application = Applications.builder()
            .http((scope, receive, send) -> switch (scope.localPath()) {
                case "/echo" -> Http.stream(send, new ResponseStart(200), Http.body(receive));
                case "/collect" -> Http.collect(scope, receive, 1000).then(Http.respond(send, 200, "all"));
                case "/wait" -> scope.disconnected().doOnSuccess(nothing -> gone.countDown());
                case "/large" -> Http.respond(send, 200, "x".repeat(500_000)).doFinally(end -> gone.countDown());
                case "/slow" ->
                    send.send(new ResponseStart(200))
                            .then(send.send(ResponseBody.more(ByteBuffer.allocate(70_000))))
                            .then(Mono.delay(Duration.ofSeconds(1)))
                            .then(send.send(ResponseBody.last("end")));
                case "/nothing" ->
                    send.send(new ResponseStart(204)).then(send.send(new ResponseTrailers(Headers.of("sum", "1"))));
                case "/close" ->
                    send.send(ResponseStart.of(200, "connection", "close")).then(send.send(ResponseBody.last("bye")));
                default -> Http.respond(send, 200, "hello");
            })
            .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
                    .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))))
            .build();

    private TestServer start(UnaryOperator<ServerConfig> change) {
        return TestServer.start(
                application,
                config -> change.apply(config.withTimeouts(config.timeouts()
                        .withLinger(Duration.ofMillis(300))
                        .withDisconnectGrace(Duration.ofMillis(100)))));
    }

    private TestServer start() {
        return start(config -> config);
    }

    /** Takes the rest of a request that was answered for longer than a test takes. */
    private static final UnaryOperator<ServerConfig> PATIENT =
            config -> config.withTimeouts(config.timeouts().withLinger(Duration.ofSeconds(60)));

    private static InetSocketAddress address(TestServer server) {
        return (InetSocketAddress) server.running().addresses().get(0);
    }

    private static Http2Client connect(TestServer server) {
        return Http2Client.connect(address(server)).begin();
    }

    private static UnaryOperator<ServerConfig> options(UnaryOperator<Http2Options> change) {
        return config -> config.withHttp2(change.apply(config.http2()));
    }

    private static Frame awaitGoAway(Http2Client client) {
        return client.await(frame -> frame.type() == GOAWAY);
    }

    // ------------------------------------------------------------------------------------------------ shutdown

    @Test
    void aShutdownIsAnnouncedAndAnswersWhatIsInFlight() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.stopAnswering();
            client.post(1, "/echo").ping();
            server.running().shutdown().subscribe();
            Frame announcement = awaitGoAway(client);
            assertThat(announcement.number()).isEqualTo(Integer.MAX_VALUE);
            assertThat(announcement.error()).isEqualTo(Http2Error.NO_ERROR);
            client.get(3, "/"); // sent before the client knew
            assertThat(client.awaitBody(3)).isEqualTo("hello");
            Frame ping = client.await(frame -> frame.type() == PING && !frame.is(ACK));
            client.send(PING, ACK, 0, ping.payload());
            assertThat(awaitGoAway(client).number()).isEqualTo(3);
            client.get(5, "/"); // too late
            client.data(1, true, "in flight");
            assertThat(client.awaitBody(1)).isEqualTo("in flight");
            client.awaitEnd();
            assertThat(client.all()).noneMatch(frame -> frame.streamId() == 5);
        }
    }

    @Test
    void aPeerThatDoesNotAnswerTheAnnouncementIsNotWaitedForLong() {
        try (TestServer server = start(options(http2 -> http2.withGoAwayGrace(Duration.ofMillis(50))));
                Http2Client client = connect(server)) {
            client.stopAnswering();
            client.get(1, "/").awaitBody(1);
            server.running().shutdown().subscribe();
            assertThat(awaitGoAway(client).number()).isEqualTo(Integer.MAX_VALUE);
            assertThat(awaitGoAway(client).number()).isEqualTo(1);
            client.awaitEnd();
        }
    }

    @Test
    void aForcedShutdownDoesNotWait() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.get(1, "/wait").ping();
            server.running().force().block(Waiting.PATIENCE);
            client.awaitEnd();
        }
    }

    @Test
    void aWebSocketIsToldOfAShutdown() throws Exception {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            openWebSocket(client, 1);
            server.running().shutdown().subscribe();
            Frame close = client.await(frame -> frame.type() == DATA);
            assertThat(close.payload()).startsWith(0x88, 2, 1012 >> 8, 1012 & 0xff);
            client.send(DATA, END_STREAM, 1, ClientFrames.close(1012, "").bytes());
            client.awaitEnd();
        }
    }

    private static void openWebSocket(Http2Client client, int streamId) {
        List<String> fields = new ArrayList<>(List.of(":protocol", "websocket"));
        fields.addAll(List.of(request("CONNECT", "/ws", "sec-websocket-version", "13")));
        client.headers(streamId, false, fields.toArray(String[]::new));
        assertThat(client.awaitStatus(streamId)).isEqualTo("200");
    }

    @Test
    void anApplicationThatClosesTheConnectionLetsItRunDry() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.post(1, "/echo").get(3, "/close");
            assertThat(client.awaitBody(3)).isEqualTo("bye");
            assertThat(awaitGoAway(client).number()).isEqualTo(Integer.MAX_VALUE);
            client.data(1, true, "still");
            assertThat(client.awaitBody(1)).isEqualTo("still");
            client.awaitEnd();
        }
    }

    // ------------------------------------------------------------------------------------------------ time

    @ParameterizedTest
    @ValueSource(strings = {"", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\6\4\0\0\0\0\0\0"})
    void aConnectionThatDoesNotBeginInTimeIsClosed(String begun) {
        try (TestServer server = start(timeouts(times -> times.withRequestHead(Duration.ofMillis(200))));
                Http2Client client = Http2Client.connect(address(server))) {
            client.write(begun.getBytes(ISO_8859_1));
            client.awaitEnd();
        }
    }

    /** Behind TLS it is known to speak HTTP/2, and can be told in it. */
    @Test
    void aPeerWhosePrefaceDoesNotComeInTimeIsTold() {
        UnaryOperator<ServerConfig> hasty = timeouts(times -> times.withRequestHead(Duration.ofMillis(200)));
        try (TestServer server = start(config -> overTls(hasty.apply(config)));
                Http2Client client = connectSilently(server)) {
            assertThat(awaitGoAway(client).error()).isEqualTo(Http2Error.NO_ERROR);
            client.awaitEnd();
        }
    }

    @Test
    void aPeerWhosePrefaceHasNotComeIsToldOfAShutdown() {
        try (TestServer server = start(Http2LifeTest::overTls);
                Http2Client client = connectSilently(server)) {
            client.await(frame -> frame.type() == SETTINGS);
            server.running().shutdown().subscribe();
            Frame end = awaitGoAway(client);
            assertThat(end.error()).isEqualTo(Http2Error.NO_ERROR);
            assertThat(end.number()).isZero();
            client.awaitEnd();
        }
    }

    private static ServerConfig overTls(ServerConfig config) {
        return config.withTls(Tls.of(List.of(TestCertificates.localhost())));
    }

    /** By ALPN, and without a preface. */
    private static Http2Client connectSilently(TestServer server) {
        Http2Client client = Http2Client.connect(address(server), TestCertificates.clientContext());
        client.stopAnswering();
        client.write(new byte[0]); // from now on it reads
        return client;
    }

    @Test
    void aFieldBlockThatDoesNotEndInTimeEndsTheConnection() {
        try (TestServer server = start(timeouts(times -> times.withRequestHead(Duration.ofMillis(200))));
                Http2Client client = connect(server)) {
            client.send(HEADERS, END_STREAM, 1, block(request("GET", "/")));
            awaitGoAway(client);
            client.awaitEnd();
        }
    }

    @Test
    void anIdleConnectionIsClosed() {
        try (TestServer server = start(options(http2 -> http2.withKeepAlive(Duration.ofMillis(200))));
                Http2Client client = connect(server)) {
            client.get(1, "/").awaitBody(1);
            Frame end = awaitGoAway(client);
            assertThat(end.error()).isEqualTo(Http2Error.NO_ERROR);
            assertThat(end.number()).isEqualTo(1);
            client.awaitEnd();
        }
    }

    @Test
    void aBodyThatStallsIsAnsweredWith408AndLeavesTheConnection() {
        try (TestServer server = start(timeouts(times -> times.withBodyGap(Duration.ofMillis(200))));
                Http2Client client = connect(server)) {
            client.post(1, "/collect").data(1, false, "some");
            assertThat(client.awaitStatus(1)).isEqualTo("408");
            assertThat(client.await(frame -> frame.type() == RST_STREAM).error())
                    .isEqualTo(Http2Error.NO_ERROR);
            client.ping();
        }
    }

    /** Its windows may be as large as they are: what is not taken in time is given up. */
    @Test
    void aStreamWhoseWindowIsNotOpenedInTimeIsReset() throws Exception {
        try (TestServer server = start(timeouts(times -> times.withResponseGap(Duration.ofMillis(300))));
                Http2Client client = connect(server)) {
            client.get(1, "/large");
            assertThat(client.await(frame -> frame.type() == RST_STREAM).error())
                    .isEqualTo(Http2Error.CANCEL);
            gone.await();
            assertThat(client.get(3, "/").awaitBody(3)).isEqualTo("hello");
        }
    }

    // ---------------------------------------------------------------------------------------------- clients that leave

    @Test
    void aResetIsTheDisconnect() throws Exception {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.get(1, "/wait").send(RST_STREAM, 0, 1, 8);
            gone.await();
            client.ping();
            server.awaitNoExchange();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionThatEndsIsTheDisconnectOfAllItsStreams(boolean reset) throws Exception {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.get(1, "/wait").post(3, "/echo").ping();
            if (reset) {
                client.abort();
            } else {
                client.leave();
            }
            gone.await();
            server.awaitNoExchange();
            server.awaitNoConnection();
        }
    }

    // ------------------------------------------------------------------------------------------------ Upgrade

    private static String upgrade(String more) {
        return "GET / HTTP/1.1\nHost: a\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\n" + more + "\n";
    }

    @Test
    void anUpgradeGoesOnWithItsRequestAsTheFirstStream() {
        try (TestServer server = start();
                Http2Client client = Http2Client.connect(address(server))) {
            client.upgrade(upgrade("HTTP2-Settings: AAQAAAAC\n").replace("\n", "\r\n"));
            client.begin(4, 2);
            assertThat(client.awaitStatus(1)).isEqualTo("200");
            assertThat(client.await(frame -> frame.type() == DATA).payload()).hasSize(2); // as the request said
            assertThat(client.get(3, "/").awaitStatus(3)).isEqualTo("200");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP2-Settings: !\n",
                "HTTP2-Settings: AAQ\n",
                "",
                "HTTP2-Settings: AAMAAABk\nHTTP2-Settings: AAMAAABk\n",
                "HTTP2-Settings: AAMAAABk\nContent-Length: 2\n\nhi"
            })
    void anUpgradeThatIsNoneIsAnsweredOverHttp1(String fields) {
        try (TestServer server = start();
                RawClient client = server.client()) {
            assertThat(client.send(upgrade(fields)).read().status()).isEqualTo(200);
        }
    }

    // ------------------------------------------------------------------------------------------------ the access log

    @Test
    void moreExchangesThanThereMayBeAreRefusedWith503() {
        try (TestServer server = start(TestServer.limits(limits -> limits.withConcurrentExchanges(1)));
                Http2Client client = connect(server)) {
            client.get(1, "/wait");
            Waiting.await().until(() -> server.running().exchanges() == 1);
            Headers refused = client.get(3, "/").awaitHead(3);
            assertThat(refused.first(":status")).isEqualTo("503");
            assertThat(refused.first("retry-after")).isNotNull();
            client.send(RST_STREAM, 0, 1, Http2Error.CANCEL.code());
            server.awaitNoExchange();
            assertThat(client.get(5, "/").awaitBody(5)).isEqualTo("hello");
        }
    }

    @Test
    void theAccessLogSaysHttp2() {
        List<AccessLog.Entry> entries = Collections.synchronizedList(new ArrayList<>());
        try (TestServer server = start(config -> config.withAccessLog(entries::add));
                Http2Client client = connect(server)) {
            client.get(1, "/").awaitBody(1);
            openWebSocket(client, 3);
            client.send(DATA, 0, 3, ClientFrames.close(1000, "").bytes());
            client.await(frame -> frame.streamId() == 3 && frame.is(END_STREAM));
            Waiting.await().until(() -> entries.size() == 2);
            assertThat(entries).allMatch(entry -> entry.scope().httpVersion() == HttpVersion.HTTP_2);
            assertThat(entries).allMatch(entry -> entry.status() == 200 && !entry.aborted());
            assertThat(entries.get(0).bodyBytes()).isEqualTo(5);
        }
    }

    // ---------------------------------------------------------------------------------------------- what is in between

    @Test
    void aBodyIsAskedForWhereItIsWaitedFor() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.post(1, "/echo", "expect", "100-continue");
            Frame interim = client.await(frame -> frame.type() == HEADERS);
            assertThat(interim.fields().first(":status")).isEqualTo("100");
            client.data(1, true, "x");
            assertThat(client.awaitBody(1)).isEqualTo("x");
        }
    }

    @Test
    void aRequestThatIsTooLargeGetsAStatus() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            String[] fields = new String[202];
            for (int i = 0; i < fields.length; i += 2) {
                fields[i] = "a";
                fields[i + 1] = "b";
            }
            client.post(1, "/", fields);
            client.headers(3, true, request("GET", "/", fields));
            assertThat(client.awaitStatus(1)).isEqualTo("431");
            assertThat(client.awaitStatus(3)).isEqualTo("431");
            client.ping();
        }
    }

    /** Each response as the HTTP/1 one has it, but for what is framing. */
    @Test
    void fieldsOfTheConnectionAreLeftOut() {
        Application own = Applications.http((scope, receive, send) -> send.send(new ResponseStart(
                        200,
                        Headers.of(
                                "connection",
                                "keep-alive",
                                "keep-alive",
                                "5",
                                "transfer-encoding",
                                "chunked",
                                "a",
                                "b")))
                .then(send.send(ResponseBody.last("x"))));
        try (TestServer server = TestServer.start(own);
                Http2Client client = connect(server)) {
            Headers head = client.get(1, "/").awaitHead(1);
            assertThat(head.first("a")).isEqualTo("b");
            assertThat(head.first("content-length")).isEqualTo("1");
            assertThat(List.of("connection", "keep-alive", "transfer-encoding")).noneMatch(head::contains);
        }
    }

    @Test
    void aBodyThatIsTooLargeGetsAStatus() {
        try (TestServer server = start(TestServer.limits(limits -> limits.withBodySize(10)));
                Http2Client client = connect(server)) {
            assertThat(client.post(1, "/echo", "content-length", "11").awaitStatus(1))
                    .isEqualTo("413");
            client.post(3, "/collect").data(3, false, "more than ten octets");
            assertThat(client.awaitStatus(3)).isEqualTo("413");
            client.ping();
        }
    }

    /** What the contract calls a pull: no window is opened for what nobody asked for. */
    @Test
    void aWindowIsOpenedAsTheApplicationReads() {
        Application slow = Applications.http((scope, receive, send) -> Mono.never());
        try (TestServer server = TestServer.start(slow);
                Http2Client client = connect(server)) {
            client.post(1, "/");
            for (int i = 0; i < 3; i++) {
                client.send(DATA, 0, 1, new byte[16_384]);
            }
            client.ping();
            assertThat(client.all())
                    .noneMatch(frame -> frame.type() == Http2Client.WINDOW_UPDATE && frame.streamId() == 1);
            client.abort();
        }
    }

    // ----------------------------------------------------------------------------- answers before the end of a request

    /** Section 8.1: who is about to end is not interrupted. */
    @Test
    void theRestOfARequestThatWasAnsweredMayCome() {
        try (TestServer server = start(PATIENT);
                Http2Client client = connect(server)) {
            client.post(1, "/");
            assertThat(client.awaitBody(1)).isEqualTo("hello");
            client.data(1, false, "late").data(1, true, "and last");
            client.ping();
            assertThat(client.all()).noneMatch(frame -> frame.type() == RST_STREAM);
        }
    }

    /** Section 8.1.1: whether a request is whole does not depend on who is faster. */
    @Test
    void theRestOfARequestThatWasAnsweredIsCheckedAllTheSame() {
        try (TestServer server = start(PATIENT);
                Http2Client client = connect(server)) {
            client.post(1, "/", "content-length", "1");
            assertThat(client.awaitBody(1)).isEqualTo("hello");
            client.data(1, false, "xy");
            assertThat(client.await(frame -> frame.type() == RST_STREAM).error())
                    .isEqualTo(Http2Error.PROTOCOL_ERROR);
            client.ping();
        }
    }

    /** Section 8.1. */
    @Test
    void aRequestThatWasAnsweredAndGoesOnForLongIsStopped() {
        try (TestServer server = start(PATIENT);
                Http2Client client = connect(server)) {
            client.post(1, "/");
            assertThat(client.awaitBody(1)).isEqualTo("hello");
            while (client.all().stream().noneMatch(frame -> frame.type() == RST_STREAM)) {
                client.data(1, false, "x".repeat(10_000));
                client.ping();
            }
            assertThat(client.await(frame -> frame.type() == RST_STREAM).error())
                    .isEqualTo(Http2Error.NO_ERROR);
        }
    }

    @Test
    void aRequestWhoseTrailersAreTooMuchIsAnsweredAndIsOver() {
        try (TestServer server = start(PATIENT);
                Http2Client client = connect(server)) {
            client.post(1, "/collect").headers(1, true, "sum 1 ".repeat(101).split(" "));
            assertThat(client.awaitStatus(1)).isEqualTo("431");
            client.awaitBody(1);
            client.ping();
            assertThat(client.all()).noneMatch(frame -> frame.type() == RST_STREAM);
        }
    }

    // --------------------------------------------------------------------------------------- what the peer can rely on

    /** RFC 9113 section 6.8: what a client has sent again elsewhere stays unserved here. */
    @Test
    void theLastStreamThatAGoAwayNamesDoesNotGrow() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.stopAnswering();
            client.post(1, "/echo");
            client.ping();
            server.running().shutdown().subscribe();
            Frame ping = client.await(frame -> frame.type() == PING && !frame.is(ACK));
            client.send(PING, ACK, 0, ping.payload());
            assertThat(awaitGoAway(client).number()).isEqualTo(Integer.MAX_VALUE);
            assertThat(awaitGoAway(client).number()).isEqualTo(1);
            client.get(3, "/").send(PING, 0, 0, new byte[6]);
            Frame last = awaitGoAway(client);
            assertThat(last.error()).isEqualTo(Http2Error.FRAME_SIZE_ERROR);
            assertThat(last.number()).isEqualTo(1);
        }
    }

    /** RFC 9113 section 6.5.3. */
    @Test
    void settingsAreAcknowledgedBeforeWhatTheyPermit() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.get(1, "/large");
            int got = 0;
            while (got < 65_535) {
                got += client.await(frame -> frame.type() == DATA).payload().length;
            }
            client.send(WINDOW_UPDATE, 0, 0, 1_000_000).send(SETTINGS, 0, 0, new byte[] {0, 4, 0, 3, 0, 0});
            Frame next = client.await(frame -> frame.type() == DATA || frame.type() == SETTINGS);
            assertThat(next.type()).isEqualTo(SETTINGS);
            client.await(frame -> frame.type() == DATA);
        }
    }

    /** RFC 7541 section 4.2: the client's table was empty in between. */
    @Test
    void theSmallestOfSeveralTableSizesIsKeptTo() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.get(1, "/").awaitBody(1);
            client.send(SETTINGS, 0, 0, new byte[] {0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0x10, 0});
            client.get(3, "/");
            Frame head = client.await(frame -> frame.type() == HEADERS && frame.streamId() == 3);
            assertThat(head.payload()).startsWith(0x20, 0x3f, 0xe1, 0x1f);
        }
    }

    /** RFC 9110 section 15.3.5. */
    @Test
    void aResponseWithoutContentHasNoTrailers() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.get(1, "/nothing");
            assertThat(client.await(frame -> frame.streamId() == 1).is(END_STREAM))
                    .isTrue();
            client.ping();
            assertThat(client.all()).noneMatch(frame -> frame.streamId() == 1);
        }
    }

    /** Padding counts against the windows, though nobody takes it. */
    @Test
    void paddingIsGivenBack() {
        try (TestServer server = start();
                Http2Client client = connect(server)) {
            client.post(1, "/echo");
            byte[] padding = new byte[256];
            padding[0] = (byte) 255;
            for (int i = 0; i < 400; i++) {
                client.send(DATA, PADDED, 1, padding);
                if (i % 100 == 0) {
                    client.ping();
                }
            }
            client.await(frame -> frame.type() == WINDOW_UPDATE && frame.streamId() == 1);
            client.data(1, true, "x");
            assertThat(client.awaitBody(1)).isEqualTo("x");
        }
    }

    /** RFC 9113 section 6.9.1. */
    @Test
    void anEmptyEndNeedsNoWindow() {
        try (TestServer server = start(options(http2 -> http2.withStreamWindow(16_384)));
                Http2Client client = Http2Client.connect(address(server))) {
            client.stopAnswering();
            client.begin().post(1, "/wait");
            for (int i = 0; i < 4; i++) {
                client.data(1, false, "x".repeat(15_000));
            }
            client.send(SETTINGS, ACK, 0, new byte[0]).send(DATA, END_STREAM, 1, new byte[0]);
            client.ping();
            assertThat(client.all()).noneMatch(frame -> frame.type() == RST_STREAM);
        }
    }

    /** A peer that has taken what there was is not waited for. */
    @Test
    void aPauseOfTheApplicationIsNotThePeers() {
        try (TestServer server = start(config -> config.withTimeouts(
                        config.timeouts().withLinger(Duration.ofSeconds(1)).withResponseGap(Duration.ofMillis(300))));
                Http2Client client = connect(server)) {
            client.send(SETTINGS, 0, 0, new byte[] {0, 4, 0, 15, 0, 0}).send(WINDOW_UPDATE, 0, 0, 1_000_000);
            client.get(1, "/slow");
            assertThat(client.awaitBody(1)).endsWith("\0end");
        }
    }

    /** Who ends by a reset what was answered early has not made the server work for nothing. */
    @Test
    void resetsOfRequestsThatWereAnsweredAreNoFlood() {
        try (TestServer server =
                        start(config -> options(http2 -> http2.withResets(5)).apply(PATIENT.apply(config)));
                Http2Client client = connect(server)) {
            for (int i = 0; i < 20; i++) {
                int streamId = 2 * i + 1;
                client.post(streamId, "/").awaitBody(streamId);
                client.send(RST_STREAM, 0, streamId, 0);
            }
            client.ping();
            assertThat(client.all()).noneMatch(frame -> frame.type() == GOAWAY);
        }
    }
}

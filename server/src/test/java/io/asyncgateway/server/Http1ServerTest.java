package io.asyncgateway.server;

import static io.asyncgateway.server.Waiting.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpApplication;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Send;
import io.netty.channel.epoll.Epoll;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What takes a socket to be seen; the rest is tested without one ({@link Http1ConnectionTest} and others). */
class Http1ServerTest {
    private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";
    private static final HttpEvent.ResponseStart OK = new HttpEvent.ResponseStart(200);
    /** More than the kernel keeps of both sides. */
    private static final int MUCH = 20_000_000;

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    /** An application that the test plays. */
    private final Application played = Applications.http(this::play);

    private Mono<Void> play(HttpScope scope, Receive receive, Send send) {
        Call call = new Call(scope, receive, send);
        calls.add(call);
        return call.result();
    }

    private Call call() throws InterruptedException {
        Call call = calls.poll(10, TimeUnit.SECONDS);
        assertThat(call).as("a call of the application").isNotNull();
        return call;
    }

    private static Application echo() {
        return Applications.http((scope, receive, send) -> Http.stream(send, OK, Http.body(receive)));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    // ------------------------------------------------------------------------------------------------ bodies

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aLargeBodyGoesThroughWhileItIsSent(Transport transport) throws Exception {
        Assumptions.assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable());
        byte[] body = random(5_000_000);
        try (TestServer server = TestServer.start(
                        echo(),
                        config -> config.withTransport(config.transport().withTransport(transport)));
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\nHost: a\nContent-Length: " + body.length + "\n\n");
            CompletableFuture<?> sending = CompletableFuture.runAsync(() -> client.send(body));
            assertThat(client.read().body()).isEqualTo(body);
            sending.get(10, TimeUnit.SECONDS);
            assertThat(client.get("/").body()).isEmpty();
        }
    }

    @Test
    void oneEventThatIsLargerThanAnyBufferGoesThrough() {
        byte[] body = random(MUCH);
        try (TestServer server = TestServer.start(
                Applications.http((scope, receive, send) -> Http.respond(send, OK, ByteBuffer.wrap(body))))) {
            assertThat(server.get("/").body()).isEqualTo(body);
        }
    }

    @Test
    void theClientIsAskedForItsBodyWhenTheApplicationPullsIt() throws Exception {
        try (TestServer server = TestServer.start(echo());
                RawClient client = server.client()) {
            client.send("POST / HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 2\n\n");
            assertThat(client.read().status()).isEqualTo(100);
            client.sendExactly("hi");
            assertThat(client.read().text()).isEqualTo("hi");
        }
    }

    // ------------------------------------------------------------------------------------------------ threads

    @Test
    void anApplicationMayUseAnyThread() {
        HttpApplication application = (scope, receive, send) -> send.send(OK)
                .publishOn(Schedulers.parallel())
                .thenMany(Http.body(receive).publishOn(Schedulers.boundedElastic()))
                .concatMap(part -> Mono.just(part)
                        .publishOn(Schedulers.parallel())
                        .flatMap(same -> send.send(HttpEvent.ResponseBody.more(same))))
                .then(Mono.defer(() -> send.send(HttpEvent.ResponseBody.last())));
        byte[] body = random(300_000);
        try (TestServer server = TestServer.start(Applications.http(application));
                RawClient client = server.client()) {
            for (int i = 0; i < 5; i++) {
                client.send("POST / HTTP/1.1\nHost: a\nContent-Length: " + body.length + "\n\n")
                        .send(body);
                assertThat(client.read().body()).isEqualTo(body);
            }
        }
    }

    @Test
    void pipelinedResponsesKeepTheirOrderWhateverTheirTimesAndThreads() {
        Random random = new Random(1);
        HttpApplication application = (scope, receive, send) -> {
            Mono<Void> answer = Http.respond(send, 200, scope.path());
            return switch (random.nextInt(3)) {
                case 0 -> answer;
                case 1 ->
                    Mono.delay(Duration.ofNanos(random.nextInt(2_000_000))).then(answer);
                default -> answer.subscribeOn(Schedulers.parallel());
            };
        };
        try (TestServer server = TestServer.start(
                        Applications.http(application),
                        config -> config.withTransport(config.transport().withEventLoops(2)));
                RawClient one = server.client();
                RawClient two = server.client()) {
            for (int i = 0; i < 200; i++) {
                one.send("GET /a" + i + " HTTP/1.1\nHost: a\n\n");
                two.send("GET /b" + i + " HTTP/1.1\nHost: a\n\n");
            }
            for (int i = 0; i < 200; i++) {
                assertThat(one.read().text()).isEqualTo("/a" + i);
                assertThat(two.read().text()).isEqualTo("/b" + i);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ closing

    /** A close with octets unread resets the connection, and the client would lose what was answered. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\nHost: a\nContent-Length: 100000000\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5f5e100\n",
                "nonsense\n\n"
            })
    void aClientThatStillSendsCanReadWhyItIsRefused(String request) {
        HttpApplication application = (scope, receive, send) ->
                Http.collect(receive, 1_000_000).flatMap(body -> Http.respond(send, OK, body));
        try (TestServer server = TestServer.start(
                        Applications.http(application), TestServer.limits(limits -> limits.withBodySize(1_000_000)));
                RawClient client = server.client()) {
            client.send(request);
            for (int i = 0; i < 50; i++) {
                client.send(new byte[100_000]);
            }
            RawClient.Response response = client.read();
            assertThat(response.status()).isBetween(400, 413);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(response.whole()).isTrue();
            assertThat(client.isEnded()).isTrue();
        }
    }

    /** What waits behind a request that is served may be more than the window, and wrong. */
    @Test
    void aClientCanReadItsRefusalAlsoWhereTheWindowWasFull() throws Exception {
        try (TestServer server = TestServer.start(played);
                RawClient client = server.client()) {
            client.send(GET);
            Call call = call();
            CompletableFuture<?> sending = CompletableFuture.runAsync(() -> client.send(new byte[MUCH]));
            await().until(() -> !sending.isDone());
            answer(call, "first");
            assertThat(client.read().text()).isEqualTo("first");
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.isEnded()).isTrue();
            sending.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aClientThatNeverStopsSendingIsCutOff() {
        try (TestServer server = TestServer.start(
                        echo(), TestServer.timeouts(timeouts -> timeouts.withLinger(Duration.ofMillis(200))));
                RawClient client = server.client()) {
            client.send("nonsense\n\n");
            assertThat(client.read().status()).isEqualTo(400);
            CompletableFuture<?> sending = CompletableFuture.runAsync(() -> {
                while (true) {
                    client.send(new byte[10_000]);
                }
            });
            server.awaitNoConnection();
            assertThat(sending)
                    .failsWithin(Waiting.PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void anAbortedResponseIsNeverTakenForAWholeOne() throws Exception {
        try (TestServer server = TestServer.start(played)) {
            RawClient chunked = server.client().send(GET);
            abort(call());
            assertThat(chunked.read().whole()).isFalse();

            RawClient length = server.client().send(GET);
            abort(call(), "content-length", "10");
            assertThat(length.read().whole()).isFalse();

            RawClient closing = server.client().send("GET / HTTP/1.0\n\n");
            abort(call());
            assertThat(closing.isReset())
                    .as("an end of the connection would be the end of the body")
                    .isTrue();
            assertThat(server.errors()).hasSize(3);
        }
    }

    private static void abort(Call call, String... fields) {
        call.start(200, fields).await().value();
        call.part("some").await().value();
        call.fail(new IllegalStateException("on purpose"));
    }

    @Test
    void aHalfClosedClientGetsAllItAskedFor() throws Exception {
        try (TestServer server = TestServer.start(played);
                RawClient client = server.client()) {
            client.send(GET + GET + "POST / HTTP/1.1\nHost: a\nContent-Length: 2\n\n")
                    .sendExactly("hi")
                    .halfClose();
            for (int i = 1; i <= 3; i++) {
                answer(call(), "answer " + i);
                assertThat(client.read().text()).isEqualTo("answer " + i);
            }
            assertThat(client.isEnded()).isTrue();
        }
    }

    // ---------------------------------------------------------------------------------------------- clients that leave

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aClientThatResetsItsConnectionIsGone(Transport transport) throws Exception {
        Assumptions.assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable());
        try (TestServer server = TestServer.start(
                played, config -> config.withTransport(config.transport().withTransport(transport)))) {
            RawClient client = server.client().send(GET);
            Call call = call();
            call.receive().await().value();
            var pull = call.receive();
            var signal = Outcome.of(call.scope.disconnected());
            client.reset();
            assertThat(pull.await().value()).isEqualTo(HttpEvent.Disconnect.instance());
            assertThat(signal.await().isComplete()).isTrue();
            call.end();
            server.awaitNoExchange();
        }
    }

    /** Epoll tells of it without a read; NIO does not. */
    @Test
    void aClientThatLeavesIsNoticedAlsoWhereNothingMayBeRead() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable());
        try (TestServer server = TestServer.start(
                played, TestServer.timeouts(timeouts -> timeouts.withDisconnectGrace(Duration.ofMillis(50))))) {
            RawClient client = server.client();
            client.send("POST / HTTP/1.1\nHost: a\nContent-Length: " + MUCH + "\n\n")
                    .send(new byte[200_000]);
            Call call = call();
            client.reset();
            await().until(call::isCancelled);
            server.awaitNoExchange();
        }
    }

    @Test
    void aClientThatTakesNothingIsGone() throws Exception {
        try (TestServer server = TestServer.start(
                        played, TestServer.timeouts(timeouts -> timeouts.withResponseGap(Duration.ofMillis(300))));
                RawClient client = server.slowClient()) {
            client.send(GET);
            Call call = call();
            call.start(200).await().value();
            assertThat(call.send(HttpEvent.ResponseBody.more(ByteBuffer.allocate(MUCH)))
                            .await()
                            .failure())
                    .isInstanceOf(io.asyncgateway.api.DisconnectedException.class);
            call.end();
            server.awaitNoConnection();
        }
    }

    @Test
    void aHalfClosedClientThatTakesNothingIsGone() throws Exception {
        try (TestServer server = TestServer.start(
                        played, TestServer.timeouts(timeouts -> timeouts.withHalfClosed(Duration.ofMillis(200))));
                RawClient client = server.client()) {
            client.send(GET).halfClose();
            Call call = call();
            call.receive().await().value();
            assertThat(call.receive().await().value()).isEqualTo(HttpEvent.Disconnect.instance());
            call.end();
        }
    }

    // ------------------------------------------------------------------------------------------------ time

    @Test
    void anIdleConnectionIsClosed() {
        try (TestServer server = TestServer.start(
                        echo(), TestServer.timeouts(timeouts -> timeouts.withKeepAlive(Duration.ofMillis(200))));
                RawClient client = server.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aSlowHeadAndASlowBodyGet408() {
        try (TestServer server = TestServer.start(
                echo(), TestServer.timeouts(timeouts -> timeouts.withRequestHead(Duration.ofMillis(200))
                        .withBodyGap(Duration.ofMillis(200))))) {
            assertThat(server.client().sendExactly("GET / HT").read().status()).isEqualTo(408);
            RawClient body = server.client().send("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\n");
            assertThat(body.read().status()).isEqualTo(408);
            assertThat(body.isEnded()).isTrue();
        }
    }

    @Test
    void aRequestWithoutAnAnswerGets504AtItsDeadline() throws Exception {
        try (TestServer server = TestServer.start(
                        played, TestServer.timeouts(timeouts -> timeouts.withRequest(Duration.ofMillis(200))));
                RawClient client = server.client()) {
            client.send(GET);
            Call call = call();
            assertThat(client.read().status()).isEqualTo(504);
            await().until(call::isCancelled);
            server.awaitNoExchange();
        }
    }

    // ------------------------------------------------------------------------------------------------ how many

    @Test
    void exactlyAsManyRequestsAsThereMayBeAreServedAtOnce() throws Exception {
        try (TestServer server =
                TestServer.start(played, TestServer.limits(limits -> limits.withConcurrentExchanges(3)))) {
            List<RawClient> clients = new ArrayList<>();
            List<Call> served = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(server.client().send(GET));
                served.add(call());
            }
            RawClient refused = server.client();
            for (int i = 0; i < 2; i++) {
                RawClient.Response response = refused.get("/");
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.header("retry-after")).isEqualTo("1");
            }
            assertThat(calls).isEmpty();
            answer(served.get(0), "first");
            assertThat(clients.get(0).read().text()).isEqualTo("first");
            await().until(() -> server.running().exchanges() == 2);
            refused.send(GET);
            answer(call(), "now");
            assertThat(refused.read().text()).as("on the same connection").isEqualTo("now");
            answer(served.get(1), "second");
            answer(served.get(2), "third");
        }
    }

    private static void answer(Call call, String text) {
        call.start(200).await().value();
        call.last(text).await().value();
        call.complete();
    }

    @Test
    void connectionsPastTheLimitWaitUntilOneCloses() throws Exception {
        try (TestServer server = TestServer.start(echo(), TestServer.limits(limits -> limits.withConnections(2)))) {
            RawClient one = server.client();
            RawClient two = server.client();
            assertThat(one.get("/").status()).isEqualTo(200);
            assertThat(two.get("/").status()).isEqualTo(200);
            RawClient three = server.client().send(GET);
            assertThat(three.isSilent(Duration.ofMillis(150))).isTrue();
            assertThat(server.running().connections()).isEqualTo(2);
            assertThat(one.get("/").status()).as("those that are open go on").isEqualTo(200);
            one.close();
            assertThat(three.read().status()).isEqualTo(200);
            RawClient four = server.client().send(GET);
            two.close();
            assertThat(four.read().status()).isEqualTo(200);
        }
    }

    // ----------------------------------------------------------------------------------------------- all of it at once

    /** Clients that do what they like, and applications that do what they like: nothing may be left of them. */
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void nothingIsLeftOfClientsAndApplicationsThatDoWhatTheyLike(Transport transport) throws Exception {
        Assumptions.assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable());
        try (TestServer server =
                TestServer.start(Applications.http(Http1ServerTest::anything), config -> config.withTransport(
                                config.transport().withTransport(transport).withEventLoops(2))
                        .withTimeouts(config.timeouts()
                                .withDisconnectGrace(Duration.ofMillis(100))
                                .withHalfClosed(Duration.ofMillis(200))
                                .withLinger(Duration.ofMillis(100))
                                .withRequestHead(Duration.ofMillis(200))
                                .withBodyGap(Duration.ofMillis(200))
                                .withKeepAlive(Duration.ofMillis(200))
                                .withRequest(Duration.ofMillis(200))))) {
            int threads = 8;
            CountDownLatch done = new CountDownLatch(threads);
            for (int i = 0; i < threads; i++) {
                Random random = new Random(i);
                new Thread(() -> {
                            for (int client = 0; client < 30; client++) {
                                beAClient(server.port(), random);
                            }
                            done.countDown();
                        })
                        .start();
            }
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
            server.awaitNoConnection();
            server.awaitNoExchange();
            assertThat(server.get("/echo").status()).isEqualTo(200);
            assertThat(server.errors())
                    .allMatch(error -> error.contains("on purpose") || error.contains("application for"));
        }
    }

    private static Mono<Void> anything(HttpScope scope, Receive receive, Send send) {
        Mono<Void> echo = Http.stream(send, OK, Http.body(receive));
        Mono<Void> slow = Mono.delay(Duration.ofMillis(3)).then(Http.respond(send, 200, "slow"));
        Flux<ByteBuffer> numbers = Flux.range(0, 50).map(i -> Call.octets("x".repeat(5000)));
        return switch (scope.path()) {
            case "/slow" -> slow;
            case "/stream" -> Http.stream(send, OK, numbers.delayElements(Duration.ofMillis(1)));
            case "/big" -> Http.respond(send, OK, ByteBuffer.allocate(2_000_000));
            case "/fail" -> Mono.error(new IllegalStateException("on purpose"));
            case "/cut" ->
                send.send(OK)
                        .then(send.send(HttpEvent.ResponseBody.more(Call.octets("some"))))
                        .then(Mono.error(new IllegalStateException("on purpose")));
            case "/never" -> receive.receive().then(Mono.never());
            case "/late" ->
                Http.respond(send, 200, "early")
                        .then(Mono.delay(Duration.ofMillis(5)).then());
            default -> echo;
        };
    }

    private static void beAClient(int port, Random random) {
        String[] paths = {"/echo", "/slow", "/stream", "/big", "/fail", "/cut", "/never", "/late"};
        try (RawClient client = RawClient.connect(port)) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                String path = paths[random.nextInt(paths.length)];
                int size = random.nextInt(3) == 0 ? random.nextInt(100_000) : 0;
                String head = "POST " + path + " HTTP/1." + (random.nextInt(5) == 0 ? 0 : 1)
                        + "\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n";
                String request = head + "x".repeat(size);
                int cut = random.nextInt(6) == 0 ? random.nextInt(request.length()) : request.length();
                client.send(request.substring(0, cut).getBytes(ISO_8859_1));
            }
            switch (random.nextInt(5)) {
                case 0 -> client.reset();
                case 1 -> client.halfClose().readToEndOrReset();
                case 2 -> client.readSome(new byte[100]);
                case 3 -> client.read();
                default -> {} // leaves at once
            }
        } catch (UncheckedIOException | StringIndexOutOfBoundsException | NumberFormatException cut) {
            // The server may close at any time.
        }
    }
}

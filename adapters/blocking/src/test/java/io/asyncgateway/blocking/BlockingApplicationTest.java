package io.asyncgateway.blocking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpEvent.ResponseFile;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.UnsupportedScopeException;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class BlockingApplicationTest {
    private static final WorkerPoolOptions OPTIONS =
            WorkerPoolOptions.defaults().withName("test").withThreads(4).withQueue(4);
    private static final BlockingOptions SMALL_PARTS =
            BlockingOptions.defaults().withPartSize(256);

    private final WorkerPool pool = WorkerPool.of(OPTIONS);

    @AfterEach
    void everyPlaceInThePoolIsFreeAgain() {
        await().untilAsserted(() -> assertThat(pool.metrics().active()).isZero());
        pool.shutdown(Duration.ZERO).block(Duration.ofSeconds(20));
    }

    private Application serve(BlockingApplication application) {
        return Blocking.application(application, pool, SMALL_PARTS);
    }

    private HttpDriver get(String target, BlockingApplication application) {
        return ApplicationDriver.get(serve(application), target);
    }

    private HttpDriver post(BlockingApplication application) {
        return ApplicationDriver.http(serve(application), HttpScope.builder().method("POST"));
    }

    private HttpDriver head(BlockingApplication application) {
        HttpDriver driver =
                ApplicationDriver.http(serve(application), HttpScope.builder().method("HEAD"));
        driver.noBody();
        return driver;
    }

    private static String repeat(char c, int count) {
        return String.valueOf(c).repeat(count);
    }

    // ------------------------------------------------------------------------------------------------ requests

    @Test
    void aRequestIsReadableInAMinute() {
        AtomicReference<BlockingRequest> seen = new AtomicReference<>();
        HttpScope.builder();
        try (HttpDriver driver = ApplicationDriver.http(
                serve(request -> {
                    seen.set(request);
                    return BlockingResponse.of(204);
                }),
                HttpScope.builder()
                        .method("PUT")
                        .target("/shop/caf%C3%A9?q=a%20b&q=c+d&empty&x=%3D&&=n")
                        .rootPath("/shop")
                        .header("X-Tag", "1"))) {
            driver.expectStart(204);
            driver.expectLastPart("");
            driver.expectEnd();
        }
        BlockingRequest request = seen.get();
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.path()).isEqualTo("/shop/café");
        assertThat(request.rootPath()).isEqualTo("/shop");
        assertThat(request.localPath()).isEqualTo("/café");
        assertThat(request.queryString()).startsWith("q=a%20b");
        assertThat(request.query()).containsEntry("q", List.of("a b", "c d")).containsEntry("x", List.of("="));
        assertThat(request.query()).containsEntry("empty", List.of("")).containsEntry("", List.of("n"));
        assertThat(request.query("q")).isEqualTo("a b");
        assertThat(request.query("missing")).isNull();
        assertThat(request.header("x-tag")).isEqualTo("1");
        assertThat(request).hasToString("PUT /shop/caf%C3%A9");
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void theApplicationRunsOnAThreadOfThePool(PoolKind kind) {
        WorkerPool own = kind.pool(OPTIONS);
        Application application = Blocking.application(
                request -> BlockingResponse.text(Thread.currentThread().getName()), own);
        try (HttpDriver driver = ApplicationDriver.get(application, "/")) {
            assertThat(driver.expectResponse().text()).startsWith("test-");
            driver.expectEnd();
        }
        own.close();
    }

    @Test
    void aBodyIsPulledOnlyAsFarAsItIsRead() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (HttpDriver driver = post(request -> {
            InputStream body = request.body();
            int first = body.read();
            go.await();
            String rest = new String(body.readAllBytes(), UTF_8);
            assertThat(body.read()).isEqualTo(-1);
            assertThat(body.read(new byte[0])).isZero();
            return BlockingResponse.text((char) first + "|" + rest);
        })) {
            driver.expectPull();
            driver.part("ab");
            await().until(() -> pool.metrics().active() == 1);
            driver.expectNoPull();
            go.countDown();
            driver.expectPull();
            driver.part("cd");
            driver.expectPull();
            driver.lastPart("ef");
            assertThat(driver.expectResponse().text()).isEqualTo("a|bcdef");
            driver.expectEnd();
        }
    }

    @Test
    void aBodyCanBeSkippedAndTellsWhatIsThere() {
        try (HttpDriver driver = post(request -> {
            InputStream body = request.body();
            assertThat(body.available()).isZero();
            assertThat(body.skip(3)).isEqualTo(3);
            assertThat(body.available()).isEqualTo(1);
            assertThat(body.skip(0)).isZero();
            assertThat(body.skip(-1)).isZero();
            assertThat(body.read()).isEqualTo('d');
            assertThat(body.skip(10)).isZero();
            body.close();
            assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
            return BlockingResponse.of(204);
        })) {
            driver.part("ab");
            driver.part("");
            driver.lastPart("cd");
            driver.expectStart(204);
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void aBodyThatIsNotReadIsNotPulled() {
        try (HttpDriver driver = post(request -> BlockingResponse.text("no"))) {
            assertThat(driver.expectResponse().text()).isEqualTo("no");
            driver.expectEnd();
            driver.expectNoPull();
        }
    }

    @Test
    void aBodyThatIsRefusedAnswersWithItsStatusUnlessTheApplicationKnowsBetter() {
        try (HttpDriver driver =
                post(request -> BlockingResponse.text(new String(request.body().readAllBytes(), UTF_8)))) {
            driver.part("x");
            driver.breakBody(new RequestException(413, "too large"));
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(413);
        }
        try (HttpDriver driver = post(request -> {
            try {
                request.body().readAllBytes();
            } catch (GatewayIOException refused) {
                throw new UncheckedIOException(refused);
            }
            return BlockingResponse.of(200);
        })) {
            driver.breakBody(new RequestException(400, "bad chunk"));
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(400);
        }
        try (HttpDriver driver = post(request -> {
            try {
                request.body().readAllBytes();
                throw new AssertionError();
            } catch (IOException refused) {
                return BlockingResponse.text(400, refused.getMessage());
            }
        })) {
            driver.breakBody(new RequestException(400, "bad chunk"));
            assertThat(driver.expectResponse().text()).isEqualTo("bad chunk");
            driver.expectEnd();
        }
    }

    // ------------------------------------------------------------------------------------------------ responses

    @Test
    void aShortResponseIsSentAsAWhole() {
        try (HttpDriver driver = get("/", request -> BlockingResponse.text(201, "made"))) {
            ResponseStart start = driver.expectStart(201);
            assertThat(start.headers()).isEqualTo(Headers.of("content-type", "text/plain; charset=utf-8"));
            driver.expectLastPart("made");
            driver.expectEnd();
        }
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200)
                .header("a", "1")
                .header("A", "2")
                .body(new byte[] {'x'}))) {
            assertThat(driver.expectStart(200).headers()).isEqualTo(Headers.of("a", "1", "a", "2"));
            driver.expectLastPart("x");
            driver.expectEnd();
        }
    }

    @Test
    void whatIsWrittenLeavesInPartsAsItsBufferFillsAndWhenItIsFlushed() {
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(out -> {
            out.write(repeat('a', 200).getBytes(UTF_8));
            out.write(repeat('b', 100).getBytes(UTF_8));
            out.flush();
            out.flush();
            out.write('c');
            out.close();
            assertThatThrownBy(() -> out.write('d')).isInstanceOf(IOException.class);
        }))) {
            driver.expectStart(200);
            driver.expectPart(repeat('a', 200) + repeat('b', 56));
            driver.expectPart(repeat('b', 44));
            driver.expectLastPart("c");
            driver.expectEnd();
        }
    }

    @Test
    void whatIsWrittenIntoOnePartIsAWholeResponse() {
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(out -> {
            out.write(repeat('a', 256).getBytes(UTF_8));
        }))) {
            driver.expectStart(200);
            driver.expectLastPart(repeat('a', 256));
            driver.expectEnd();
        }
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(out -> {}))) {
            driver.expectStart(200);
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void aFlushBeforeTheFirstByteSendsTheHead() {
        CountDownLatch go = new CountDownLatch(1);
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(out -> {
            out.flush();
            go.await();
        }))) {
            driver.expectStart(200);
            driver.expectPart("");
            go.countDown();
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void aWriterBlocksUntilTheTransportTakesMore() {
        AtomicInteger written = new AtomicInteger();
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(out -> {
            for (int i = 0; i < 3; i++) {
                out.write(new byte[256]);
                out.flush();
                written.incrementAndGet();
            }
        }))) {
            driver.hold();
            driver.expectStart(200);
            driver.expect(HttpEvent.ResponseBody.class);
            assertThat(written).hasValue(0);
            driver.releaseOne();
            driver.expect(HttpEvent.ResponseBody.class);
            assertThat(written).hasValue(1);
            driver.release();
            driver.expect(HttpEvent.ResponseBody.class);
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void aStreamIsSentAsItIsReadAndClosed() {
        AtomicInteger closed = new AtomicInteger();
        InputStream stream = new ByteArrayInputStream(repeat('x', 300).getBytes(UTF_8)) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(stream, 300))) {
            assertThat(driver.expectStart(200).headers()).isEqualTo(Headers.of("content-length", "300"));
            driver.expectPart(repeat('x', 256));
            driver.expectPart(repeat('x', 44));
            driver.expectLastPart("");
            driver.expectEnd();
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void chunksAreSentAsTheyComeAndTheirSourceIsClosed() {
        AtomicInteger closed = new AtomicInteger();
        Stream<byte[]> chunks =
                Stream.of("a", "", "b", "c").map(text -> text.getBytes(UTF_8)).onClose(closed::incrementAndGet);
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(chunks))) {
            driver.expectStart(200);
            driver.expectPart("a");
            driver.expectPart("b");
            driver.expectLastPart("c");
            driver.expectEnd();
        }
        assertThat(closed).hasValue(1);
        List<byte[]> one = List.of("only".getBytes(UTF_8));
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(one.iterator()))) {
            driver.expectStart(200);
            driver.expectLastPart("only");
            driver.expectEnd();
        }
    }

    @Test
    void aFileIsTheServersToSend(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("a.txt"), "content");
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(file))) {
            driver.expectStart(200);
            assertThat(driver.expect(ResponseFile.class)).isEqualTo(ResponseFile.last(file));
            driver.expectEnd();
        }
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(file))) {
            driver.hold();
            driver.expectStart(200);
            driver.expect(ResponseFile.class);
            await().untilAsserted(() -> assertThat(pool.metrics().active()).isZero());
            driver.release();
            driver.expectEnd();
        }
    }

    @Test
    void headUsesNeitherStreamsNorWriters() {
        AtomicInteger closed = new AtomicInteger();
        InputStream stream = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read for HEAD");
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        try (HttpDriver driver = head(request -> BlockingResponse.of(200).body(stream, 5))) {
            assertThat(driver.expectStart(200).headers()).isEqualTo(Headers.of("content-length", "5"));
            driver.expectLastPart("");
            driver.expectEnd();
        }
        try (HttpDriver driver = head(request -> BlockingResponse.of(200).body(stream))) {
            assertThat(driver.expectStart(200).headers()).isEmpty();
            driver.expectPart("");
            driver.expectLastPart("");
            driver.expectEnd();
        }
        assertThat(closed).hasValue(2);
        try (HttpDriver driver = head(request -> BlockingResponse.of(200).body(out -> {
            throw new AssertionError("written for HEAD");
        }))) {
            driver.expectStart(200);
            driver.expectPart("");
            driver.expectLastPart("");
            driver.expectEnd();
        }
        try (HttpDriver driver = head(request -> BlockingResponse.text("body"))) {
            driver.expectStart(200);
            driver.expectLastPart("body");
            driver.expectEnd();
        }
    }

    @Test
    void aBodyCanBeReadWhileTheResponseIsWritten() {
        try (HttpDriver driver = post(request -> BlockingResponse.of(200).body(out -> {
            byte[] line = new byte[16];
            for (int count = request.body().read(line);
                    count >= 0;
                    count = request.body().read(line)) {
                out.write(line, 0, count);
                out.flush();
            }
        }))) {
            driver.expectPull();
            driver.part("one");
            driver.expectStart(200);
            driver.expectPart("one");
            driver.expectPull();
            driver.part("two");
            driver.expectPart("two");
            driver.lastPart("");
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    // ------------------------------------------------------------------------------------------------ failures

    @Test
    void whatTheApplicationThrowsIsTheFailureOfTheExchange() {
        try (HttpDriver driver = get("/", request -> {
            throw new IllegalStateException("on purpose");
        })) {
            assertThat(driver.expectFailure(IllegalStateException.class)).hasMessage("on purpose");
        }
        try (HttpDriver driver = get("/", request -> {
            throw new StackOverflowError("on purpose");
        })) {
            driver.expectFailure(StackOverflowError.class);
        }
        try (HttpDriver driver = get("/", request -> {
            throw new RequestException(422, "on purpose");
        })) {
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(422);
        }
        try (HttpDriver driver = get("/", request -> null)) {
            assertThat(driver.expectFailure(NullPointerException.class))
                    .hasMessage("the application returned null (expected: a BlockingResponse)");
        }
    }

    @Test
    void aWriterThatFailsBeforeAnythingIsSentLeavesTheAnswerToTheServer() {
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(out -> {
            out.write('x');
            throw new IOException("on purpose");
        }))) {
            assertThat(driver.expectFailure(IOException.class)).hasMessage("on purpose");
        }
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(out -> {
            out.write('x');
            out.flush();
            throw new IOException("on purpose");
        }))) {
            driver.expectStart(200);
            driver.expectPart("x");
            driver.expectFailure(IOException.class);
        }
    }

    @Test
    void aWebSocketIsNotForABlockingApplication() {
        try (var driver =
                ApplicationDriver.webSocket(serve(request -> BlockingResponse.of(200)), WebSocketScope.builder())) {
            driver.expectFailure(UnsupportedScopeException.class);
        }
    }

    @Test
    void aFullPoolRefusesWith503() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        List<HttpDriver> drivers = new ArrayList<>();
        Application application = serve(request -> {
            gate.await();
            return BlockingResponse.of(204);
        });
        for (int i = 0; i < 8; i++) {
            HttpDriver driver = ApplicationDriver.get(application, "/");
            driver.expectNothing();
            drivers.add(driver);
        }
        try (HttpDriver driver = ApplicationDriver.get(application, "/")) {
            RequestException refusal = driver.expectFailure(RequestException.class);
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.headers().first("retry-after")).isEqualTo("1");
        }
        gate.countDown();
        for (HttpDriver driver : drivers) {
            driver.expectStart(204);
            driver.expectLastPart("");
            driver.expectEnd();
            driver.close();
        }
    }

    // ------------------------------------------------------------------------------------------ disconnects, deadlines

    @Test
    void aClientThatLeavesWakesABlockedRead() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (HttpDriver driver = post(request -> {
            try {
                request.body().read();
            } catch (IOException failure) {
                thrown.set(failure);
                assertThatThrownBy(() -> request.body().read()).isInstanceOf(GatewayIOException.class);
                throw failure;
            }
            return BlockingResponse.of(200);
        })) {
            driver.expectPull();
            driver.disconnect();
            driver.expectEnd();
        }
        assertThat(thrown.get())
                .isInstanceOf(GatewayIOException.class)
                .hasMessage("the peer has disconnected")
                .hasCauseInstanceOf(DisconnectedException.class);
    }

    @Test
    void aClientThatLeavesWakesABlockedWrite() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(out -> {
            try {
                out.write(1);
                out.flush();
            } catch (IOException failure) {
                thrown.set(failure);
                throw failure;
            }
        }))) {
            driver.hold();
            driver.expectStart(200);
            driver.expect(HttpEvent.ResponseBody.class);
            driver.disconnect();
            driver.expectEnd();
        }
        assertThat(thrown.get()).isInstanceOf(GatewayIOException.class);
    }

    @Test
    void aClientThatLeavesInterruptsTheApplication() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (HttpDriver driver = get("/", request -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException interrupt) {
                thrown.set(interrupt);
                throw interrupt;
            }
            return BlockingResponse.of(200);
        })) {
            driver.expectNothing();
            await().until(() -> pool.metrics().active() == 1);
            driver.disconnect();
            driver.expectEnd();
        }
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void anApplicationThatIsNotToBeInterruptedGoesOnWithoutItsClient() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<Object> end = new AtomicReference<>();
        Application application = Blocking.application(
                request -> {
                    go.await();
                    end.set("done");
                    return BlockingResponse.of(200);
                },
                pool,
                BlockingOptions.defaults().withInterruptOnDisconnect(false));
        try (HttpDriver driver = ApplicationDriver.get(application, "/")) {
            driver.expectNothing();
            await().until(() -> pool.metrics().active() == 1);
            driver.disconnect();
            driver.cancel();
            go.countDown();
            driver.expectEnd();
        }
        await().untilAsserted(() -> assertThat(end).hasValue("done"));
    }

    @Test
    void readsAndWritesOfAnApplicationThatIsNotToBeInterruptedAreWokenWhenItsClientLeaves() throws Exception {
        BlockingOptions gentle = SMALL_PARTS.withInterruptOnDisconnect(false);
        for (boolean reads : new boolean[] {true, false}) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicBoolean interrupted = new AtomicBoolean();
            CountDownLatch done = new CountDownLatch(1);
            BlockingApplication application =
                    request -> BlockingResponse.of(200).body(out -> {
                        try {
                            if (reads) {
                                request.body().read();
                            } else {
                                out.write(1);
                                out.flush();
                            }
                        } catch (IOException failure) {
                            thrown.set(failure);
                            throw failure;
                        } finally {
                            interrupted.set(Thread.currentThread().isInterrupted());
                            done.countDown();
                        }
                    });
            try (HttpDriver driver = ApplicationDriver.http(
                    Blocking.application(application, pool, gentle),
                    HttpScope.builder().method("POST"))) {
                driver.hold();
                if (reads) {
                    driver.expectPull();
                } else {
                    driver.expectStart(200);
                    driver.expect(HttpEvent.ResponseBody.class);
                }
                driver.disconnect();
                done.await();
                driver.expectEnd();
            }
            assertThat(thrown.get()).isInstanceOf(GatewayIOException.class);
            assertThat(interrupted).isFalse();
        }
    }

    @Test
    void aRequestWhoseClientLeavesWhileItWaitsNeverRuns() {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            pool.submit(
                    () -> {
                        try {
                            gate.await();
                        } catch (InterruptedException stop) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    refusal -> {});
        }
        await().until(() -> pool.metrics().active() == 4);
        for (boolean interrupt : new boolean[] {true, false}) {
            Application application = Blocking.application(
                    request -> {
                        runs.incrementAndGet();
                        return BlockingResponse.of(200);
                    },
                    pool,
                    BlockingOptions.defaults().withInterruptOnDisconnect(interrupt));
            try (HttpDriver driver = ApplicationDriver.get(application, "/")) {
                driver.expectNothing();
                assertThat(pool.metrics().queued()).isEqualTo(1);
                driver.disconnect();
                driver.expectEnd();
                assertThat(pool.metrics().queued()).isZero();
            }
        }
        gate.countDown();
        assertThat(runs).hasValue(0);
    }

    @Test
    void theDeadlineOfTheRequestInterruptsTheApplication() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (HttpDriver driver = get("/", request -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException interrupt) {
                thrown.set(interrupt);
                throw interrupt;
            }
            return BlockingResponse.of(200);
        })) {
            driver.expectNothing();
            await().until(() -> pool.metrics().active() == 1);
            driver.passDeadline();
            driver.expectEnd();
        }
        await().untilAsserted(() -> assertThat(thrown.get()).isInstanceOf(InterruptedException.class));
    }

    @Test
    void theDeadlineOfATaskIsA504AndTheApplicationIsInterrupted() {
        WorkerPool impatient = WorkerPool.of(OPTIONS.withTaskDeadline(Duration.ofMillis(50)));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Application application = Blocking.application(
                request -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException interrupt) {
                        assertThatThrownBy(() -> request.body().read())
                                .hasMessage("the deadline of the request has passed");
                        thrown.set(interrupt);
                        throw interrupt;
                    }
                    return BlockingResponse.of(200);
                },
                impatient);
        try (HttpDriver driver = ApplicationDriver.get(application, "/")) {
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(504);
        }
        await().untilAsserted(() -> assertThat(thrown.get()).isInstanceOf(InterruptedException.class));
        impatient.close();
    }

    // ------------------------------------------------------------------------------------------------ close hooks

    @Test
    void hooksRunOnceAfterTheResponseTheLastFirst() {
        List<String> order = new ArrayList<>();
        try (HttpDriver driver = get("/", request -> {
            request.onClose(() -> order.add("connection"));
            request.onClose(() -> order.add("statement"));
            return BlockingResponse.text("x").onClose(() -> order.add("response"));
        })) {
            driver.hold();
            driver.expectStart(200);
            driver.expectLastPart("x");
            assertThat(order).isEmpty();
            driver.release();
            driver.expectEnd();
        }
        assertThat(order).containsExactly("response", "statement", "connection");
    }

    @Test
    void hooksRunWhateverHappens() {
        AtomicInteger closed = new AtomicInteger();
        AtomicBoolean interrupted = new AtomicBoolean();
        try (Logged logged = new Logged()) {
            try (HttpDriver driver = get("/", request -> {
                request.onClose(closed::incrementAndGet);
                request.onClose(() -> {
                    throw new IllegalStateException("hook on purpose");
                });
                throw new IllegalStateException("on purpose");
            })) {
                driver.expectFailure(IllegalStateException.class);
            }
            assertThat(logged.take()).singleElement().asString().contains("hook on purpose");
        }
        assertThat(closed).hasValue(1);
        try (HttpDriver driver = post(request -> {
            request.onClose(() -> {
                interrupted.set(Thread.currentThread().isInterrupted());
                closed.incrementAndGet();
            });
            return BlockingResponse.text("" + request.body().read());
        })) {
            driver.expectPull();
            driver.disconnect();
            driver.expectEnd();
        }
        assertThat(closed).hasValue(2);
        assertThat(interrupted).isFalse();
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200)
                .onClose(closed::incrementAndGet)
                .body(out -> {
                    out.flush();
                    throw new IOException("on purpose");
                }))) {
            driver.expectStart(200);
            driver.expectPart("");
            driver.expectFailure(IOException.class);
        }
        assertThat(closed).hasValue(3);
    }

    /** A hook that takes its time, as a commit does. */
    private static final class Commit implements Runnable {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final CountDownLatch done = new CountDownLatch(1);
        volatile boolean interrupted;

        @Override
        public void run() {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException interrupt) {
                interrupted = true;
            }
            done.countDown();
        }
    }

    @Test
    void aHookThatHasBegunIsNotInterruptedByTheDeadlineOfItsTask() throws Exception {
        WorkerPool impatient = WorkerPool.of(OPTIONS.withTaskDeadline(Duration.ofMillis(50)));
        Commit commit = new Commit();
        Application application = Blocking.application(
                request -> {
                    request.onClose(commit);
                    throw new IllegalStateException("on purpose");
                },
                impatient);
        try (HttpDriver driver = ApplicationDriver.get(application, "/")) {
            assertThat(driver.expectFailure(RequestException.class).status()).isEqualTo(504);
            commit.go.countDown();
            commit.done.await();
        }
        assertThat(commit.interrupted).isFalse();
        impatient.close();
    }

    @Test
    void aHookThatHasBegunIsNotInterruptedByAClientThatLeaves() throws Exception {
        Commit commit = new Commit();
        try (HttpDriver driver = get("/", request -> BlockingResponse.text("x").onClose(commit))) {
            driver.expectStart(200);
            driver.expectLastPart("x");
            commit.begun.await();
            driver.disconnect();
            driver.cancel();
            commit.go.countDown();
            commit.done.await();
        }
        assertThat(commit.interrupted).isFalse();
    }

    @Test
    void anIteratorThatFailsIsClosedAndTheResponseAborted() {
        AtomicInteger closed = new AtomicInteger();
        final class Rows implements Iterator<byte[]>, AutoCloseable {
            private int row;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public byte[] next() {
                if (row++ == 1) {
                    throw new IllegalStateException("on purpose");
                }
                return new byte[] {'x'};
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        }
        try (HttpDriver driver = get("/", request -> BlockingResponse.of(200).body(new Rows()))) {
            driver.expectStart(200);
            driver.expectPart("x");
            driver.expectFailure(IllegalStateException.class);
        }
        assertThat(closed).hasValue(1);
    }

    // ------------------------------------------------------------------------------------------------ calls

    @Test
    void aReactiveApplicationMakesOneBlockingCall() {
        StepVerifier.create(Blocking.call(pool, () -> Thread.currentThread().getName()))
                .assertNext(name -> assertThat(name).startsWith("test-"))
                .verifyComplete();
        StepVerifier.create(Blocking.call(pool, () -> null)).verifyComplete();
        StepVerifier.create(Blocking.call(pool, () -> {
                    throw new IOException("on purpose");
                }))
                .verifyErrorMessage("on purpose");
    }

    @Test
    void aCallThatIsCancelledIsInterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Mono<Object> call = Blocking.call(pool, () -> {
            begun.countDown();
            try {
                return new CountDownLatch(1).await(60, java.util.concurrent.TimeUnit.SECONDS);
            } catch (InterruptedException interrupt) {
                interrupted.countDown();
                throw interrupt;
            }
        });
        var running = call.subscribe();
        begun.await();
        running.dispose();
        interrupted.await();
    }

    @Test
    void aResultThatComesAfterItsCallWasCancelledIsDiscarded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch discarded = new CountDownLatch(1);
        Mono<InputStream> call = Blocking.call(pool, () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException tooLate) {
                return InputStream.nullInputStream(); // opened all the same
            }
            throw new AssertionError();
        });
        var running = call.doOnDiscard(InputStream.class, stream -> discarded.countDown())
                .subscribe();
        begun.await();
        running.dispose();
        discarded.await();
    }

    @Test
    void aCallToAFullPoolFailsWith503() throws Exception {
        WorkerPool tiny = WorkerPool.of(OPTIONS.withThreads(1).withQueue(0));
        TestTask sleeper = TestTask.sleeper();
        tiny.submit(sleeper);
        sleeper.begun.await();
        StepVerifier.create(Blocking.call(tiny, () -> 1))
                .verifyErrorSatisfies(failure ->
                        assertThat(((RequestException) failure).status()).isEqualTo(503));
        tiny.close();
    }

    @Test
    void aCallPastItsDeadlineFailsWith504() {
        WorkerPool impatient = WorkerPool.of(OPTIONS.withTaskDeadline(Duration.ofMillis(50)));
        StepVerifier.create(Blocking.call(impatient, () -> {
                    new CountDownLatch(1).await();
                    return 1;
                }))
                .verifyErrorSatisfies(failure ->
                        assertThat(((RequestException) failure).status()).isEqualTo(504));
        impatient.close();
    }

    // ------------------------------------------------------------------------------------------------ without a server

    @Test
    void anApplicationCanBeTestedByItself() throws Exception {
        BlockingApplication echo = request -> BlockingResponse.of(200).body(request.body());
        BlockingRequest request = BlockingRequest.builder()
                .method("POST")
                .target("/a?b=c")
                .header("x", "y")
                .scope(scope -> scope.rootPath("/a"))
                .body("hello")
                .build();
        BlockingResponse response = echo.handle(request);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        response.writeTo(body);
        assertThat(body).hasToString("hello");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).isEmpty();
        assertThat(request.query("b")).isEqualTo("c");
        assertThat(request.rootPath()).isEqualTo("/a");
    }

    @Test
    void optionsOutsideTheirRangeAreRefused() {
        assertThatThrownBy(() -> BlockingOptions.defaults().withPartSize(1))
                .hasMessage("partSize: 1 (expected: 256-16777216)");
        assertThatThrownBy(() -> BlockingResponse.of(100)).hasMessageContaining("expected: 200-599");
        assertThatThrownBy(() -> BlockingResponse.of(200).body(InputStream.nullInputStream(), -1))
                .hasMessage("length: -1 (expected: >= 0)");
    }
}

package io.asyncgateway.server;

import static io.asyncgateway.server.Waiting.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.DeadlineExceededException;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.SendEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ResponseFileTest {
    private static final int SIZE = 3_000_000;
    private static final byte[] CONTENT = new byte[SIZE];

    static {
        new Random(7).nextBytes(CONTENT);
    }

    @TempDir
    private Path folder;

    private Path file;

    /** What the sends of the application ended with, one for each. */
    private final BlockingQueue<Object> ends = new LinkedBlockingQueue<>();

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.write(folder.resolve("file"), CONTENT);
    }

    /** Where the operating system can tell. */
    @AfterEach
    void noFileIsLeftOpen() {
        Path open = Path.of("/proc/self/fd");
        if (Files.isDirectory(open)) {
            await().untilAsserted(() -> assertThat(openFiles(open)).isEmpty());
        }
    }

    private Stream<Path> openFiles(Path open) throws IOException {
        try (Stream<Path> descriptors = Files.list(open)) {
            return descriptors
                    .flatMap(ResponseFileTest::target)
                    .filter(target -> target.startsWith(folder))
                    .toList()
                    .stream();
        }
    }

    private static Stream<Path> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor));
        } catch (IOException closedMeanwhile) {
            return Stream.empty();
        }
    }

    /** A server whose application sends these events after a start, each after the one before, and "instead" where one fails. */
    private TestServer sending(UnaryOperator<ServerConfig> change, HttpEvent.ResponseStart start, SendEvent... events) {
        return TestServer.start(
                Applications.http((scope, receive, send) -> send.send(start)
                        .thenMany(Flux.fromArray(events).concatMap(event -> send.send(event)
                                .doOnSuccess(nothing -> ends.add("sent"))
                                .doOnError(ends::add)))
                        .then()
                        .onErrorResume(failure -> send.send(HttpEvent.ResponseBody.last("instead"))
                                .onErrorComplete())),
                change);
    }

    private TestServer sending(HttpEvent.ResponseStart start, SendEvent... events) {
        return sending(config -> config, start, events);
    }

    private static HttpEvent.ResponseStart ok(String... fields) {
        return HttpEvent.ResponseStart.of(200, fields);
    }

    private HttpEvent.ResponseFile part(long offset, long length, boolean more) {
        return new HttpEvent.ResponseFile(file, offset, length, more);
    }

    private static byte[] content(int from, int to) {
        return Arrays.copyOfRange(CONTENT, from, to);
    }

    private Object end() throws InterruptedException {
        return ends.poll(10, TimeUnit.SECONDS);
    }

    // ------------------------------------------------------------------------------------------------ what is sent

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aFileIsTheWholeBody(Transport transport) {
        Assumptions.assumeTrue(transport != Transport.EPOLL || io.netty.channel.epoll.Epoll.isAvailable());
        UnaryOperator<ServerConfig> on =
                config -> config.withTransport(config.transport().withTransport(transport));
        try (TestServer server = sending(on, ok(), HttpEvent.ResponseFile.last(file));
                RawClient client = server.client()) {
            for (int i = 0; i < 2; i++) {
                RawClient.Response response = client.get("/");
                assertThat(response.header("content-length")).isEqualTo("" + SIZE);
                assertThat(response.body()).isEqualTo(CONTENT);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 10, 0, 10",
        "5, 10, 5, 15",
        "2999990, -1, 2999990, 3000000",
        "2999990, 10, 2999990, 3000000",
        "3000000, -1, 0, 0",
        "4000000, -1, 0, 0",
        "7, 0, 0, 0"
    })
    void aRangeOfAFileIsTheBody(long offset, long length, int from, int to) {
        try (TestServer server = sending(ok(), part(offset, length, false));
                RawClient client = server.client()) {
            RawClient.Response response = client.get("/");
            assertThat(response.header("content-length")).isEqualTo("" + (to - from));
            assertThat(response.body()).isEqualTo(content(from, to));
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void filesAndOtherPartsMakeOneBody() {
        try (TestServer server = sending(
                        ok(),
                        HttpEvent.ResponseBody.more(Call.octets("head ")),
                        part(10, 100_000, true),
                        part(0, 0, true),
                        HttpEvent.ResponseBody.more(Call.octets(" middle ")),
                        part(5, 20, false));
                RawClient client = server.client()) {
            RawClient.Response response = client.get("/");
            assertThat(response.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(response.text()).isEqualTo("head " + text(10, 100_010) + " middle " + text(5, 25));
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    private static String text(int from, int to) {
        return new String(content(from, to), ISO_8859_1);
    }

    @Test
    void filesFillAContentLength() {
        try (TestServer server = sending(
                ok("content-length", "30"),
                part(0, 10, true),
                HttpEvent.ResponseBody.more(Call.octets("0123456789")),
                part(10, 10, false))) {
            assertThat(server.get("/").text()).isEqualTo(text(0, 10) + "0123456789" + text(10, 20));
        }
    }

    @Test
    void theEndOfTheConnectionEndsAFileToHttp10() {
        try (TestServer server = sending(ok(), part(0, 1000, true), part(1000, 1000, false));
                RawClient client = server.client()) {
            RawClient.Response response = client.send("GET / HTTP/1.0\n\n").read();
            assertThat(response.headers().contains("transfer-encoding")).isFalse();
            assertThat(response.body()).isEqualTo(content(0, 2000));
        }
    }

    @Test
    void aHeadRequestGetsTheLengthOfTheFileAlone() {
        try (TestServer server = sending(ok(), HttpEvent.ResponseFile.last(file));
                RawClient client = server.client()) {
            RawClient.Response response =
                    client.send("HEAD / HTTP/1.1\nHost: a\n\n").readHead();
            assertThat(response.header("content-length")).isEqualTo("" + SIZE);
            assertThat(client.get("/").body()).hasSize(SIZE);
        }
    }

    // ---------------------------------------------------------------------------------------------- what can't be sent

    @ParameterizedTest
    @ValueSource(strings = {"missing", "."})
    void aFileThatCantBeReadFailsItsSendAndTheStartIsStillHeld(String name) throws Exception {
        try (TestServer server = sending(ok(), HttpEvent.ResponseFile.last(folder.resolve(name)))) {
            assertThat(server.get("/").text()).isEqualTo("instead");
            assertThat(end()).isInstanceOf(UncheckedIOException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 3000001", "2999999, 2", "4000000, 1"})
    void aRangeThatTheFileHasNotIsAViolation(long offset, long length) throws Exception {
        try (TestServer server = sending(ok(), part(offset, length, false))) {
            assertThat(server.get("/").text()).isEqualTo("instead");
            assertThat(end()).isInstanceOfSatisfying(ProtocolViolationException.class, failure -> assertThat(failure)
                    .hasMessageContaining("expected: at least " + length));
        }
    }

    @Test
    void aFileThatIsLongerThanTheContentLengthIsAViolation() throws Exception {
        try (TestServer server =
                sending(ok("content-length", "11"), part(0, 4, true), part(0, 8, true), part(0, 7, false))) {
            RawClient.Response response = server.get("/");
            assertThat(end()).isEqualTo("sent");
            assertThat(end()).isInstanceOf(ProtocolViolationException.class);
            assertThat(response.text()).isEqualTo(text(0, 4) + "instead");
        }
    }

    @Test
    void aFileThatIsShorterThanTheContentLengthAbortsTheResponse() throws Exception {
        try (TestServer server = sending(ok("content-length", "10"), part(0, 4, false))) {
            RawClient.Response response = server.get("/");
            assertThat(response.body()).isEqualTo(content(0, 4));
            assertThat(response.whole()).isFalse();
            assertThat(end()).isInstanceOf(ProtocolViolationException.class);
        }
    }

    // ------------------------------------------------------------------------------------------------ while it is sent

    @Test
    void aClientThatLeavesWhileAFileIsSentIsADisconnect() throws Exception {
        try (TestServer server = sending(ok(), HttpEvent.ResponseFile.last(big()));
                RawClient client = server.slowClient()) {
            client.send("GET / HTTP/1.1\nHost: a\n\n");
            client.readLine();
            client.reset();
            assertThat(end()).isInstanceOf(DisconnectedException.class);
            server.awaitNoExchange();
        }
    }

    @Test
    void aClientThatTakesNothingOfAFileIsADisconnectToo() throws Exception {
        try (TestServer server = sending(
                        TestServer.timeouts(timeouts -> timeouts.withResponseGap(Duration.ofMillis(200))),
                        ok(),
                        HttpEvent.ResponseFile.last(big()));
                RawClient client = server.slowClient()) {
            client.send("GET / HTTP/1.1\nHost: a\n\n");
            assertThat(end()).isInstanceOf(DisconnectedException.class);
            assertThat(client.isReset()).isTrue();
        }
    }

    @Test
    void aFileIsCutAtTheDeadline() throws Exception {
        try (TestServer server = sending(
                        TestServer.timeouts(timeouts -> timeouts.withRequest(Duration.ofMillis(300))),
                        ok(),
                        HttpEvent.ResponseFile.last(big()));
                RawClient client = server.slowClient()) {
            client.send("GET / HTTP/1.1\nHost: a\n\n");
            assertThat(end()).isInstanceOf(DeadlineExceededException.class);
            assertThat(client.isReset()).isTrue();
            server.awaitNoExchange();
        }
    }

    @Test
    void aFileThatShrinksWhileItIsSentAbortsTheResponse() throws Exception {
        Path big = big();
        try (TestServer server = sending(ok(), HttpEvent.ResponseFile.last(big));
                RawClient client = server.slowClient()) {
            client.send("GET / HTTP/1.1\nHost: a\n\n");
            client.readLine();
            try (RandomAccessFile shrinking = new RandomAccessFile(big.toFile(), "rw")) {
                shrinking.setLength(10);
            }
            client.readToEndOrReset();
            assertThat(end()).isInstanceOf(DisconnectedException.class);
        }
    }

    /** More than the kernel takes ahead of a slow client. */
    private Path big() throws IOException {
        Path big = folder.resolve("big");
        try (RandomAccessFile sparse = new RandomAccessFile(big.toFile(), "rw")) {
            sparse.setLength(200_000_000);
        }
        return big;
    }

    @Test
    void anApplicationThatFailsWhileAFileIsSentIsNotServedToItsEnd() throws Exception {
        Path big = big();
        try (TestServer server = TestServer.start(Applications.http((scope, receive, send) -> send.send(ok())
                        .then(Mono.firstWithSignal(
                                send.send(HttpEvent.ResponseFile.last(big)).doOnError(ends::add),
                                Mono.delay(Duration.ofMillis(300))
                                        .then(Mono.error(new IllegalStateException("enough")))))));
                RawClient client = server.slowClient()) {
            client.send("GET / HTTP/1.1\nHost: a\n\n");
            assertThat(client.isReset()).isTrue();
            assertThat(server.errors()).singleElement().asString().contains("enough");
        }
    }
}

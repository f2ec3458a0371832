package io.asyncgateway.server;

import static io.asyncgateway.server.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpApplication;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanApplication;
import io.asyncgateway.api.LifespanEvent;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class ServerLifeTest {
    private static final Application HELLO = says("hello");

    private static Application says(String text) {
        return Applications.http((scope, receive, send) -> Http.respond(send, 200, text));
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress("127.0.0.1", 0);
    }

    // ------------------------------------------------------------------------------------------------ starting

    @Test
    void severalServersLiveInOneJvm() {
        try (TestServer two = TestServer.start(says("two"))) {
            try (TestServer one = TestServer.start(says("one"))) {
                assertThat(one.get("/").text()).isEqualTo("one");
                assertThat(two.get("/").text()).isEqualTo("two");
            }
            assertThat(two.get("/").text()).as("the other is untouched").isEqualTo("two");
        }
    }

    @Test
    void oneServerListensOnSeveralAddresses() {
        List<SocketAddress> addresses = List.of(anyPort(), anyPort(), new InetSocketAddress("localhost", 0));
        try (TestServer server = TestServer.start(HELLO, config -> config.withAddresses(addresses))) {
            assertThat(server.running().addresses()).hasSize(3).doesNotHaveDuplicates();
            assertThat(server.running().port())
                    .isEqualTo(((InetSocketAddress) server.running().addresses().get(0)).getPort());
            for (SocketAddress address : server.running().addresses()) {
                try (RawClient client = RawClient.connect(address)) {
                    assertThat(client.get("/").text()).isEqualTo("hello");
                }
            }
        }
    }

    @Test
    void eachStartMakesAServerOfItsOwn() {
        Server server = Server.of(HELLO, TestServer.config());
        RunningServer one = server.start().block(Waiting.PATIENCE);
        RunningServer two = server.start().block(Waiting.PATIENCE);
        assertThat(one.port()).isNotEqualTo(two.port());
        one.shutdown().block(Waiting.PATIENCE);
        assertThat(two.phase()).isEqualTo(RunningServer.Phase.SERVING);
        two.shutdown().block(Waiting.PATIENCE);
    }

    @ParameterizedTest
    @EnumSource
    void eachTransportServes(Transport transport) {
        Assumptions.assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable());
        Assumptions.assumeTrue(transport != Transport.IO_URING || IoUring.isAvailable());
        try (TestServer server = TestServer.start(
                HELLO, config -> config.withTransport(config.transport().withTransport(transport)))) {
            assertThat(server.get("/").text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aUnixDomainSocketIsServedAndItsFileRemoved(Transport transport, @TempDir Path folder) {
        Path file = folder.resolve("socket");
        AtomicReference<HttpScope> seen = new AtomicReference<>();
        Application application = Applications.http((scope, receive, send) -> {
            seen.set(scope);
            return Http.respond(send, 200, "hello");
        });
        try (TestServer server = TestServer.start(application, on(transport, file))) {
            assertThat(server.running().addresses()).containsExactly(UnixDomainSocketAddress.of(file));
            assertThatThrownBy(() -> server.running().port()).isInstanceOf(IllegalStateException.class);
            assertThat(server.get("/").text()).isEqualTo("hello");
            assertThat(seen.get().server()).isEqualTo(UnixDomainSocketAddress.of(file));
            assertThat(seen.get().client()).as("a client without a name").isNull();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void theScopeHasTheAddressesOfBothSides() {
        AtomicReference<HttpScope> seen = new AtomicReference<>();
        Application application = Applications.http((scope, receive, send) -> {
            seen.set(scope);
            return Http.respond(send, 200, "hello");
        });
        try (TestServer server = TestServer.start(application)) {
            server.get("/");
            assertThat(seen.get().server())
                    .isEqualTo(server.running().addresses().get(0));
            assertThat(seen.get().client()).isInstanceOfSatisfying(InetSocketAddress.class, client -> assertThat(
                            client.getAddress().isLoopbackAddress())
                    .isTrue());
            assertThat(seen.get().scheme()).isEqualTo("http");
            assertThat(seen.get().tls()).isNull();
        }
    }

    // ------------------------------------------------------------------------------------------------ failing to start

    @Test
    void aPortThatIsTakenIsToldInOneLineAndNothingIsLeft() {
        Queue<String> life = new ConcurrentLinkedQueue<>();
        try (TestServer first = TestServer.start(HELLO)) {
            SocketAddress taken = new InetSocketAddress("127.0.0.1", first.port());
            assertThatThrownBy(() -> Server.of(
                                    recording(life), TestServer.config().withAddresses(List.of(anyPort(), taken)))
                            .start()
                            .block(Waiting.PATIENCE))
                    .isInstanceOf(ServerException.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + first.port() + ": address already in use");
            assertThat(life).as("the application is taken down").containsExactly("start", "stop");
        }
    }

    private static Application recording(Queue<String> life) {
        return Applications.builder()
                .lifespan(LifespanApplication.of(
                        scope -> Mono.fromRunnable(() -> life.add("start")),
                        scope -> Mono.fromRunnable(() -> life.add("stop"))))
                .http((scope, receive, send) -> Http.respond(send, 200, "hello"))
                .build();
    }

    @Test
    void anAddressThatIsNotThereIsToldInOneLine(@TempDir Path folder) {
        assertThatThrownBy(() -> start(InetSocketAddress.createUnresolved("no-such-host.invalid", 0)))
                .isInstanceOf(ServerException.class)
                .hasMessage("cannot listen on no-such-host.invalid:0: unknown host");
        assertThatThrownBy(() -> start(new InetSocketAddress("192.0.2.1", 0)))
                .isInstanceOf(ServerException.class)
                .hasMessageStartingWith("cannot listen on 192.0.2.1:0: ")
                .message()
                .doesNotContain("\n");
        assertThatThrownBy(() -> start(UnixDomainSocketAddress.of(folder.resolve("missing/socket"))))
                .isInstanceOf(ServerException.class)
                .hasMessageStartingWith("cannot listen on " + folder);
    }

    private static RunningServer start(SocketAddress address) {
        return Server.of(HELLO, TestServer.config().withAddresses(List.of(address)))
                .start()
                .block(Waiting.PATIENCE);
    }

    @Test
    void aTransportThatIsNotThereIsToldInOneLine() {
        Assumptions.assumeFalse(IoUring.isAvailable());
        assertThatThrownBy(() -> Server.of(
                                HELLO,
                                TestServer.config()
                                        .withTransport(
                                                TransportOptions.defaults().withTransport(Transport.IO_URING)))
                        .start()
                        .block(Waiting.PATIENCE))
                .isInstanceOf(ServerException.class)
                .hasMessageStartingWith("transport: io_uring is not available here: ");
    }

    @Test
    void nothingIsBoundBeforeTheApplicationHasStarted() throws Exception {
        Sinks.Empty<Void> ready = Sinks.empty();
        CountDownLatch starting = new CountDownLatch(1);
        Application application = Applications.builder()
                .lifespan(LifespanApplication.of(
                        scope -> ready.asMono().doOnSubscribe(any -> starting.countDown()), scope -> Mono.empty()))
                .http((scope, receive, send) -> Http.respond(send, 200, "hello"))
                .build();
        Outcome<RunningServer> start =
                Outcome.of(Server.of(application, TestServer.config()).start());
        assertThat(starting.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(start.isPending()).isTrue();
        ready.tryEmitEmpty().orThrow();
        start.await().value().shutdown().block(Waiting.PATIENCE);
    }

    @Test
    void aStartThatIsGivenUpTakesTheApplicationDown() {
        Queue<String> life = new ConcurrentLinkedQueue<>();
        Application application = (scope, receive, send) -> receive.receive()
                .then(Mono.<Void>never())
                .doOnSubscribe(any -> life.add("start"))
                .doOnCancel(() -> life.add("cancelled"));
        Disposable start = Server.of(application, TestServer.config()).start().subscribe();
        start.dispose();
        assertThat(life).containsExactly("start", "cancelled");
    }

    @Test
    void aStartThatIsGivenUpWhileItBindsTakesAllDown() {
        Queue<String> life = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 20; i++) {
            Server.of(recording(life), TestServer.config())
                    .start()
                    .subscribe(RunningServer::shutdown) // where it was too late to give up
                    .dispose();
        }
        await().untilAsserted(
                        () -> assertThat(life.stream().filter("stop"::equals).count())
                                .isEqualTo(life.stream().filter("start"::equals).count()));
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("async-gateway-")));
    }

    // ------------------------------------------------------------------------------------------------ going down

    /** An application whose answer the test gives. */
    private static final class Slow {
        final Sinks.Empty<Void> answer = Sinks.empty();
        final CountDownLatch called = new CountDownLatch(1);
        final CountDownLatch draining = new CountDownLatch(1);
        final CountDownLatch cancelled = new CountDownLatch(1);
        final HttpApplication http = (scope, receive, send) -> {
            called.countDown();
            scope.draining().subscribe(null, null, draining::countDown);
            return answer.asMono().then(Http.respond(send, 200, "at last")).doOnCancel(cancelled::countDown);
        };
    }

    private static void reached(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theRequestInFlightIsAnsweredAndIdleConnectionsAreClosed() throws Exception {
        Slow slow = new Slow();
        try (TestServer server = TestServer.start(
                Applications.http((scope, receive, send) -> scope.path().equals("/slow")
                        ? slow.http.handle(scope, receive, send)
                        : Http.respond(send, 200, "hello")))) {
            RawClient idle = server.client();
            idle.get("/");
            RawClient busy = server.client().send("GET /slow HTTP/1.1\nHost: a\n\n");
            reached(slow.called);
            Outcome<Void> stopped = Outcome.of(server.running().shutdown());
            reached(slow.draining);
            assertThat(server.running().phase()).isEqualTo(RunningServer.Phase.DRAINING);
            assertThat(idle.isEnded()).isTrue();
            assertThatThrownBy(server::client)
                    .as("nobody listens any more")
                    .hasRootCauseInstanceOf(java.net.ConnectException.class);
            assertThat(stopped.isPending()).isTrue();
            slow.answer.tryEmitEmpty().orThrow();
            RawClient.Response response = busy.read();
            assertThat(response.text()).isEqualTo("at last");
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(busy.isEnded()).isTrue();
            busy.close();
            stopped.await().value();
            assertThat(server.running().phase()).isEqualTo(RunningServer.Phase.STOPPED);
        }
    }

    @Test
    void theApplicationGoesDownAfterItsLastExchange() throws Exception {
        Queue<String> life = new ConcurrentLinkedQueue<>();
        Slow slow = new Slow();
        Application application = Applications.builder()
                .lifespan(LifespanApplication.of(
                        scope -> Mono.empty(), scope -> Mono.fromRunnable(() -> life.add("stop"))))
                .http((scope, receive, send) ->
                        slow.http.handle(scope, receive, send).doFinally(end -> life.add("exchange " + end)))
                .build();
        try (TestServer server = TestServer.start(application)) {
            RawClient client = server.client().send("GET / HTTP/1.1\nHost: a\n\n");
            reached(slow.called);
            server.running().shutdown();
            reached(slow.draining);
            assertThat(life).isEmpty();
            slow.answer.tryEmitEmpty().orThrow();
            assertThat(client.read().text()).isEqualTo("at last");
            client.close();
            server.running().stopped().block(Waiting.PATIENCE);
            assertThat(life).containsExactly("exchange onComplete", "stop");
        }
    }

    @Test
    void whatDoesNotEndInTimeIsAbortedAndOnlyThenTheApplicationGoesDown() throws Exception {
        Queue<String> life = new ConcurrentLinkedQueue<>();
        Slow slow = new Slow();
        Application application = Applications.builder()
                .lifespan(LifespanApplication.of(
                        scope -> Mono.empty(), scope -> Mono.fromRunnable(() -> life.add("stop"))))
                .http((scope, receive, send) ->
                        slow.http.handle(scope, receive, send).doFinally(end -> life.add("exchange " + end)))
                .build();
        try (TestServer server = TestServer.start(
                application, TestServer.timeouts(timeouts -> timeouts.withGracefulShutdown(Duration.ofMillis(200))))) {
            RawClient client = server.client().send("GET / HTTP/1.1\nHost: a\n\n");
            reached(slow.called);
            server.running().shutdown().block(Waiting.PATIENCE);
            assertThat(client.isReset()).isTrue();
            assertThat(life).containsExactly("exchange cancel", "stop");
        }
    }

    @Test
    void withoutAGracefulTimeoutEverythingIsAbortedAtOnce() throws Exception {
        Slow slow = new Slow();
        try (TestServer server = TestServer.start(
                Applications.http(slow.http),
                TestServer.timeouts(timeouts -> timeouts.withGracefulShutdown(Duration.ZERO)))) {
            RawClient client = server.client().send("GET / HTTP/1.1\nHost: a\n\n");
            reached(slow.called);
            server.running().shutdown().block(Waiting.PATIENCE);
            assertThat(client.isReset()).isTrue();
            reached(slow.cancelled);
        }
    }

    @Test
    void forceEndsTheWaitOfAShutdown() throws Exception {
        Slow slow = new Slow();
        try (TestServer server = TestServer.start(Applications.http(slow.http))) {
            RawClient client = server.client().send("GET / HTTP/1.1\nHost: a\n\n");
            reached(slow.called);
            Outcome<Void> stopped = Outcome.of(server.running().shutdown());
            reached(slow.draining);
            assertThat(stopped.isPending()).isTrue();
            server.running().force();
            reached(slow.cancelled);
            assertThat(client.isReset()).isTrue();
            stopped.await().value();
        }
    }

    @Test
    void forceIsAShutdownToo() throws Exception {
        Slow slow = new Slow();
        try (TestServer server = TestServer.start(Applications.http(slow.http))) {
            server.client().send("GET / HTTP/1.1\nHost: a\n\n");
            reached(slow.called);
            server.running().force().block(Waiting.PATIENCE);
            reached(slow.cancelled);
            assertThat(server.running().phase()).isEqualTo(RunningServer.Phase.STOPPED);
        }
    }

    @Test
    void workThatGoesOnAfterItsResponseIsWaitedForAndCancelledByForce() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        Application application = Applications.http((scope, receive, send) ->
                Http.respond(send, 200, "hello").then(Mono.<Void>never().doOnCancel(cancelled::countDown)));
        try (TestServer server = TestServer.start(application)) {
            assertThat(server.get("/").text()).isEqualTo("hello");
            server.awaitNoConnection();
            assertThat(server.running().exchanges()).isEqualTo(1);
            Outcome<Void> stopped = Outcome.of(server.running().shutdown());
            assertThat(stopped.isPending()).isTrue();
            server.running().force();
            reached(cancelled);
            stopped.await().value();
        }
    }

    @Test
    void aSecondShutdownChangesNothing() {
        TestServer server = TestServer.start(HELLO);
        Outcome<Void> early = Outcome.of(server.running().stopped());
        assertThat(early.isPending()).isTrue();
        server.running().shutdown();
        server.running().shutdown().block(Waiting.PATIENCE);
        early.await().value();
        server.running().force().block(Waiting.PATIENCE);
        server.running().stopped().block(Waiting.PATIENCE);
        server.close();
    }

    @Test
    void theFailureOfTheApplicationsShutdownIsTheServersEnd() {
        Application application = (scope, receive, send) -> send.send(new LifespanEvent.StartupComplete())
                .then(receive.receive())
                .then(receive.receive())
                .then(send.send(new LifespanEvent.ShutdownFailed("the pool is stuck")));
        RunningServer server =
                Server.of(application, TestServer.config()).start().block(Waiting.PATIENCE);
        assertThatThrownBy(() -> server.shutdown().block(Waiting.PATIENCE))
                .isInstanceOf(ServerException.class)
                .hasMessage("application shutdown failed: the pool is stuck");
        assertThat(server.phase()).isEqualTo(RunningServer.Phase.STOPPED);
        assertThat(Outcome.of(server.stopped()).failure()).isInstanceOf(ServerException.class);
    }

    @Test
    void theThreadsOfAServerEndWithIt() {
        TestServer server = TestServer.start(HELLO);
        server.get("/");
        Thread loop = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("async-gateway-"))
                .findAny()
                .orElseThrow();
        server.close();
        await().until(() -> !loop.isAlive());
    }

    // -------------------------------------------------------------------------------- the file of a Unix domain socket

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void theSocketOfAServerThatLivesIsNotTakenAway(Transport transport, @TempDir Path folder) {
        Path file = folder.resolve("socket");
        try (TestServer server = TestServer.start(HELLO, on(transport, file))) {
            assertThatThrownBy(() -> TestServer.start(HELLO, on(transport, file)))
                    .isInstanceOf(ServerException.class)
                    .hasMessage("cannot listen on " + file + ": address already in use");
            assertThat(server.get("/").text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void theSocketThatADeadServerLeftIsReplaced(Transport transport, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("socket");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file)); // its file stays
        }
        try (TestServer server = TestServer.start(HELLO, on(transport, file))) {
            assertThat(server.get("/").text()).isEqualTo("hello");
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aFileThatIsNoSocketIsLeftAlone(Transport transport, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("precious"), "data");
        assertThatThrownBy(() -> TestServer.start(HELLO, on(transport, file)))
                .isInstanceOf(ServerException.class)
                .hasMessage("cannot listen on " + file + ": a file that is no socket is there");
        assertThat(file).hasContent("data");
    }

    private static UnaryOperator<ServerConfig> on(Transport transport, Path file) {
        Assumptions.assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable());
        return config -> config.withAddresses(List.of(UnixDomainSocketAddress.of(file)))
                .withTransport(config.transport().withTransport(transport));
    }
}

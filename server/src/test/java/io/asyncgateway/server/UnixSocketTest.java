package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Sinks;

/** The life of the file of a Unix domain socket, and who may connect to it. */
class UnixSocketTest {
    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> Http.respond(send, 200, scope.client() + " " + scope.server()))
            .build();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("socket");
    }

    private UnaryOperator<ServerConfig> unix() {
        return config -> config.withAddresses(List.of(UnixDomainSocketAddress.of(file)));
    }

    private UnaryOperator<ServerConfig> unix(Transport transport) {
        return config -> unix().apply(config.withTransport(config.transport().withTransport(transport)));
    }

    private UnaryOperator<ServerConfig> unix(UnaryOperator<UnixSocketOptions> change) {
        return config -> unix().apply(config.withTransport(
                config.transport().withUnixSockets(change.apply(UnixSocketOptions.defaults()))));
    }

    private void refused(UnaryOperator<ServerConfig> change, String message) {
        assertThatThrownBy(() -> TestServer.start(APPLICATION, change))
                .isInstanceOf(ServerException.class)
                .hasMessage("cannot listen on " + file + ": " + message);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void theFileIsThereWhileTheServerListens(Transport transport) {
        try (TestServer server = TestServer.start(APPLICATION, unix(transport))) {
            assertThat(server.get("/").text()).isEqualTo("null " + file);
            assertThat(server.running().addresses()).containsExactly(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"--http1.1, 1.1", "--http2, 2", "--http2-prior-knowledge, 2"})
    void everyVersionOfHttpOverTcpIsSpoken(String option, String version) throws Exception {
        try (TestServer server = TestServer.start(APPLICATION, unix())) {
            assertThat(server).isNotNull();
            assertThat(Curl.run(
                            option,
                            "--unix-socket",
                            file.toString(),
                            "-w",
                            " over %{http_version}",
                            "http://localhost/"))
                    .isEqualTo("null " + file + " over " + version);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aFileThatADeadServerLeftIsReplaced(Transport transport) throws Exception {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).exists();
        try (TestServer server = TestServer.start(APPLICATION, unix(transport))) {
            assertThat(server.get("/").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void theSocketOfALivingServerStays(Transport transport) {
        try (TestServer server = TestServer.start(APPLICATION, unix(transport))) {
            refused(unix(transport), "address already in use");
            assertThat(server.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aFileThatIsNoSocketStays() throws Exception {
        Files.writeString(file, "precious");

        refused(unix(), "a file that is no socket is there");

        assertThat(file).hasContent("precious");
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Path target = Files.writeString(folder.resolve("target"), "precious");
        Files.createSymbolicLink(file, target);

        refused(unix(), "a file that is no socket is there");

        assertThat(target).hasContent("precious");
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void thePermissionsAreThoseThatAreAskedFor(Transport transport) throws Exception {
        UnaryOperator<ServerConfig> change =
                unix(options -> options.withPermissions(PosixFilePermissions.fromString("rw-rw----")));
        try (TestServer server =
                TestServer.start(APPLICATION, config -> unix(transport).apply(change.apply(config)))) {
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
            assertThat(server.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void ownerAndGroupAreGivenByNameOrNumber() throws Exception {
        String owner = Files.getOwner(folder).getName();
        Object number = Files.getAttribute(folder, "unix:gid");
        try (TestServer server = TestServer.start(
                APPLICATION, unix(options -> options.withOwner(owner).withGroup(number.toString())))) {
            assertThat(Files.getOwner(file).getName()).isEqualTo(owner);
            assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(number);
            assertThat(server.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aFileIsGivenToAnotherUserWhereThatIsAllowed() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root gives files away");
        try (TestServer server = TestServer.start(
                APPLICATION, unix(options -> options.withOwner("12345").withGroup("54321")))) {
            assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(12345);
            assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(54321);
            assertThat(server.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aUserThatNobodyKnowsFailsTheStartAndLeavesNoFile() {
        refused(
                unix(options -> options.withOwner("no-such-user")),
                "owner no-such-user: unknown (expected: a name or a number)");
        refused(
                unix(options -> options.withGroup("no-such-group")),
                "group no-such-group: unknown (expected: a name or a number)");
        assertThat(Files.exists(file, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void aFolderThatIsNotThereFailsTheStart() {
        file = folder.resolve("missing").resolve("socket");

        assertThatThrownBy(() -> TestServer.start(APPLICATION, unix()))
                .isInstanceOf(ServerException.class)
                .hasMessageStartingWith("cannot listen on " + file + ": ");
    }

    @Test
    void aClientMayHaveANameThatIsNoFile() throws Exception {
        assumeTrue(Epoll.isAvailable(), "abstract names are Linux's");
        Socket client = Socket.newSocketDomain();
        try (TestServer server = TestServer.start(APPLICATION, unix())) {
            client.bind(new DomainSocketAddress("\0" + UUID.randomUUID()));
            assertThat(client.connect(new DomainSocketAddress(file.toFile()))).isTrue();
            assertThat(exchange(client)).startsWith("HTTP/1.1 200 ").endsWith("null " + file);
            assertThat(server.get("/").text()).isEqualTo("null " + file);
        } finally {
            client.close();
        }
    }

    /** The answer to a request for {@code /}, by a socket of the transport's own, which never waits. */
    private static String exchange(Socket client) throws Exception {
        ByteBuffer request = ByteBuffer.allocateDirect(100);
        request.put("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes());
        client.write(request, 0, request.position());
        StringBuilder answer = new StringBuilder();
        ByteBuffer part = ByteBuffer.allocateDirect(1000);
        Waiting.await().until(() -> {
            int count = client.read(part, 0, part.capacity());
            for (int i = 0; i < count; i++) {
                answer.append((char) part.get(i));
            }
            return count < 0;
        });
        return answer.toString();
    }

    @Test
    void aClientThatEndsItsDirectionIsAnsweredAndOneThatThenLeavesIsGone() {
        assumeTrue(Epoll.isAvailable(), "the JDK's sockets can't tell them apart");
        Sinks.Empty<Void> gone = Sinks.empty();
        Application waiting = Applications.builder()
                .http((scope, receive, send) -> scope.path().equals("/wait")
                        ? scope.disconnected().doOnTerminate(gone::tryEmitEmpty)
                        : Http.respond(send, 200, "answer"))
                .build();
        // Longer than the test is patient.
        UnaryOperator<ServerConfig> patient =
                config -> config.withTimeouts(config.timeouts().withHalfClosed(Duration.ofMinutes(5)));
        try (TestServer server = TestServer.start(waiting, config -> unix().apply(patient.apply(config)));
                RawClient ending = server.client()) {
            RawClient leaving = server.client();
            ending.send("GET / HTTP/1.1\nHost: a\n\n").halfClose();
            assertThat(ending.read().text()).isEqualTo("answer");

            leaving.send("GET /wait HTTP/1.1\nHost: a\n\n").halfClose();
            Waiting.await().until(() -> server.running().exchanges() == 1);
            leaving.close();
            gone.asMono().block(Waiting.PATIENCE);
        }
    }

    @Test
    void aServerListensOnSeveralAddressesAtOnce() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (TestServer server = TestServer.start(
                        APPLICATION,
                        config -> config.withAddresses(List.of(
                                UnixDomainSocketAddress.of(file), new java.net.InetSocketAddress("127.0.0.1", port))));
                RawClient tcp = RawClient.connect(port)) {
            assertThat(server.get("/").text()).isEqualTo("null " + file);
            assertThat(tcp.get("/").text()).endsWith("/127.0.0.1:" + port);
        }
    }
}

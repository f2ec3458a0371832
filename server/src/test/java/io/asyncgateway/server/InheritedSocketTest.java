package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets that listen before the server is there. */
class InheritedSocketTest {
    private static final Application APPLICATION = Applications.builder()
            .http((scope, receive, send) -> Http.respond(send, 200, scope.client() + " " + scope.server()))
            .build();

    @BeforeAll
    static void needsEpoll() {
        assumeTrue(Epoll.isAvailable(), "descriptors are taken over on Linux alone");
    }

    private static UnaryOperator<ServerConfig> inherited(int descriptor) {
        return config -> config.withAddresses(List.of(InheritedSocketAddress.of(descriptor)));
    }

    /** The descriptor of a socket of the JDK's, which blocks as those of systemd do. */
    private static int descriptor(ServerSocket socket) throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(path -> Integer.parseInt(path.getFileName().toString()))
                    .filter(descriptor -> isOf(descriptor, socket))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean isOf(int descriptor, ServerSocket socket) {
        try {
            InetSocketAddress address = new Socket(descriptor).localAddress();
            return address != null && address.getPort() == socket.getLocalPort();
        } catch (RuntimeException noSocket) {
            return false;
        }
    }

    private static void refused(int descriptor, String message) {
        assertThatThrownBy(() -> TestServer.start(APPLICATION, inherited(descriptor)))
                .isInstanceOf(ServerException.class)
                .hasMessage("cannot listen on fd://" + descriptor + ": " + message);
    }

    @Test
    void aBlockingTcpSocketIsServed() throws Exception {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        try (TestServer server = TestServer.start(APPLICATION, inherited(descriptor(socket)));
                RawClient first = server.client()) {
            assertThat(server.running().addresses())
                    .containsExactly(new InetSocketAddress("127.0.0.1", socket.getLocalPort()));
            assertThat(first.get("/").text()).endsWith("/127.0.0.1:" + socket.getLocalPort());
            // One event loop accepts and serves: an accept that blocked would end it here.
            assertThat(first.get("/").status()).isEqualTo(200);
            assertThat(server.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void whatHasConnectedBeforeTheServerWasThereIsServed() throws Exception {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        RawClient early = RawClient.connect(socket.getLocalPort());
        early.send("GET / HTTP/1.1\nHost: a\n\n");
        try (TestServer server = TestServer.start(APPLICATION, inherited(descriptor(socket)));
                early) {
            assertThat(early.read().status()).isEqualTo(200);
            assertThat(server.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aUnixSocketIsServedAndItsFileStays(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("socket");
        Socket socket = Socket.newSocketDomain();
        socket.bind(new DomainSocketAddress(file.toFile()));
        socket.listen(10);
        try (TestServer server = TestServer.start(APPLICATION, inherited(socket.intValue()))) {
            assertThat(server.running().addresses()).containsExactly(UnixDomainSocketAddress.of(file));
            assertThat(server.get("/").text()).isEqualTo("null " + file);
        }
        assertThat(file).exists();
        assertThatThrownBy(() -> RawClient.connect(UnixDomainSocketAddress.of(file)))
                .hasMessageContaining("Connection refused");
    }

    @Test
    void anAbstractUnixSocketIsServedAndKnownByItsDescriptor() throws Exception {
        DomainSocketAddress name = new DomainSocketAddress("\0" + UUID.randomUUID());
        Socket socket = Socket.newSocketDomain();
        socket.bind(name);
        socket.listen(10);
        try (TestServer server = TestServer.start(APPLICATION, inherited(socket.intValue()))) {
            assertThat(server.running().addresses()).containsExactly(InheritedSocketAddress.of(socket.intValue()));
            Socket client = Socket.newSocketDomain();
            assertThat(client.connect(name)).isTrue();
            Waiting.await().until(() -> server.running().connections() == 1);
            client.close();
        }
    }

    @Test
    void theDescriptorIsClosedWithTheServer() throws Exception {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        TestServer.start(APPLICATION, inherited(descriptor(socket))).close();

        assertThatThrownBy(() -> RawClient.connect(socket.getLocalPort())).hasMessageContaining("Connection refused");
    }

    @Test
    void aDescriptorThatIsNotOpenFailsTheStart() {
        refused(9999, "not open (expected: the descriptor of a listening socket)");
    }

    @Test
    void aFileIsNoSocket(@TempDir Path folder) throws Exception {
        FileDescriptor file =
                FileDescriptor.from(Files.createFile(folder.resolve("file")).toFile());
        try {
            refused(file.intValue(), "no socket (expected: the descriptor of a listening socket)");
        } finally {
            file.close();
        }
    }

    @Test
    void aSocketThatDoesNotListenFailsTheStartAndStaysOpen() throws Exception {
        for (Socket socket : List.of(Socket.newSocketStream(), Socket.newSocketDgram(), Socket.newSocketDomain())) {
            try {
                refused(
                        socket.intValue(),
                        "does not listen (expected: a listening stream socket; with systemd Accept=no)");
                assertThat(socket.isOpen()).isTrue();
            } finally {
                socket.close();
            }
        }
    }

    @Test
    void otherTransportsCanNot() {
        assertThatThrownBy(() -> TestServer.start(APPLICATION, config -> inherited(3)
                        .apply(config.withTransport(config.transport().withTransport(Transport.NIO)))))
                .isInstanceOf(ServerException.class)
                .hasMessage(
                        "cannot listen on fd://3: the transport nio can't take over a descriptor (expected: epoll)");
    }

    @Test
    void anAddressIsItsNumber() {
        assertThat(InheritedSocketAddress.of(3))
                .isEqualTo(InheritedSocketAddress.of(3))
                .hasSameHashCodeAs(InheritedSocketAddress.of(3))
                .isNotEqualTo(InheritedSocketAddress.of(4))
                .hasToString("fd://3");
        assertThatThrownBy(() -> InheritedSocketAddress.of(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("descriptor: -1 (expected: 0-");
    }
}

package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.server.InheritedSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sockets that whoever starts the process has opened. */
class SystemdSocketsTest {
    /** Binds a port, makes it descriptor 3, and becomes the program of its arguments. */
    private static final String STARTER = """
            import os, socket, sys
            s = socket.socket()
            s.bind(("127.0.0.1", 0))
            s.listen(10)
            os.dup2(s.fileno(), 3)
            os.set_inheritable(3, True)
            if sys.argv[1] == "activate":
                os.environ["LISTEN_PID"] = str(os.getpid())
                os.environ["LISTEN_FDS"] = "1"
            os.execv(sys.argv[2], sys.argv[2:])
            """;

    @TempDir
    Path folder;

    // ------------------------------------------------------------------------------------------------ the variables

    @Test
    void thereAreNoneWithoutTheVariables() {
        SystemdSockets none = SystemdSockets.of(Map.of(), 7);

        assertThat(none.addresses()).isEmpty();
        assertThat(none.warnings()).isEmpty();
    }

    @Test
    void theyAreTheDescriptorsFromThreeOn() {
        SystemdSockets two = SystemdSockets.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "2"), 7);

        assertThat(two.addresses()).isEqualTo(List.of(InheritedSocketAddress.of(3), InheritedSocketAddress.of(4)));
        assertThat(two.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "8, 1, 'LISTEN_PID: 8 (expected: this process, 7): the sockets of systemd are not listened on'",
        "'', 1, 'LISTEN_PID: empty (expected: this process, 7): the sockets of systemd are not listened on'",
        "7, '', 'LISTEN_FDS: empty (expected: 0-1000): the sockets of systemd are not listened on'",
        "7, -1, 'LISTEN_FDS: -1 (expected: 0-1000): the sockets of systemd are not listened on'",
        "7, 1001, 'LISTEN_FDS: 1001 (expected: 0-1000): the sockets of systemd are not listened on'"
    })
    void variablesThatAreNotMeantForTheProcessAreWarnedOf(String pid, String number, String warning) {
        SystemdSockets ignored = SystemdSockets.of(Map.of("LISTEN_PID", pid, "LISTEN_FDS", number), 7);

        assertThat(ignored.addresses()).isEmpty();
        assertThat(ignored.warnings()).containsExactly(warning);
    }

    // ------------------------------------------------------------------------------------------------ the process

    private ServerProcess start(String how, String... args) throws Exception {
        String starter =
                Files.writeString(folder.resolve("starter.py"), STARTER).toString();
        return ServerProcess.startBy(List.of(Program.path("python3"), starter, how), args)
                .awaitRunning();
    }

    @Test
    void aSocketOfSystemdIsServedInThePlaceOfTheDefault() throws Exception {
        try (ServerProcess server = start("activate", ScopeApplication.class.getName())) {
            assertThat(server.err()).contains("running on http://127.0.0.1:" + server.port() + " (");
            assertThat(server.port()).isNotEqualTo(8000);
            assertThat(new Web(server.port()).get("/a")).contains(" path=/a ");
            server.signal("TERM");
            assertThat(server.end()).isZero();
        }
    }

    @Test
    void anAddressThatIsNamedIsListenedOnToo() throws Exception {
        Path socket = folder.resolve("app.sock");
        try (ServerProcess server = start("activate", "--uds", socket.toString(), ScopeApplication.class.getName())) {
            assertThat(server.err()).contains("running on unix:" + socket + ", http://127.0.0.1:");
            assertThat(new Web(server.port()).get("/a")).contains(" path=/a ");
        }
    }

    @Test
    void aDescriptorIsServed() throws Exception {
        try (ServerProcess server = start("inherit", "--fd", "3", ScopeApplication.class.getName())) {
            assertThat(new Web(server.port()).get("/a")).contains(" path=/a ");
        }
    }

    @Test
    void aDescriptorIsAnAddress() throws Exception {
        try (ServerProcess server = start("inherit", "--bind", "fd://3", ScopeApplication.class.getName())) {
            assertThat(new Web(server.port()).get("/a")).contains(" path=/a ");
        }
    }

    @Test
    void aDescriptorThatIsNoSocketEndsWith3AndOneLine() throws Exception {
        try (ServerProcess server = ServerProcess.start("--fd", "1", ScopeApplication.class.getName())) {
            assertThat(server.end()).isEqualTo(3);
            assertThat(server.err())
                    .endsWith("async-gateway: cannot listen on fd://1: no socket (expected: the descriptor of a "
                            + "listening socket)\n");
        }
    }
}

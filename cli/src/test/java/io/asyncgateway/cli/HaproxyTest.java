package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command behind a real HAProxy, by the configurations of the documentation. */
class HaproxyTest {
    private static final Path FOLDER = Path.of("..", "docs", "proxies");

    private static String program;

    @TempDir
    Path folder;

    @BeforeAll
    static void find() {
        program = Program.path("haproxy");
    }

    private static ServerProcess server(String... options) throws Exception {
        String[] args = new String[options.length + 3];
        System.arraycopy(new String[] {"--port", "0", ScopeApplication.class.getName()}, 0, args, 0, 3);
        System.arraycopy(options, 0, args, 3, options.length);
        ServerProcess server = ServerProcess.start(args);
        server.awaitErr("running on");
        return server;
    }

    private Program haproxy(String file, int port, ServerProcess server, Map<String, String> more) throws Exception {
        Path once = Program.adapted(
                FOLDER.resolve(file),
                folder.resolve("once.cfg"),
                Map.of("bind :80", "bind 127.0.0.1:" + port, "127.0.0.1:8000", "127.0.0.1:" + server.port()));
        Path adapted = Program.adapted(once, folder.resolve("haproxy.cfg"), more);
        return Program.listening(folder, port, program, "-db", "-f", adapted.toString());
    }

    @Test
    void theClientsAddressAndSchemeAreThoseThatHaproxySaw() throws Exception {
        int port = Program.freePort();
        try (ServerProcess server = server("--forwarded-allow-ips", "127.0.0.1", "--timeout-keep-alive", "75");
                Program haproxy = haproxy("haproxy.cfg", port, server, Map.of())) {
            assertThat(haproxy).isNotNull();
            Web web = new Web(port);
            assertThat(web.get("/a", "X-Forwarded-For", "192.0.2.66", "X-Forwarded-Proto", "https"))
                    // With 127.0.0.1 for both, the client would be a trusted hop: what it writes is believed.
                    .startsWith("client=192.0.2.66 scheme=http host=127.0.0.1:" + port)
                    .endsWith("root= path=/a believed={CLIENT=X_FORWARDED, SCHEME=X_FORWARDED} body=0");
            assertThat(web.post("/a", new byte[100_000])).endsWith(" body=100000");
            assertThat(web.webSocket("/ws", "hello"))
                    .startsWith("client=127.0.0.1 scheme=ws ")
                    .endsWith(" hello");
        }
    }

    @ParameterizedTest
    @CsvSource({"send-proxy-v2, v2", "send-proxy-v2, on", "send-proxy, v1", "send-proxy, on"})
    void thePROXYProtocolTellsTheClientsAddress(String keyword, String option) throws Exception {
        int port = Program.freePort();
        try (ServerProcess server = server("--proxy-protocol", option, "--proxy-allow-from", "127.0.0.1");
                Program haproxy = haproxy(
                        "haproxy-tcp.cfg", port, server, Map.of("send-proxy-v2 check", keyword + " check inter 100"))) {
            assertThat(haproxy).isNotNull();
            Web web = new Web(port);
            assertThat(web.get("/a", "X-Forwarded-For", "192.0.2.66"))
                    .startsWith("client=127.0.0.1 scheme=http host=127.0.0.1:" + port)
                    .endsWith("root= path=/a believed={CLIENT=PROXY_PROTOCOL, SERVER=PROXY_PROTOCOL} body=0");
            assertThat(web.webSocket("/ws", "hello")).endsWith(" hello");
            assertThat(server.err()).doesNotContain("WARN");
        }
    }

    @Test
    void theOtherVersionOfTheProtocolIsClosedAndWarnedOf() throws Exception {
        int port = Program.freePort();
        try (ServerProcess server = server("--proxy-protocol", "v1", "--proxy-allow-from", "127.0.0.1");
                Program haproxy = haproxy("haproxy-tcp.cfg", port, server, Map.of("check", ""))) {
            assertThat(haproxy).isNotNull();
            Web web = new Web(port);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> web.get("/a"))
                    .isInstanceOf(java.io.IOException.class);
            server.awaitErr("PROXY header: no header of version 1");
        }
    }
}

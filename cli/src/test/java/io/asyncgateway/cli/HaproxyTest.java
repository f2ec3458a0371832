package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command behind a real HAProxy, by the configurations of the documentation. */
class HaproxyTest {
    private static final Path FOLDER = Path.of("..", "docs", "proxies");

    private static final String HAPROXY = "127.0.0.2";

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
        return ServerProcess.start(args).awaitRunning();
    }

    /** HAProxy comes from an address of its own, so that it is trusted and the client is not. */
    private Program haproxy(String file, int port, ServerProcess server, Map<String, String> more) throws Exception {
        Path once = Program.adapted(
                FOLDER.resolve(file),
                folder.resolve("once.cfg"),
                Map.of(
                        "bind :80",
                        "bind 127.0.0.1:" + port,
                        "127.0.0.1:8000",
                        "127.0.0.1:" + server.port() + " source " + HAPROXY));
        Path adapted = Program.adapted(once, folder.resolve("haproxy.cfg"), more);
        return Program.listening(folder, port, program, "-db", "-f", adapted.toString());
    }

    @Test
    void theClientsAddressAndSchemeAreThoseThatHaproxySaw() throws Exception {
        int port = Program.freePort();
        try (ServerProcess server = server("--forwarded-allow-ips", HAPROXY, "--timeout-keep-alive", "75");
                Program haproxy = haproxy("haproxy.cfg", port, server, Map.of())) {
            assertThat(haproxy).isNotNull();
            Web web = new Web(port);
            assertThat(web.get("/a", "X-Forwarded-For", "192.0.2.66", "X-Forwarded-Proto", "https"))
                    .startsWith("client=127.0.0.1 scheme=http host=127.0.0.1:" + port)
                    .endsWith("root= path=/a believed={CLIENT=X_FORWARDED, SCHEME=X_FORWARDED} body=0");
            assertThat(web.post("/a", new byte[100_000])).endsWith(" body=100000");
            assertThat(web.webSocket("/ws", "hello"))
                    .startsWith("client=127.0.0.1 scheme=ws ")
                    .endsWith(" hello");
        }
    }

    @Test
    void theSchemeIsHttpsWhereHaproxyEndsTls() throws Exception {
        int port = Program.freePort();
        try (ServerProcess server = server("--forwarded-allow-ips", HAPROXY);
                Program haproxy = haproxy("haproxy.cfg", port, server, overTls(port))) {
            assertThat(haproxy).isNotNull();
            assertThat(curl(port, "X-Forwarded-Proto: http"))
                    .startsWith("client=127.0.0.1 scheme=https host=127.0.0.1:" + port);
        }
    }

    /** As HAProxy 2.8 writes it by {@code option forwarded}. */
    @Test
    void theForwardedFieldTellsTheClientsAddressAndScheme() throws Exception {
        int port = Program.freePort();
        Map<String, String> more = new HashMap<>(overTls(port));
        more.put("option forwardfor", "http-request add-header Forwarded proto=%[ssl_fc,iif(https,http)];for=%[src]");
        try (ServerProcess server = server("--forwarded-allow-ips", HAPROXY, "--forwarded-headers", "forwarded");
                Program haproxy = haproxy("haproxy.cfg", port, server, more)) {
            assertThat(haproxy).isNotNull();
            assertThat(curl(port, "Forwarded: for=192.0.2.66;proto=http"))
                    .startsWith("client=127.0.0.1 scheme=https host=127.0.0.1:" + port)
                    .endsWith("root= path=/a believed={CLIENT=FORWARDED, SCHEME=FORWARDED} body=0");
        }
    }

    @Test
    void thePROXYProtocolTellsThatTheClientSpeaksTls() throws Exception {
        int port = Program.freePort();
        Map<String, String> more = new HashMap<>(overTls(port));
        more.put("send-proxy-v2", "send-proxy-v2-ssl");
        try (ServerProcess server = server("--proxy-protocol", "v2", "--proxy-allow-from", HAPROXY);
                Program haproxy = haproxy("haproxy-tcp.cfg", port, server, more)) {
            assertThat(haproxy).isNotNull();
            assertThat(curl(port, "X-Forwarded-Proto: http"))
                    .startsWith("client=127.0.0.1 scheme=https host=127.0.0.1:" + port);
        }
    }

    private Map<String, String> overTls(int port) throws Exception {
        Path certificate = folder.resolve("haproxy.crt");
        Path key = folder.resolve("haproxy.key");
        Program.certify(certificate, key);
        Path both =
                Files.writeString(folder.resolve("haproxy.pem"), Files.readString(certificate) + Files.readString(key));
        return Map.of("bind 127.0.0.1:" + port, "bind 127.0.0.1:" + port + " ssl crt " + both);
    }

    private static String curl(int port, String field) throws Exception {
        return Program.run("curl", "-sk", "--max-time", "30", "-H", field, "https://127.0.0.1:" + port + "/a");
    }

    @ParameterizedTest
    @CsvSource({"send-proxy-v2, v2", "send-proxy-v2, on", "send-proxy, v1", "send-proxy, on"})
    void thePROXYProtocolTellsTheClientsAddress(String keyword, String option) throws Exception {
        int port = Program.freePort();
        try (ServerProcess server = server("--proxy-protocol", option, "--proxy-allow-from", HAPROXY);
                Program haproxy = haproxy(
                        "haproxy-tcp.cfg", port, server, Map.of("send-proxy-v2 check", keyword + " check inter 100"))) {
            assertThat(haproxy).isNotNull();
            Web web = new Web(port);
            assertThat(web.get("/a", "X-Forwarded-For", "192.0.2.66"))
                    // The port is on the server's end alone: the ends are not swapped.
                    .startsWith(
                            "client=127.0.0.1 scheme=http host=127.0.0.1:" + port + " server=127.0.0.1:" + port + " ")
                    .endsWith("root= path=/a believed={CLIENT=PROXY_PROTOCOL, SERVER=PROXY_PROTOCOL} body=0");
            assertThat(web.webSocket("/ws", "hello")).endsWith(" hello");
            assertThat(server.err()).doesNotContain("WARN");
        }
    }

    @Test
    void theOtherVersionOfTheProtocolIsClosedAndWarnedOf() throws Exception {
        int port = Program.freePort();
        try (ServerProcess server = server("--proxy-protocol", "v1", "--proxy-allow-from", HAPROXY);
                Program haproxy = haproxy("haproxy-tcp.cfg", port, server, Map.of("check", ""))) {
            assertThat(haproxy).isNotNull();
            Web web = new Web(port);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> web.get("/a"))
                    .isInstanceOf(java.io.IOException.class);
            server.awaitErr("PROXY header: no header of version 1");
        }
    }
}

package io.asyncgateway.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command behind a real nginx, by the configuration of the documentation. */
class NginxTest {
    private static final Path CONFIGURATION = Path.of("..", "docs", "proxies", "nginx.conf");

    /** What Debian's own file has around it, with every path in the test's folder. */
    private static final String AROUND = """
            daemon off;
            %s
            pid FOLDER/nginx.pid;
            error_log stderr;
            worker_processes 1;
            events {}
            http {
                access_log off;
                client_body_temp_path FOLDER/body;
                proxy_temp_path FOLDER/proxy;
                fastcgi_temp_path FOLDER/fastcgi;
                uwsgi_temp_path FOLDER/uwsgi;
                scgi_temp_path FOLDER/scgi;
                include FOLDER/app.conf;
            }
            """;

    private static ServerProcess server;
    private static Program nginx;
    private static Web web;
    private static int port;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        String program = Program.path("nginx");
        port = Program.freePort();
        Path socket = folder.resolve("app.sock");
        Program.adapted(
                CONFIGURATION,
                folder.resolve("app.conf"),
                Map.of(
                        "listen 80;",
                        "listen 127.0.0.1:" + port + ";",
                        "/run/async-gateway/app.sock",
                        socket.toString()));
        boolean root = "root".equals(System.getProperty("user.name"));
        Path around = Files.writeString(
                folder.resolve("nginx.conf"),
                AROUND.formatted(root ? "user root;" : "").replace("FOLDER", folder.toString()));
        server = ServerProcess.start(
                "--uds",
                socket.toString(),
                "--uds-permissions",
                "660",
                "--forwarded-allow-ips",
                "unix",
                "--forwarded-headers",
                "x-forwarded-for,x-forwarded-proto,x-forwarded-prefix",
                "--timeout-keep-alive",
                "75",
                ScopeApplication.class.getName());
        server.awaitErr("running on unix:" + socket);
        nginx = Program.listening(folder, port, program, "-p", folder.toString(), "-c", around.toString());
        web = new Web(port);
    }

    @AfterAll
    static void stop() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theClientsAddressAndSchemeAreThoseThatNginxSaw() throws Exception {
        assertThat(web.get("/a"))
                .startsWith("client=127.0.0.1 scheme=http host=127.0.0.1:")
                .endsWith("root= path=/a believed={CLIENT=X_FORWARDED, SCHEME=X_FORWARDED} body=0");
    }

    @Test
    void whatTheClientWritesItselfIsNotBelieved() throws Exception {
        assertThat(web.get(
                        "/a",
                        "X-Forwarded-For",
                        "192.0.2.66",
                        "X-Forwarded-Proto",
                        "https",
                        "X-Forwarded-Host",
                        "evil.example",
                        "X-Forwarded-Prefix",
                        "/evil",
                        "Forwarded",
                        "for=192.0.2.66;proto=https;host=evil.example"))
                .startsWith("client=127.0.0.1 scheme=http host=127.0.0.1:")
                .endsWith("root= path=/a believed={CLIENT=X_FORWARDED, SCHEME=X_FORWARDED} body=0");
    }

    @Test
    void aStrippedPrefixIsTheRootPath() throws Exception {
        assertThat(web.get("/api/a")).contains(" root=/api path=/api/a ");
    }

    @Test
    void connectionsAreKeptForFurtherRequestsAndBodies() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(web.get("/" + i)).contains(" path=/" + i + " ");
            assertThat(web.post("/" + i, new byte[100_000])).endsWith(" body=100000");
        }
    }

    /** What one side could take for the end of a request and the other not, with a request hidden behind it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 34\nTransfer-Encoding: chunked\n\n0\n\nGET /hidden HTTP/1.1\nX: ",
                "Transfer-Encoding: chunked\nContent-Length: 4\n\n22\nGET /hidden HTTP/1.1\nHost: x\n\n\n0\n\n",
                "Transfer-Encoding: xchunked\nContent-Length: 5\n\n0\n\nGET /hidden HTTP/1.1\nX: ",
                "Transfer-Encoding : chunked\nContent-Length: 5\n\n0\n\nGET /hidden HTTP/1.1\nX: ",
                "Transfer-Encoding:\u000bchunked\nContent-Length: 5\n\n0\n\nGET /hidden HTTP/1.1\nX: ",
                "X: y\rTransfer-Encoding: chunked\nContent-Length: 5\n\n0\n\nGET /hidden HTTP/1.1\nX: ",
                "Content-Length: 0\nContent-Length: 35\n\nGET /hidden HTTP/1.1\nHost: x\nX: y\n",
                "Content-Length: +35\n\nGET /hidden HTTP/1.1\nHost: x\nX: y\n",
                "Transfer-Encoding: chunked\n\n5;a=\nhello\n0\nX: y\n\nGET /hidden HTTP/1.1\nX: "
            })
    void aRequestThatCouldBeReadInTwoWaysChangesNothingForTheNextClient(String rest) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST /first HTTP/1.1\nHost: x\n" + rest)
                            .replace("\n", "\r\n")
                            .getBytes(ISO_8859_1));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
        // They share the connections that nginx keeps to the server.
        for (int i = 0; i < 5; i++) {
            assertThat(web.get("/next" + i)).contains(" path=/next" + i + " ");
        }
    }

    @Test
    void aWebSocketPasses() throws Exception {
        assertThat(web.webSocket("/api/ws", "hello"))
                .startsWith("client=127.0.0.1 scheme=ws ")
                .contains(" root=/api path=/api/ws ")
                .endsWith(" hello");
    }
}

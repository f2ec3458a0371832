package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a process: sockets, signals and exit codes are the operating system's. */
@DisabledOnOs(OS.WINDOWS)
class ProcessTest {
    private static final String APP = ProbeApplication.class.getName();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path directory;

    @Test
    void aServerAnswersAndLogsAndStopsInOrder() throws Exception {
        try (ServerProcess server = ServerProcess.serving("--header", "x-from: cli", "--set", "startup=complete")) {
            HttpResponse<String> response = get(server, "/a%20b?c=%22").get(30, TimeUnit.SECONDS);
            server.signal("TERM");

            assertThat(server.end()).isZero();
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("hello from /a b");
            assertThat(response.headers().firstValue("x-from")).hasValue("cli");
            assertThat(server.out()).matches("127\\.0\\.0\\.1 - - \\[.*] \"GET /a%20b\\?c=%22 HTTP/1\\.1\" 200 15\n");
            assertThat(server.err())
                    .containsSubsequence(
                            "INFO:     Started server process [",
                            "startup\n",
                            "INFO:     Async Gateway running on http://127.0.0.1:" + server.port()
                                    + " (Press CTRL+C to quit)\n",
                            "INFO:     SIGTERM: shutting down within 30s",
                            "shutdown\n",
                            "INFO:     Finished server process [");
        }
    }

    @Test
    void http3WithoutItsLibraryEndsWith3AndOneLine() throws Exception {
        Path certificate = directory.resolve("server.crt");
        Path key = directory.resolve("server.key");
        certificate("server", certificate, key);
        try (ServerProcess server = ServerProcess.startWithout(
                "netty-codec-native-quic",
                "--port",
                "0",
                "--http3",
                "--log-level",
                "error",
                "--ssl-certfile",
                certificate.toString(),
                "--ssl-keyfile",
                key.toString(),
                APP)) {
            assertThat(server.end()).isEqualTo(3);
            assertThat(server.err())
                    .startsWith("async-gateway: http3: no META-INF/native/")
                    .contains(" (expected: io.netty:netty-codec-native-quic with the classifier ")
                    .hasLineCount(1);
        }
    }

    @Test
    void tlsIsSpokenAndACertificateReplacedByAHangUp() throws Exception {
        assumeFalse(isHangUpIgnored(), "SIGHUP is ignored here, as under nohup, and a child inherits that");
        Path certificate = directory.resolve("server.crt");
        Path key = directory.resolve("server.key");
        certificate("first", certificate, key);
        try (ServerProcess server = ServerProcess.serving(
                "--ssl-certfile",
                certificate.toString(),
                "--ssl-keyfile",
                key.toString(),
                "--ssl-reload-interval",
                "none")) {
            assertThat(server.err()).contains("running on https://127.0.0.1:" + server.port());
            assertThat(curl(certificate, server)).contains("subject: CN=first", "hello from /tls");

            certificate("second", certificate, key);
            server.signal("HUP");
            server.awaitErr("certificates reloaded");

            assertThat(curl(certificate, server)).contains("subject: CN=second", "hello from /tls");
            server.signal("TERM");
            assertThat(server.end()).isZero();
        }
    }

    private static boolean isHangUpIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
    }

    private static void certificate(String name, Path certificate, Path key) throws Exception {
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-out",
                certificate.toString(),
                "-keyout",
                key.toString());
    }

    private static String curl(Path authority, ServerProcess server) throws Exception {
        return run(
                "curl",
                "-sv",
                "--max-time",
                "20",
                "--cacert",
                authority.toString(),
                "https://127.0.0.1:" + server.port() + "/tls");
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void aFileThatIsMissingEndsWith3AndOneLine() throws Exception {
        try (ServerProcess server =
                ServerProcess.start("--ssl-certfile", "nowhere.crt", ProbeApplication.class.getName())) {
            assertThat(server.end()).isEqualTo(3);
            assertThat(server.err()).endsWith("async-gateway: tls: nowhere.crt: no such file\n");
        }
    }

    @Test
    void aRequestInFlightIsAnsweredWhenTheServerIsTerminated() throws Exception {
        try (ServerProcess server = ServerProcess.serving()) {
            CompletableFuture<HttpResponse<String>> response = get(server, "/draining");
            server.awaitErr("in flight: /draining");

            server.signal("TERM");

            assertThat(response.get(30, TimeUnit.SECONDS).body()).isEqualTo("hello from /draining");
            assertThat(server.end()).isZero();
            assertThat(server.err()).contains("exchanges in flight: 1");
            assertThat(server.out()).contains("\"GET /draining HTTP/1.1\" 200 ");
        }
    }

    @Test
    void aBlockingApplicationRunsOnAsManyThreadsAsItIsGiven() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                "--port",
                "0",
                "--threads",
                "1",
                "--thread-queue",
                "0",
                "--set",
                "key=value",
                ProbeBlocking.class.getName())) {
            server.awaitErr("running on");
            assertThat(get(server, "/").get(30, TimeUnit.SECONDS).body())
                    .isEqualTo("on worker-1, a class loader: true\n");

            CompletableFuture<HttpResponse<String>> held = get(server, "/draining");
            server.awaitErr("in flight: /draining");
            HttpResponse<String> refused = get(server, "/").get(30, TimeUnit.SECONDS);
            server.signal("TERM");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(held.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(server.end()).isZero();
            assertThat(server.err())
                    .containsSubsequence("start {key=value} on worker-1", "in flight", "close")
                    .doesNotContain("thread-locals");
        }
    }

    @Test
    void aWarIsServed(@TempDir Path directory) throws Exception {
        Path compiled = CompiledClass.compile(directory, "Shop", """
                import jakarta.servlet.annotation.*;
                import jakarta.servlet.http.*;

                @WebServlet("/orders/*")
                public class Shop extends HttpServlet {
                    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
                        response.getWriter().print(request.getPathInfo() + getServletContext().getInitParameter("key"));
                    }
                }
                """);
        Path war = CompiledClass.war(directory.resolve("shop.war"), compiled);
        try (ServerProcess server =
                ServerProcess.start("--port", "0", "--threads", "2", "--set", "key=value", war.toString())) {
            server.awaitErr("running on");
            assertThat(get(server, "/orders/7").get(30, TimeUnit.SECONDS).body())
                    .isEqualTo("/7value");
            assertThat(get(server, "/WEB-INF/classes/Shop.class")
                            .get(30, TimeUnit.SECONDS)
                            .statusCode())
                    .isEqualTo(404);
            server.signal("TERM");
            assertThat(server.end()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetty-ee11-annotations", "jetty-ee11-webapp"})
    void aWarWithoutTheModuleThatItNeedsEndsWith3AndOneLine(String missing) throws Exception {
        Path war = CompiledClass.war(
                directory.resolve("shop.war"), CompiledClass.compile(directory, "Shop", "public class Shop {}"));
        try (ServerProcess server = ServerProcess.startWithout(missing, "--port", "0", war.toString())) {
            assertThat(server.end()).isEqualTo(3);
            assertThat(server.err())
                    .isEqualTo("async-gateway: war: " + war
                            + " (expected: org.eclipse.jetty.ee11:jetty-ee11-annotations on the class path)\n");
        }
    }

    @Test
    void aPlainServletIsServedAndToldOfStartAndEnd() throws Exception {
        CompiledClass.compile(directory, "Plain", """
                import jakarta.servlet.*;

                public class Plain extends GenericServlet {
                    public void init() {
                        System.err.println("init " + getServletContext().getInitParameter("key"));
                    }

                    public void service(ServletRequest request, ServletResponse response) throws java.io.IOException {
                        response.getWriter().print("on " + Thread.currentThread().getName());
                    }

                    public void destroy() {
                        System.err.println("destroy");
                    }
                }
                """);
        try (ServerProcess server = ServerProcess.start(
                "--port",
                "0",
                "--app-dir",
                directory.toString(),
                "--interface",
                "servlet",
                "--set",
                "key=value",
                "Plain")) {
            server.awaitErr("running on");
            assertThat(get(server, "/any/where").get(30, TimeUnit.SECONDS).body())
                    .isEqualTo("on worker-1");
            server.signal("TERM");
            assertThat(server.end()).isZero();
            assertThat(server.err()).containsSubsequence("init value\n", "running on", "destroy\n");
        }
    }

    @Test
    void aClassThatIsNoServletIsRefusedWhereOneIsAskedFor() throws Exception {
        try (ServerProcess server = ServerProcess.start("--port", "0", "--interface", "servlet", APP)) {
            assertThat(server.end()).isEqualTo(3);
            assertThat(server.err())
                    .startsWith("async-gateway: ")
                    .contains(APP + " is no jakarta.servlet.Servlet")
                    .hasLineCount(1);
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualThreadsAreRefusedWhereThereAreNone() throws Exception {
        try (ServerProcess server =
                ServerProcess.start("--port", "0", "--virtual-threads", ProbeBlocking.class.getName())) {
            assertThat(server.end()).isEqualTo(2);
            assertThat(server.err())
                    .matches("async-gateway: virtual-threads: true \\(expected: Java 21 or later; this is \\d+\\)\n");
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aBlockingApplicationRunsOnVirtualThreads() throws Exception {
        try (ServerProcess server =
                ServerProcess.start("--port", "0", "--virtual-threads", ProbeBlocking.class.getName())) {
            server.awaitErr("running on");
            assertThat(get(server, "/").get(30, TimeUnit.SECONDS).body()).endsWith(", a class loader: true\n");
            server.signal("TERM");
            assertThat(server.end()).isZero();
        }
    }

    @Test
    void aSecondSignalForces() throws Exception {
        try (ServerProcess server = ServerProcess.serving("--timeout-graceful-shutdown", "1h")) {
            CompletableFuture<HttpResponse<String>> response = get(server, "/never");
            server.awaitErr("in flight: /never");

            server.signal("TERM");
            server.awaitErr("SIGTERM: shutting down");
            server.signal("TERM");

            assertThat(server.end()).isZero();
            assertThatThrownBy(() -> response.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void theGracefulTimeoutForces() throws Exception {
        try (ServerProcess server = ServerProcess.serving("--timeout-graceful-shutdown", "100ms")) {
            CompletableFuture<HttpResponse<String>> response = get(server, "/never");
            server.awaitErr("in flight: /never");

            server.signal("TERM");

            assertThat(server.end()).isZero();
            assertThat(response).failsWithin(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aThirdSignalEndsAShutdownThatHangs() throws Exception {
        try (ServerProcess server =
                ServerProcess.serving("--set", "shutdown=hang", "--timeout-graceful-shutdown", "1h")) {
            server.signal("TERM");
            server.awaitErr("\nshutdown\n");
            server.signal("TERM");
            server.awaitErr("SIGTERM again: forcing");
            server.signal("TERM");

            assertThat(server.end()).isEqualTo(143);
        }
    }

    @Test
    void anInterruptStopsInOrder() throws Exception {
        assumeFalse(interruptsAreIgnored(), "whoever started the tests ignores SIGINT, and so do their processes");
        try (ServerProcess server = ServerProcess.serving()) {
            server.signal("INT");

            assertThat(server.end()).isZero();
            assertThat(server.err()).contains("SIGINT: shutting down", "Finished server process");
        }
    }

    @Test
    void aSignalDuringTheStartStopsIt() throws Exception {
        try (ServerProcess server = ServerProcess.start("--port", "0", "--set", "startup=hang", APP)) {
            server.awaitErr("startup\n");
            server.signal("TERM");

            assertThat(server.end()).isZero();
            assertThat(server.err()).contains("SIGTERM while starting: stopping");
        }
    }

    @Test
    void aFailedShutdownOfTheApplicationEndsWith1() throws Exception {
        try (ServerProcess server = ServerProcess.serving("--set", "shutdown=fail")) {
            server.signal("TERM");

            assertThat(server.end()).isEqualTo(1);
            assertThat(server.err()).contains("ERROR:    ", "disk full");
        }
    }

    @Test
    void aFailedStartOfTheApplicationEndsWith3AndOneLine() throws Exception {
        try (ServerProcess server =
                ServerProcess.start("--port", "0", "--set", "startup=fail", "--log-level", "error", APP)) {
            assertThat(server.end()).isEqualTo(3);
            assertThat(server.err()).matches("startup\nasync-gateway: [^\n]*no database[^\n]*\n");
            assertThat(server.out()).isEmpty();
        }
    }

    @Test
    void aPortThatIsTakenEndsWith3AndOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ServerProcess server = ServerProcess.start(
                        "--port", Integer.toString(taken.getLocalPort()), "--log-level", "error", APP)) {
            assertThat(server.end()).isEqualTo(3);
            assertThat(server.err().replace("startup\n", "").replace("shutdown\n", ""))
                    .matches("async-gateway: [^\n]*127\\.0\\.0\\.1:" + taken.getLocalPort() + "[^\n]*\n");
        }
    }

    @Test
    void debugShowsWhyThePortCantBeBound() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ServerProcess server = ServerProcess.start(
                        "--port", Integer.toString(taken.getLocalPort()), "--log-level", "debug", APP)) {
            assertThat(server.end()).isEqualTo(3);
            assertThat(server.err()).contains("\tat ");
        }
    }

    @Test
    void anApplicationThatIsNotFoundEndsWith3AndOneLine() throws Exception {
        try (ServerProcess server = ServerProcess.start("io.asyncgateway.cli.ProbeAplication")) {
            assertThat(server.end()).isEqualTo(3);
            assertThat(server.err())
                    .isEqualTo("async-gateway: application not found: no class io.asyncgateway.cli.ProbeAplication "
                            + "(did you mean io.asyncgateway.cli.ProbeApplication?)\n");
        }
    }

    @Test
    void anUnknownOptionEndsWith2AndOneLine() throws Exception {
        try (ServerProcess server = ServerProcess.start("--prot", "8000", APP)) {
            assertThat(server.end()).isEqualTo(2);
            assertThat(server.err()).isEqualTo("async-gateway: unknown option --prot (did you mean --port?)\n");
            assertThat(server.out()).isEmpty();
        }
    }

    @Test
    void anApplicationOfTheUsersOwnDirectoryIsServedOnAUnixSocket() throws Exception {
        CompiledClass.compile(directory, "Own", CompiledClass.application("Own"));
        Path socket = directory.resolve("app.sock");
        Path config = Files.writeString(
                directory.resolve("gateway.yaml"),
                "target: Own\napp-dir: " + directory + "\nuds: " + socket + "\naccess-log-format: '%(h)s %(s)s'\n");
        try (ServerProcess server = ServerProcess.start("--config", config.toString())) {
            server.awaitErr("running on unix:" + socket);
            String response = raw(socket, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            server.signal("TERM");

            assertThat(server.end()).isZero();
            assertThat(response).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nOwn");
            assertThat(server.out()).isEqualTo("- 200\n");
        }
    }

    private CompletableFuture<HttpResponse<String>> get(ServerProcess server, String target) {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + target);
        return client.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String raw(Path socket, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** A shell ignores SIGINT for what it runs in the background, and the JVM honours that. */
    private static boolean interruptsAreIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElse("SigIgn: 0");
        int interrupt = 1 << 1;
        return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) & interrupt) != 0;
    }
}

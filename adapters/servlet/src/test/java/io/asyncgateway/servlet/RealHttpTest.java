package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What servlets can do with a request, as real clients see it: Java's, with HTTP/1.1 and HTTP/2, and plain sockets where that has no word for it. */
class RealHttpTest {
    private static RealServer server;

    @BeforeAll
    static void start() {
        server = RealServer.of(ServletApplication.of(new TestServlet(RealHttpTest::serve)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void serve(HttpServletRequest request, HttpServletResponse response) throws Exception {
        switch (request.getRequestURI()) {
            case "/echo" -> Echo.start(request);
            case "/trailers" -> {
                byte[] body = request.getInputStream().readAllBytes();
                response.setTrailerFields(() -> Map.of("x-sum", String.valueOf(body.length)));
                response.getWriter().print(request.getTrailerFields());
            }
            case "/hints" -> {
                response.addHeader("Link", "</style.css>; rel=preload");
                response.sendError(103);
                response.getWriter().print("page");
            }
            case "/upgrade" -> {
                try {
                    request.upgrade(ServletResponseTest.Upgrade.class);
                } catch (ServletException refused) {
                    response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
                }
            }
            case "/late" -> request.startAsync().setTimeout(20);
            case "/read" ->
                response.getOutputStream().write(request.getInputStream().readAllBytes());
            case "/refuse" -> response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            default -> response.getWriter().print(request.getProtocol() + " " + Thread.currentThread());
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aServletIsToldTheVersionOfItsClient(HttpClient.Version version) throws Exception {
        HttpResponse<String> response = server.send(server.request("/").version(version));

        assertThat(response.version()).isEqualTo(version);
        assertThat(response.body()).startsWith(version == HttpClient.Version.HTTP_2 ? "HTTP/2.0 " : "HTTP/1.1 ");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aReadListenerAndAWriteListenerCarryALongBody(HttpClient.Version version) throws Exception {
        byte[] body = new byte[3_000_000];
        new Random(1).nextBytes(body);
        server.send(server.request("/").version(version)); // from here on the connection speaks it

        HttpResponse<byte[]> response = server.send(
                server.request("/echo").version(version).POST(BodyPublishers.ofByteArray(body)),
                BodyHandlers.ofByteArray());

        assertThat(response.version()).isEqualTo(version);
        assertThat(response.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void anAsynchronousRequestWithoutAnAnswerInTimeIs500(HttpClient.Version version) throws Exception {
        assertThat(server.send(server.request("/late").version(version)).statusCode())
                .isEqualTo(500);
    }

    @Test
    void trailersTravelBothWays() throws Exception {
        String answer =
                exchange("POST /trailers HTTP/1.1\r\nHost: localhost\r\nConnection: close, TE\r\nTE: trailers\r\n"
                        + "Transfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n4\r\ndata\r\n0\r\nx-sum: 42\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("{x-sum=42}\r\n")
                .endsWith("0\r\nx-sum: 4\r\n\r\n");
    }

    @Test
    void earlyHintsComeBeforeTheResponse() throws Exception {
        String answer = exchange("GET /hints HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 103 Early Hints\r\n").endsWith("\r\n\r\npage");
        assertThat(answer.indexOf("</style.css>; rel=preload")).isLessThan(answer.indexOf("HTTP/1.1 200 OK\r\n"));
    }

    @Test
    void anUpgradeIsRefusedAndTheAnswerIsTheServlets() throws Exception {
        String answer = exchange(
                "GET /upgrade HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: chat\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    @Test
    void aClientThatWaitsForContinueGetsItWhenTheServletReads() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            send(socket, head("/read"));
            String interim = "HTTP/1.1 100 Continue\r\n\r\n";
            assertThat(text(socket.getInputStream().readNBytes(interim.length())))
                    .isEqualTo(interim);
            send(socket, "data");
            assertThat(text(socket.getInputStream().readAllBytes()))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\ndata");
        }
    }

    @Test
    void aClientThatWaitsForContinueIsNotAskedForABodyThatTheServletDoesNotRead() throws Exception {
        assertThat(exchange(head("/refuse"))).startsWith("HTTP/1.1 403 Forbidden\r\n");
    }

    @EnabledForJreRange(min = JRE.JAVA_21)
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void servletsRunOnVirtualThreads(HttpClient.Version version) throws Exception {
        WorkerPool pool =
                WorkerPool.of(WorkerPoolOptions.defaults().withName("virtual").withVirtualThreads(true));
        ServletApplication application = ServletApplication.builder()
                .servlet(new TestServlet(RealHttpTest::serve))
                .pool(pool)
                .build();
        try (RealServer virtual = RealServer.of(application)) {
            HttpResponse<String> response = virtual.send(virtual.request("/").version(version));
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.body()).contains(" VirtualThread[");
            byte[] body = new byte[1_000_000];
            assertThat(virtual.send(
                                    virtual.request("/echo").version(version).POST(BodyPublishers.ofByteArray(body)),
                                    BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(body);
        }
    }

    private static String head(String target) {
        return "POST " + target
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    }

    /** The whole answer, to the end of the connection. */
    private static String exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            send(socket, request);
            return text(socket.getInputStream().readAllBytes());
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.US_ASCII);
    }

    /** Reads all of it by a listener, then writes it by another. */
    private static final class Echo implements ReadListener, WriteListener {
        private static final int PART = 10_000;

        private final AsyncContext async;
        private final ServletInputStream in;
        private final ServletOutputStream out;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private byte[] body = {};
        private int written;

        private Echo(AsyncContext async) throws IOException {
            this.async = async;
            this.in = async.getRequest().getInputStream();
            this.out = async.getResponse().getOutputStream();
        }

        static void start(HttpServletRequest request) throws IOException {
            Echo echo = new Echo(request.startAsync());
            echo.in.setReadListener(echo);
        }

        @Override
        public void onDataAvailable() throws IOException {
            byte[] buffer = new byte[PART];
            while (in.isReady() && !in.isFinished()) {
                int length = in.read(buffer);
                read.write(buffer, 0, Math.max(0, length));
            }
        }

        @Override
        public void onAllDataRead() {
            body = read.toByteArray();
            out.setWriteListener(this);
        }

        @Override
        public void onWritePossible() throws IOException {
            while (out.isReady()) {
                if (written == body.length) {
                    async.complete();
                    return;
                }
                int length = Math.min(PART, body.length - written);
                out.write(body, written, length);
                written += length;
            }
        }

        @Override
        public void onError(Throwable failure) {
            async.complete();
        }
    }
}

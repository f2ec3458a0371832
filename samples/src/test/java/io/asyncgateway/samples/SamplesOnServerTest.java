package io.asyncgateway.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The samples over real sockets, where their clients are those of the JDK. */
class SamplesOnServerTest {
    private static RunningSample reference;

    @BeforeAll
    static void start() {
        reference = new RunningSample(new Reference());
    }

    @AfterAll
    static void stop() {
        reference.close();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), UTF_8);
    }

    @Test
    void helloGreets() throws IOException, InterruptedException {
        try (RunningSample hello = new RunningSample(new Hello())) {
            HttpResponse<byte[]> response = hello.get("/");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(text(response)).isEqualTo("Hello, World!\n");
        }
    }

    @Test
    void eventsShowLiveTicksUntilTheServerDrains() throws IOException, InterruptedException {
        try (RunningSample events = new RunningSample(new Events())) {
            assertThat(text(events.get("/"))).contains("<h1>Live events</h1>");
            HttpResponse<InputStream> stream =
                    events.client().send(events.request("/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
                assertThat(lines.readLine()).isEqualTo("event: tick");
                assertThat(lines.readLine())
                        .matches("data: \\{\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\",\"listeners\":1}");
                events.server().shutdown().subscribe();
                // The stream ends in order: a body that was cut off would fail here.
                assertThatCode(() -> lines.lines().forEach(line -> {})).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void answersWithFixedText() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = reference.get("/plaintext");
        assertThat(text(response)).isEqualTo("Hello, World!");
        assertThat(response.headers().firstValue("content-length")).hasValue("13");
        assertThat(text(reference.get("/json"))).isEqualTo("{\"message\":\"Hello, World!\"}");
        assertThat(text(reference.get("/chunked"))).isEqualTo("one,two,three");
        assertThat(reference.get("/stream").body()).hasSize(100 * 1024);
        assertThat(reference.get("/204").statusCode()).isEqualTo(204);
        assertThat(reference.get("/304").statusCode()).isEqualTo(304);
    }

    @Test
    void echoesABodyOfManyReads() throws IOException, InterruptedException {
        byte[] body = new byte[3 * 1024 * 1024];
        new Random(1).nextBytes(body);
        HttpResponse<byte[]> response =
                reference.send(reference.request("/echo").POST(BodyPublishers.ofByteArray(body)));
        assertThat(response.body()).isEqualTo(body);
    }

    @Test
    void sendsABigBodyWithItsLength() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = reference.get("/big?n=1000003");
        assertThat(response.headers().firstValue("content-length")).hasValue("1000003");
        assertThat(response.body()).hasSize(1_000_003).startsWith("0123456789".getBytes(UTF_8));
    }

    @Test
    void sendsAFile() throws IOException, InterruptedException {
        byte[] body = reference.get("/file?n=200000").body();
        assertThat(body).hasSize(200_000).startsWith("0123456789".getBytes(UTF_8));
        assertThat(Arrays.copyOfRange(body, 64 * 1024, 200_000)).containsOnly(0);
    }

    @Test
    void answersABadNumberWith400AndKeepsTheConnection() throws IOException {
        String answers = reference.raw("GET /big?n=many HTTP/1.1\r\nHost: localhost\r\n\r\n"
                + "GET /plaintext HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answers)
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("n: many (expected: 0-100000000000)\n")
                .endsWith("Hello, World!");
    }

    @Test
    void givesHintsBeforeTheResponse() throws IOException {
        assertThat(reference.raw("GET /hints HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith(
                        "HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload; as=style\r\n\r\nHTTP/1.1 200 OK\r\n");
    }

    @Test
    void sendsTrailersBack() throws IOException {
        assertThat(reference.raw("POST /trailers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n"))
                .endsWith("\r\n0\r\nx-sum: 42\r\n\r\n");
    }

    @Test
    void probesWhatCameIn() throws IOException {
        assertThat(reference.raw("PUT /a%20b?c HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "X-Name: caf\u00e9\r\nContent-Length: 5\r\n\r\nhello"))
                .endsWith("\r\n\r\nprobe method=PUT uri=/a%20b?c version=HTTP/1.1 len=5 body=aGVsbG8=\n"
                        + "h host=localhost\nh connection=close\nh x-name=caf\u00e9\nh content-length=5\n");
    }

    @Test
    void echoesWebSocketMessages() throws InterruptedException {
        for (String target : new String[] {"/ws", "/ws/plain", "/ws/small"}) {
            Messages messages = new Messages();
            WebSocket webSocket = open(target, messages);
            webSocket.sendText("grüß dich", true).join();
            assertThat(messages.next()).isEqualTo("text grüß dich");
            webSocket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2}), true).join();
            assertThat(messages.next()).isEqualTo("binary [1, 2]");
            webSocket.sendClose(1000, "bye").join();
            assertThat(messages.next()).isEqualTo("closed 1000");
        }
    }

    @Test
    void closesTheSmallWebSocketAtALargeMessage() throws InterruptedException {
        Messages messages = new Messages();
        open("/ws/small", messages).sendText("x".repeat(65_537), true).join();
        assertThat(messages.next()).isEqualTo("closed 1009");
    }

    @Test
    void deniesAWebSocketWithAResponse() {
        assertThatThrownBy(() -> open("/ws/deny", new Messages()))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        denied -> assertThat(denied.getResponse().statusCode()).isEqualTo(403));
    }

    private static WebSocket open(String target, Messages messages) {
        return reference
                .client()
                .newWebSocketBuilder()
                .buildAsync(reference.uri("ws", target), messages)
                .join();
    }

    /** What comes in on a WebSocket. */
    private static final class Messages implements WebSocket.Listener {
        private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return queue.poll(30, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence text, boolean last) {
            queue.add("text " + text);
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            queue.add("binary " + Arrays.toString(bytes));
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            queue.add("closed " + code);
            return null;
        }
    }
}

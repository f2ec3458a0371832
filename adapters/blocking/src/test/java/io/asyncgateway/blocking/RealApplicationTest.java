package io.asyncgateway.blocking;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.Mount;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.Server;
import io.asyncgateway.server.ServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/blocking.md promises, over real HTTP. */
class RealApplicationTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Logged logged = new Logged();
    private RunningServer server;

    @AfterEach
    void stop() {
        server.shutdown().block(Duration.ofSeconds(30));
        logged.close();
        assertThat(logged.take()).isEmpty();
    }

    private void serve(Application application) {
        server = Server.of(application, ServerConfig.defaults().withAddress("127.0.0.1", 0))
                .start()
                .block(Duration.ofSeconds(30));
    }

    private static WorkerPool pool(PoolKind kind, String name, int threads) {
        return kind.pool(
                WorkerPoolOptions.defaults().withName(name).withThreads(threads).withQueue(0));
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void whatRunsOnAnotherPoolAnswersWhileOneIsFull(PoolKind kind) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        BlockingApplication slow = request -> {
            begun.countDown();
            gate.await();
            return BlockingResponse.text("report");
        };
        BlockingApplication quick =
                request -> BlockingResponse.text("on " + Thread.currentThread().getName());
        serve(Mount.builder()
                .at("/reports", Blocking.application(slow, pool(kind, "reports", 1)))
                .at("/orders", Blocking.application(quick, pool(kind, "orders", 1)))
                .otherwise(Applications.http((scope, receive, send) -> Http.respond(send, 200, "healthy")))
                .build());
        CompletableFuture<HttpResponse<String>> first = get("/reports");
        begun.await();

        HttpResponse<String> refused = get("/reports").join();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        assertThat(get("/orders").join().body()).startsWith("on orders-");
        assertThat(get("/health").join().body()).isEqualTo("healthy");

        gate.countDown();
        assertThat(first.join().body()).isEqualTo("report");
    }

    @Test
    void aFileThatIsNotThereIsA500(@TempDir Path directory) {
        Path missing = directory.resolve("missing.txt");
        serve(Blocking.application(request -> BlockingResponse.of(200).body(missing)));
        assertThat(get("/").join().statusCode()).isEqualTo(500);
        assertThat(logged.take()).singleElement().asString().contains("missing.txt");
    }

    /** Hands the lines of the body to the thread that writes, each as it comes. */
    private static BlockingQueue<String> linesRead(InputStream body) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>(8);
        Thread reader = new Thread(() -> {
            byte[] part = new byte[16];
            try {
                for (int count = body.read(part); count >= 0; count = body.read(part)) {
                    lines.add(new String(part, 0, count, US_ASCII));
                }
                lines.add("end");
            } catch (IOException failure) {
                lines.add(failure.toString());
            }
        });
        reader.start();
        return lines;
    }

    @ParameterizedTest
    @MethodSource("io.asyncgateway.blocking.PoolKind#all")
    void aSecondThreadReadsTheBodyWhileTheResponseIsWritten(PoolKind kind) throws Exception {
        BlockingApplication echo = request -> BlockingResponse.of(200).body(out -> {
            BlockingQueue<String> lines = linesRead(request.body());
            out.write("ready".getBytes(US_ASCII));
            out.flush();
            String line = "";
            while (!line.equals("end")) {
                line = String.valueOf(lines.poll(30, TimeUnit.SECONDS));
                out.write(line.getBytes(US_ASCII));
                out.flush();
            }
        });
        serve(Blocking.application(echo, pool(kind, "duplex", 1)));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write(("POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(US_ASCII));
            assertThat(readUntil(in, "ready\r\n")).startsWith("HTTP/1.1 200");
            for (String line : new String[] {"one", "two"}) {
                out.write(("3\r\n" + line + "\r\n").getBytes(US_ASCII));
                assertThat(readUntil(in, line + "\r\n")).isEqualTo("3\r\n" + line + "\r\n");
            }
            out.write("0\r\n\r\n".getBytes(US_ASCII));
            assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("3\r\nend\r\n0\r\n\r\n");
        }
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the answer ended after: " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }
}

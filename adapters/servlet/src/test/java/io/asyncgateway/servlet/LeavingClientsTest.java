package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Clients that leave at any moment, over real sockets. */
class LeavingClientsTest {
    private static final int REQUESTS = 10_000;
    private static final int CLIENTS = 8;
    private static final int THREADS = 10;

    @Test
    void noWorkerIsLostAfterTenThousandRequestsOfWhichEveryThirdClientLeaves() throws Exception {
        WorkerPool pool = WorkerPool.of(WorkerPoolOptions.defaults()
                .withName("leaving")
                .withThreads(THREADS)
                .withReuseThreadLocals(true));
        ServletApplication application = ServletApplication.builder()
                .servlet(new TestServlet((request, response) -> {
                    byte[] body = request.getInputStream().readAllBytes();
                    if (request.getQueryString() != null) {
                        AsyncContext async = request.startAsync();
                        async.start(() -> {
                            try {
                                async.getResponse().getOutputStream().write(body);
                            } catch (IOException gone) {
                                assertThat(gone).isNotNull();
                            } finally {
                                async.complete();
                            }
                        });
                    } else {
                        for (int i = 0; i < 8; i++) {
                            response.getOutputStream().write(body);
                            response.flushBuffer();
                        }
                    }
                }))
                .pool(pool)
                .build();
        try (RealServer server = RealServer.of(application)) {
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            try {
                List<Future<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    int seed = i;
                    answers.add(clients.submit(() -> work(server.port(), new Random(seed), REQUESTS / CLIENTS)));
                }
                int answered = 0;
                for (Future<Integer> each : answers) {
                    answered += each.get();
                }
                assertThat(answered).isEqualTo(CLIENTS * stays(REQUESTS / CLIENTS));
            } finally {
                clients.shutdownNow();
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.exchanges() == 0
                            && pool.metrics().active() == 0
                            && pool.metrics().queued() == 0);
            assertThat(pool.metrics().threads()).isLessThanOrEqualTo(THREADS);
            assertThat(pool.metrics().stuck()).isZero();
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    private static int stays(int requests) {
        return requests - (requests + 2) / 3;
    }

    /** One request after the other; the first of three leaves somewhere between its first byte and the last of the answer. */
    private static int work(int port, Random random, int requests) throws IOException {
        int answered = 0;
        for (int i = 0; i < requests; i++) {
            byte[] request = request(random, i);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(30_000);
                OutputStream out = socket.getOutputStream();
                if (i % 3 == 0) {
                    leave(socket, out, request, random);
                } else {
                    out.write(request);
                    byte[] answer = socket.getInputStream().readAllBytes();
                    assertThat(new String(answer, 0, 15, StandardCharsets.US_ASCII))
                            .isEqualTo("HTTP/1.1 200 OK");
                    answered++;
                }
            }
        }
        return answered;
    }

    private static void leave(Socket socket, OutputStream out, byte[] request, Random random) throws IOException {
        int sent = 1 + random.nextInt(request.length);
        out.write(request, 0, sent);
        if (random.nextBoolean()) {
            socket.setSoLinger(true, 0); // a reset
        }
        if (sent == request.length && random.nextBoolean()) {
            InputStream in = socket.getInputStream();
            in.readNBytes(random.nextInt(64));
        }
    }

    private static byte[] request(Random random, int number) {
        String body = "x".repeat(random.nextInt(20_000));
        String head = "POST /" + (number % 2 == 0 ? "?async" : "") + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }
}

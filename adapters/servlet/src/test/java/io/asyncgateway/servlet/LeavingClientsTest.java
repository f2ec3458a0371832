package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients that leave at any moment, over real sockets. */
class LeavingClientsTest {
    private static final int REQUESTS = 10_000;
    private static final int CLIENTS = 8;
    private static final int THREADS = 10;
    private static final int LONGEST_BODY = 20_000;

    /** More than the buffers of the kernel take from a client that reads nothing. */
    private static final int LARGE_ANSWER = 8 * 1024 * 1024;

    private static final int SMALL_WINDOW = 8 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The threads that write large answers, by the numbers of the requests. */
    private final Map<String, Thread> writers = new ConcurrentHashMap<>();

    /** Requests whose clients have left while a write of their answer was blocked. */
    private final Set<String> leftBlocked = ConcurrentHashMap.newKeySet();

    /** Requests with a large answer of which a write has failed. */
    private final Set<String> failedInWrite = ConcurrentHashMap.newKeySet();

    /** Answers with eight times what it has read, or with a large answer; after its first call has ended, where it is asynchronous. */
    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        String large = request.getParameter("large");
        if (request.getParameter("async") == null) {
            answer(response, large, body.length);
            return;
        }
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        async.start(() -> {
            try {
                answer(response, large, body.length);
            } catch (IOException gone) {
                assertThat(gone).isNotNull();
            } finally {
                async.complete();
            }
        });
    }

    private void answer(HttpServletResponse response, @Nullable String large, int length) throws IOException {
        if (large == null) {
            write(response, 8 * length);
            return;
        }
        writers.put(large, Thread.currentThread());
        try {
            write(response, LARGE_ANSWER);
        } catch (IOException gone) {
            failedInWrite.add(large);
            throw gone;
        } finally {
            writers.remove(large);
        }
    }

    private static void write(HttpServletResponse response, int length) throws IOException {
        byte[] part = new byte[10_000];
        for (int left = length; left > 0; left -= part.length) {
            response.getOutputStream().write(part, 0, Math.min(left, part.length));
        }
        response.flushBuffer();
    }

    /** Nothing in a write waits but for the client. */
    private boolean isBlocked(String large) {
        assertThat(failedInWrite).doesNotContain(large);
        Thread writer = writers.get(large);
        return writer != null
                && (writer.getState() == Thread.State.WAITING || writer.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void noWorkerIsLostAfterTenThousandRequestsOfWhichEveryThirdClientLeaves() throws Exception {
        WorkerPool pool = WorkerPool.of(WorkerPoolOptions.defaults()
                .withName("leaving")
                .withThreads(THREADS)
                .withReuseThreadLocals(true));
        ServletApplication application = ServletApplication.builder()
                .servlet(new TestServlet(this::serve))
                .pool(pool)
                .build();
        try (RealServer server = RealServer.of(application)) {
            AtomicInteger next = new AtomicInteger();
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            try {
                List<Future<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    answers.add(clients.submit(() -> work(server.port(), next)));
                }
                int answered = 0;
                for (Future<Integer> each : answers) {
                    answered += each.get();
                }
                assertThat(answered).isEqualTo(REQUESTS - (REQUESTS + 2) / 3);
            } finally {
                clients.shutdownNow();
            }
            await().atMost(PATIENCE)
                    .until(() -> server.exchanges() == 0
                            && pool.metrics().active() == 0
                            && pool.metrics().queued() == 0);
            assertThat(leftBlocked).hasSizeGreaterThan(500);
            assertThat(failedInWrite).containsAll(leftBlocked);
            assertThat(pool.metrics().threads()).isLessThanOrEqualTo(THREADS);
            assertThat(pool.metrics().stuck()).isZero();
            assertThat(pool.metrics().rejected()).isZero();
            expectEveryThreadToWork(pool);
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    /** All of them meet, which they can't where one is missing. */
    private static void expectEveryThreadToWork(WorkerPool pool) throws Exception {
        CountDownLatch all = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            pool.submit(
                    () -> {
                        all.countDown();
                        try {
                            all.await();
                        } catch (InterruptedException stop) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    refusal -> {});
        }
        assertThat(all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** One request after the other, of which the first of three leaves; how many were answered. */
    private int work(int port, AtomicInteger next) throws IOException {
        int answered = 0;
        for (int number = next.getAndIncrement(); number < REQUESTS; number = next.getAndIncrement()) {
            SplittableRandom random = new SplittableRandom(number); // each request has a seed of its own
            try (Socket socket = connect(port)) {
                if (number % 3 == 0) {
                    leave(socket, Integer.toString(number), random);
                } else {
                    behave(socket, random);
                    answered++;
                }
            }
        }
        return answered;
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_WINDOW);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static void behave(Socket socket, SplittableRandom random) throws IOException {
        int body = random.nextInt(LONGEST_BODY);
        socket.getOutputStream().write(request("/" + (random.nextBoolean() ? "?async=" : ""), body));
        byte[] answer = socket.getInputStream().readAllBytes();
        assertThat(new String(answer, 0, 15, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
        assertThat(answer.length).isGreaterThan(8 * body);
    }

    /** Somewhere in its request, somewhere in a large answer, or when that waits for it to read on; with a reset or an orderly end. */
    private void leave(Socket socket, String number, SplittableRandom random) throws IOException {
        String async = random.nextBoolean() ? "async=&" : "";
        if (random.nextBoolean()) {
            byte[] request = request("/?" + async, random.nextInt(LONGEST_BODY));
            socket.getOutputStream().write(request, 0, 1 + random.nextInt(request.length));
        } else {
            socket.getOutputStream().write(request("/?" + async + "large=" + number, 0));
            int wanted = 1 + random.nextInt(2 * SMALL_WINDOW);
            assertThat(socket.getInputStream().readNBytes(wanted)).hasSize(wanted);
            if (random.nextBoolean()) {
                await().atMost(PATIENCE)
                        .pollInSameThread()
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> isBlocked(number));
                leftBlocked.add(number);
            }
        }
        if (random.nextBoolean()) {
            socket.setSoLinger(true, 0);
        }
    }

    private static byte[] request(String target, int body) {
        String head = "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + body
                + "\r\n\r\n";
        return (head + "x".repeat(body)).getBytes(StandardCharsets.US_ASCII);
    }
}

package io.asyncgateway.blocking;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.Server;
import io.asyncgateway.server.ServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;

/** Blocking applications on a real server, with clients that behave and clients that do not. */
class RealServerTest {
    private static final int THREADS = 4;
    private static final int CLIENTS = 8;

    /** Another pool's thread that the application waits for, as for an answer of a database. */
    @AutoClose("shutdown")
    private static final ExecutorService DATABASE = Executors.newSingleThreadExecutor();

    private static final int BODY = 4096;
    private static final int ANSWER = 200_000;

    /** More than the kernel takes for a client that does not read, with a {@link #SMALL_WINDOW} on its side: its writer blocks. */
    private static final int LARGE_ANSWER = 16 << 20;

    private static final int SMALL_WINDOW = 16 << 10;

    private static final byte[] REQUEST = request("/orders");
    private static final byte[] LARGE_REQUEST = request("/orders/all");

    private final Logged logged = new Logged();

    @AfterEach
    void nothingIsLogged() {
        logged.close();
        assertThat(logged.take()).isEmpty();
    }

    private static byte[] request(String path) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + BODY
                + "\r\n\r\n";
        return (head + "x".repeat(BODY)).getBytes(US_ASCII);
    }

    private static RunningServer serve(Application application) {
        return Server.of(application, ServerConfig.defaults().withAddress("127.0.0.1", 0))
                .start()
                .block(Duration.ofSeconds(30));
    }

    private static Socket connect(RunningServer server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_WINDOW);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        return socket;
    }

    @Test
    void blockHoundWatchesOverTheEventLoopsHere() throws Exception {
        AtomicReference<Throwable> caught = new AtomicReference<>();
        RunningServer server =
                serve(Applications.http((scope, receive, send) -> Mono.<Void>fromRunnable(RealServerTest::block)
                        .onErrorResume(BlockingOperationError.class, failure -> {
                            caught.set(failure);
                            return Http.respond(send, 200, "caught");
                        })));
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(REQUEST);
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .endsWith("caught");
        } finally {
            server.shutdown().block(Duration.ofSeconds(30));
        }
        assertThat(caught.get()).isInstanceOf(BlockingOperationError.class);
    }

    /** Waits for what does not come, on purpose; BlockHound throws before it has begun to. */
    private static void block() {
        try {
            assertThat(new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    static Stream<Arguments> loads() {
        return PoolKind.all().map(kind -> Arguments.of(kind, kind == PoolKind.POOLED ? 10_000 : 2_000));
    }

    /** Reads the request, waits for a thread of another pool, and writes an answer; who asks for all orders gets one that no buffer of the kernel takes at once. */
    private record Orders(AtomicInteger closed, AtomicInteger cutOff, Queue<String> leaks)
            implements BlockingApplication {
        private static final ThreadLocal<String> LEFT_BEHIND = new ThreadLocal<>();

        @Override
        public BlockingResponse handle(BlockingRequest request) throws Exception {
            if (Thread.currentThread().isInterrupted()) {
                leaks.add("an interrupt");
            }
            if (LEFT_BEHIND.get() != null) {
                leaks.add("a thread-local");
            }
            LEFT_BEHIND.set("of an earlier request");
            request.onClose(closed::incrementAndGet);
            byte[] order = request.body().readAllBytes();
            int stored = DATABASE.submit(() -> order.length).get();
            if (stored != order.length) {
                throw new IllegalStateException(stored + " bytes (expected: " + order.length + ")");
            }
            boolean all = request.localPath().equals("/orders/all");
            return BlockingResponse.of(200).body(out -> {
                try {
                    for (int left = all ? LARGE_ANSWER : ANSWER; left > 0; left -= 1000) {
                        out.write(new byte[1000]);
                    }
                } catch (IOException failure) {
                    cutOff.addAndGet(all ? 1 : 0);
                    throw failure;
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("loads")
    void noThreadIsLostWhereEveryThirdClientLeavesAtARandomMoment(PoolKind kind, int requests) throws Exception {
        WorkerPool pool = kind.pool(WorkerPoolOptions.defaults()
                .withName("orders")
                .withThreads(THREADS)
                .withQueue(requests));
        AtomicInteger closed = new AtomicInteger();
        AtomicInteger cutOff = new AtomicInteger();
        Queue<String> leaks = new ConcurrentLinkedQueue<>();
        RunningServer server = serve(Blocking.application(new Orders(closed, cutOff, leaks), pool));
        AtomicInteger next = new AtomicInteger();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();

        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> call(server, next, requests, wrong));
            client.start();
            clients.add(client);
        }
        for (Thread client : clients) {
            client.join();
        }

        assertThat(wrong).isEmpty();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(pool.metrics().active()).isZero();
            assertThat(pool.metrics().queued()).isZero();
        });
        assertThat(leaks).isEmpty();
        assertThat(cutOff.get()).as("answers that were cut off in a write").isPositive();
        assertThat(pool.metrics().rejected()).isZero();
        // The start of the application ran on the pool too.
        assertThat((long) closed.get()).isEqualTo(pool.metrics().ran() - 1);
        assertThat(pool.metrics().threads()).isLessThanOrEqualTo(THREADS);
        expectEveryThreadToWork(pool);
        server.shutdown().block(Duration.ofSeconds(30));
    }

    /** All of them meet, which they can't where one is missing. */
    private static void expectEveryThreadToWork(WorkerPool pool) throws Exception {
        CyclicBarrier all = new CyclicBarrier(THREADS);
        CountDownLatch met = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            pool.submit(TestTask.of(() -> {
                all.await(30, TimeUnit.SECONDS);
                met.countDown();
                return null;
            }));
        }
        assertThat(met.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private static void call(RunningServer server, AtomicInteger next, int requests, Queue<String> wrong) {
        for (int number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
            SplittableRandom random =
                    new SplittableRandom(number); // Random's first numbers are alike where the seeds are
            try (Socket socket = connect(server)) {
                if (number % 3 == 0) {
                    leave(socket, random);
                } else {
                    behave(socket, number, wrong);
                }
            } catch (IOException failure) {
                wrong.add(number + ": " + failure);
            }
        }
    }

    private static void behave(Socket socket, int number, Queue<String> wrong) throws IOException {
        socket.getOutputStream().write(REQUEST);
        byte[] answer = socket.getInputStream().readAllBytes();
        if (answer.length < ANSWER || !new String(answer, 0, 12, US_ASCII).equals("HTTP/1.1 200")) {
            wrong.add(number + ": " + answer.length + " bytes");
        }
    }

    /** Somewhere in its request, or somewhere in the answer. */
    private static void leave(Socket socket, SplittableRandom random) throws IOException {
        if (random.nextBoolean()) {
            socket.getOutputStream().write(REQUEST, 0, random.nextInt(REQUEST.length));
            return;
        }
        socket.getOutputStream().write(random.nextInt(4) == 0 ? LARGE_REQUEST : REQUEST);
        InputStream in = socket.getInputStream();
        int wanted = random.nextInt(ANSWER);
        for (int read = 0; read < wanted; ) {
            int count = in.read(new byte[8192]);
            if (count < 0) {
                throw new IOException("the answer ended after " + read + " bytes");
            }
            read += count;
        }
    }
}

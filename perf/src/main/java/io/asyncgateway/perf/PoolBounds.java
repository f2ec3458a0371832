package io.asyncgateway.perf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * 4 threads, 8 waiting places and 400 clients of an endpoint that takes 50 ms, which come back after the second that {@code retry-after} asks for. Beside them one client of
 * {@code /plaintext}. Then as many clients as there are places, which must never be refused.
 */
final class PoolBounds {
    private static final int THREADS = 4;
    private static final int QUEUE = 8;
    private static final int CLIENTS = 400;
    private static final long RETRY_AFTER_MILLIS = 1000;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 2;
    private static final double MILLISECOND = 1e6;
    private static final double REFUSED_WITHIN_MILLIS = 10;
    private static final double BESIDE = 1.2;

    private final int port;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicLong served = new AtomicLong();
    private final List<Long> refusals = new ArrayList<>();
    private final List<IOException> failures = new ArrayList<>();

    private PoolBounds(int port) {
        this.port = port;
    }

    static MemoryCheck.Finding run(ServerProcess server, int port) throws IOException, InterruptedException {
        return new PoolBounds(port).run(server);
    }

    private MemoryCheck.Finding run(ServerProcess server) throws IOException, InterruptedException {
        beside(3); // warms up
        long before = PoolFigures.of(server).rejected();
        long calls = fullButNotOver();
        long falselyRefused = PoolFigures.of(server).rejected() - before;

        besideAllClients(); // warms up
        refusals.clear();
        double[] ratios = new double[ROUNDS];
        double idle = 0;
        for (int round = 0; round < ROUNDS; round++) {
            idle = percentile(beside(SECONDS), 0.99);
            ratios[round] = percentile(besideAllClients(), 0.99) / idle;
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        return finding(PoolFigures.of(server), ratios, idle, calls, falselyRefused);
    }

    private MemoryCheck.Finding finding(
            PoolFigures figures, double[] ratios, double idle, long calls, long falselyRefused) {
        Arrays.sort(ratios);
        double ratio = ratios[ROUNDS / 2];
        double refusedWithin = percentile(refusals, 0.99) / MILLISECOND;
        // Reached and not passed: a run that never fills the pool shows nothing of its bounds.
        boolean met = figures.mostRunning() == THREADS
                && figures.mostQueued() == QUEUE
                && falselyRefused == 0
                && refusedWithin <= REFUSED_WITHIN_MILLIS
                && ratio <= BESIDE;
        return new MemoryCheck.Finding(
                String.format(
                        Locale.ROOT,
                        "at most %d ran and %d waited; %d served, %d refused, half of them within %.2f ms, 99%% within %.2f ms, all within %.1f ms; "
                                + "/plaintext beside it: p99 %.2f times the idle one's (%.2f-%.2f; bar %.1f; last idle %.2f ms); %d refused of %d calls of %d clients",
                        figures.mostRunning(),
                        figures.mostQueued(),
                        served.get(),
                        refusals.size(),
                        percentile(refusals, 0.5) / MILLISECOND,
                        refusedWithin,
                        percentile(refusals, 1) / MILLISECOND,
                        ratio,
                        ratios[0],
                        ratios[ROUNDS - 1],
                        BESIDE,
                        idle / MILLISECOND,
                        falselyRefused,
                        calls,
                        THREADS + QUEUE),
                met);
    }

    private static double percentile(List<Long> nanos, double part) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * part)));
    }

    /** One client that asks for {@code /plaintext}, about a thousand times a second: how long each answer took. */
    private List<Long> beside(int seconds) throws IOException, InterruptedException {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (Caller caller = new Caller(port)) {
            while (System.nanoTime() - end < 0) {
                nanos.add(caller.get("/plaintext").nanos());
                Thread.sleep(1);
            }
        }
        return nanos;
    }

    /** As many clients as there are threads and waiting places, as fast as they can; how many calls they made. */
    private long fullButNotOver() throws InterruptedException {
        AtomicLong calls = new AtomicLong();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS + QUEUE; i++) {
            threads.add(start(caller -> {
                while (System.nanoTime() - end < 0) {
                    caller.get("/pool/plaintext");
                    calls.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return calls.get();
    }

    private List<Long> besideAllClients() throws IOException, InterruptedException {
        busy.set(true);
        List<Thread> clients = clients();
        List<Long> beside = beside(SECONDS);
        busy.set(false);
        for (Thread client : clients) {
            client.join();
        }
        return beside;
    }

    /** They come one after the other within a second, not in one instant. */
    private List<Thread> clients() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            threads.add(start(caller -> {
                while (busy.get()) {
                    call(caller);
                }
            }));
            Thread.sleep(RETRY_AFTER_MILLIS / CLIENTS);
        }
        return threads;
    }

    private void call(Caller caller) throws IOException, InterruptedException {
        Caller.Answer answer = caller.get("/pool/wait");
        if (answer.status() == 503) {
            synchronized (refusals) {
                refusals.add(answer.nanos());
            }
            Thread.sleep(RETRY_AFTER_MILLIS);
        } else if (answer.status() == 200) {
            served.incrementAndGet();
        } else {
            throw new IOException("status " + answer.status() + " (expected: 200 or 503)");
        }
    }

    private interface Client {
        void run(Caller caller) throws IOException, InterruptedException;
    }

    private Thread start(Client client) {
        Thread thread = new Thread(() -> {
            try (Caller caller = new Caller(port)) {
                client.run(caller);
            } catch (IOException failure) {
                synchronized (failures) {
                    failures.add(failure);
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}

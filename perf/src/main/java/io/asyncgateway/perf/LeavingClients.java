package io.asyncgateway.perf;

import java.io.IOException;
import java.util.Locale;

/** Leaves while a thread waits for a body, and while one waits for its answer to be taken; 20 times each. */
final class LeavingClients {
    private static final int TIMES = 20;
    private static final double MILLISECOND = 1e6;
    private static final double BAR_MILLIS = 100;

    private LeavingClients() {}

    static MemoryCheck.Finding run(ServerProcess server, int port) throws IOException, InterruptedException {
        double read = 0;
        double write = 0;
        for (int i = 0; i < TIMES; i++) {
            read = Math.max(read, leave(server, port, "POST", "/pool/upload", "Content-Length: 1000000\r\n"));
            write = Math.max(write, leave(server, port, "GET", "/pool/download", ""));
        }
        return new MemoryCheck.Finding(
                String.format(
                        Locale.ROOT,
                        "woken after at most %.1f ms in a read, %.1f ms in a write; %d times each",
                        read,
                        write,
                        TIMES),
                read <= BAR_MILLIS && write <= BAR_MILLIS);
    }

    private static double leave(ServerProcess server, int port, String method, String path, String fields)
            throws IOException, InterruptedException {
        long failedBefore = PoolFigures.of(server).failedAt();
        long left;
        try (Caller caller = new Caller(port)) {
            caller.begin(method, path, fields);
            awaitBlocked(server);
            left = System.nanoTime();
        }
        PoolFigures figures = PoolFigures.of(server);
        for (int i = 0; figures.failedAt() == failedBefore; i++) {
            if (i > 10_000) {
                throw new IOException(method + " " + path + ": the thread was not woken");
            }
            Thread.sleep(1);
            figures = PoolFigures.of(server);
        }
        return (figures.failedAt() - left) / MILLISECOND;
    }

    /** Until a thread is in the application and nothing moves any more. */
    private static void awaitBlocked(ServerProcess server) throws IOException, InterruptedException {
        PoolFigures before;
        PoolFigures now = PoolFigures.of(server);
        do {
            before = now;
            Thread.sleep(50);
            now = PoolFigures.of(server);
        } while (now.running() != 1 || now.moved() != before.moved());
    }
}

package io.asyncgateway.perf;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** What a trivial request costs on the pool, beside the same answer of a reactive application. One server, rounds in turn. */
final class PoolCost {
    private static final int CONNECTIONS = 64;
    private static final int WARM_UP_SECONDS = 8;
    private static final int ROUNDS = 7;
    private static final int SECONDS = 2;
    private static final double BAR = 2.0;

    private PoolCost() {}

    static MemoryCheck.Finding run(ServerProcess server, int port, int processor) throws IOException {
        double[] ratios = new double[ROUNDS];
        double pool = 0;
        double reactive = 0;
        try (Wrk load = new Wrk(processor, CONNECTIONS)) {
            load.run(port, "/plaintext", WARM_UP_SECONDS);
            load.run(port, "/pool/plaintext", WARM_UP_SECONDS);
            for (int round = 0; round < ROUNDS; round++) {
                reactive = cost(server, load, port, "/plaintext");
                pool = cost(server, load, port, "/pool/plaintext");
                ratios[round] = pool / reactive;
            }
        }
        Arrays.sort(ratios);
        double ratio = ratios[ROUNDS / 2];
        return new MemoryCheck.Finding(
                String.format(
                        Locale.ROOT,
                        "%.2f times the reactive cost (%.2f-%.2f; bar %.1f), last %.1f and %.1f µs",
                        ratio,
                        ratios[0],
                        ratios[ROUNDS - 1],
                        BAR,
                        pool,
                        reactive),
                ratio <= BAR);
    }

    private static double cost(ServerProcess server, Wrk load, int port, String path) throws IOException {
        CpuTime before = server.cpu();
        long requests = load.run(port, path, SECONDS);
        return server.cpu().minus(before).microseconds() / requests;
    }
}

package io.asyncgateway.perf;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** 400 clients of an endpoint that takes 50 ms: on virtual threads, and beside it on the timer of an asynchronous application. */
final class VirtualWait {
    private static final int CLIENTS = 400;
    private static final int WARM_UP_SECONDS = 5;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 2;
    private static final double BAR = 0.9;

    private VirtualWait() {}

    static MemoryCheck.Finding run(int port, int processor) throws IOException {
        double[] ratios = new double[ROUNDS];
        long threads = 0;
        long timer = 0;
        try (Wrk load = new Wrk(processor, CLIENTS)) {
            load.run(port, "/pool/wait", WARM_UP_SECONDS);
            load.run(port, "/sleep?ms=" + PoolProbe.WAIT_MILLIS, WARM_UP_SECONDS);
            for (int round = 0; round < ROUNDS; round++) {
                threads = load.run(port, "/pool/wait", SECONDS) / SECONDS;
                timer = load.run(port, "/sleep?ms=" + PoolProbe.WAIT_MILLIS, SECONDS) / SECONDS;
                ratios[round] = (double) threads / timer;
            }
        }
        Arrays.sort(ratios);
        double ratio = ratios[ROUNDS / 2];
        return new MemoryCheck.Finding(
                String.format(
                        Locale.ROOT,
                        "%.2f of the timer's throughput (%.2f-%.2f; bar %.2f), last %d/s and %d/s",
                        ratio,
                        ratios[0],
                        ratios[ROUNDS - 1],
                        BAR,
                        threads,
                        timer),
                ratio >= BAR);
    }
}

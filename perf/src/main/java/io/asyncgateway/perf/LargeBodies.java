package io.asyncgateway.perf;

import java.io.IOException;
import java.util.Locale;

/** Sends 1 GiB and asks for 1 GiB, through an application that has a heap of 128 MiB. */
final class LargeBodies {
    private static final double SECOND = 1e9;

    private LargeBodies() {}

    static MemoryCheck.Finding run(ServerProcess server, int port) throws IOException {
        Memory before = Memory.of(server);
        Caller.Answer up = upload(port);
        long taken = PoolFigures.of(server).moved();
        Caller.Answer down;
        try (Caller caller = new Caller(port)) {
            down = caller.get("/pool/download");
        }
        Memory after = Memory.of(server).minus(before);
        boolean met = up.status() == 200
                && taken == PoolProbe.GIBIBYTE
                && down.status() == 200
                && down.length() == PoolProbe.GIBIBYTE
                && after.heap() < MemoryCheck.BOUND;
        return new MemoryCheck.Finding(
                String.format(
                        Locale.ROOT,
                        "1 GiB in %.1f s up (%d), %.1f s down (%d); then %s",
                        up.nanos() / SECOND,
                        up.status(),
                        down.nanos() / SECOND,
                        down.status(),
                        after),
                met);
    }

    private static Caller.Answer upload(int port) throws IOException {
        byte[] part = new byte[64 * 1024];
        try (Caller caller = new Caller(port)) {
            long start = System.nanoTime();
            caller.begin("POST", "/pool/upload", "Content-Length: " + PoolProbe.GIBIBYTE + "\r\n");
            for (long left = PoolProbe.GIBIBYTE; left > 0; left -= part.length) {
                caller.body().write(part);
            }
            return caller.answer(start);
        }
    }
}

package io.asyncgateway.perf;

import java.io.IOException;
import java.util.Locale;

/**
 * What a server process holds.
 *
 * @param heap bytes of the heap after a full collection
 * @param direct bytes of direct buffers, pools included
 */
record Memory(long heap, long direct) {
    private static final double MEBIBYTE = 1024 * 1024;

    /** Asks the process. */
    static Memory of(ServerProcess server) throws IOException {
        String[] figures = server.ask(Console.MEMORY).split(" ", -1);
        return new Memory(Long.parseLong(figures[0]), Long.parseLong(figures[1]));
    }

    Memory minus(Memory earlier) {
        return new Memory(heap - earlier.heap, direct - earlier.direct);
    }

    /** The larger of each. */
    Memory max(Memory other) {
        return new Memory(Math.max(heap, other.heap), Math.max(direct, other.direct));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "heap %+.2f MiB, direct %+.2f MiB", heap / MEBIBYTE, direct / MEBIBYTE);
    }
}

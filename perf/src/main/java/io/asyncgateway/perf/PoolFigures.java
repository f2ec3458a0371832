package io.asyncgateway.perf;

import java.io.IOException;

/** What {@link PoolProbe} has seen. */
record PoolFigures(int mostRunning, int mostQueued, long rejected, long moved, long failedAt, int running) {
    /** Asks the process. */
    static PoolFigures of(ServerProcess server) throws IOException {
        String[] figures = server.ask(BlockingServer.POOL).split(" ", -1);
        return new PoolFigures(
                Integer.parseInt(figures[0]),
                Integer.parseInt(figures[1]),
                Long.parseLong(figures[2]),
                Long.parseLong(figures[3]),
                Long.parseLong(figures[4]),
                Integer.parseInt(figures[5]));
    }
}

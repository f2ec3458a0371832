package io.asyncgateway.perf;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Mount;
import io.asyncgateway.blocking.Blocking;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import io.asyncgateway.samples.Reference;
import io.asyncgateway.server.ServerConfig;
import io.asyncgateway.server.Timeouts;
import io.asyncgateway.server.TransportOptions;
import java.time.Duration;
import java.util.Map;

/** Our server as a process to be measured: {@link PoolProbe} on a worker pool under {@code /pool}, and the sample {@link Reference} beside it. One event loop. */
public final class BlockingServer {
    /** What the pool has done: see {@link PoolProbe#figures()}. */
    static final String POOL = "pool";

    private BlockingServer() {}

    /**
     * Serves until standard input ends.
     *
     * @param args the port, the pool's threads, its queue, and whether the threads are virtual
     */
    public static void main(String[] args) {
        WorkerPool pool = WorkerPool.of(WorkerPoolOptions.defaults()
                .withThreads(Integer.parseInt(args[1]))
                .withQueue(Integer.parseInt(args[2]))
                .withVirtualThreads(Boolean.parseBoolean(args[3])));
        PoolProbe probe = new PoolProbe(pool);
        Application application = Mount.builder()
                .at("/pool", Blocking.application(probe, pool))
                .otherwise(new Reference())
                .build();
        ServerConfig config = ServerConfig.defaults()
                .withAddress("127.0.0.1", Integer.parseInt(args[0]))
                .withTransport(TransportOptions.defaults().withEventLoops(1))
                // Clients that wait between two rounds keep their connections.
                .withTimeouts(Timeouts.defaults().withKeepAlive(Duration.ofMinutes(1)));
        MeasuredServer.run(application, config, server -> Map.of(POOL, probe::figures));
    }
}

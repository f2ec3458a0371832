package io.asyncgateway.websocket.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Three real primaries that share the slots of a Cluster among them; as bounded as {@link RedisServer}. */
final class RedisCluster implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int[] FIRST_SLOTS = {0, 5_461, 10_923, 16_384};

    private final List<RedisServer> servers = new ArrayList<>();

    private RedisCluster() {}

    static RedisCluster start() {
        RedisCluster cluster = new RedisCluster();
        try {
            cluster.run();
        } catch (IOException | RuntimeException | Error failure) {
            cluster.close();
            throw failure instanceof IOException io ? new java.io.UncheckedIOException(io) : sneak(failure);
        }
        return cluster;
    }

    private static RuntimeException sneak(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    private void run() throws IOException {
        List<Integer> busPorts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int busPort = RedisServer.freePort();
            busPorts.add(busPort);
            servers.add(RedisServer.start(
                    "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-port", "" + busPort));
        }
        for (int i = 0; i < 3; i++) {
            RedisServer server = servers.get(i);
            server.command("CLUSTER", "ADDSLOTSRANGE", "" + FIRST_SLOTS[i], "" + (FIRST_SLOTS[i + 1] - 1));
            if (i > 0) {
                String first = "" + servers.get(0).port();
                server.command("CLUSTER", "MEET", "127.0.0.1", first, "" + busPorts.get(0));
            }
        }
        awaitWhole();
    }

    /** Until each server knows of all slots. */
    void awaitWhole() {
        for (RedisServer server : servers) {
            Awaitility.await("cluster").atMost(SOON).until(() -> {
                String info = server.command("CLUSTER", "INFO");
                return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3");
            });
        }
    }

    RedisServer server(int index) {
        return servers.get(index);
    }

    String uri() {
        return servers.stream()
                .map(server -> "127.0.0.1:" + server.port())
                .collect(Collectors.joining(",", "redis-cluster://", ""));
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }
}

package io.asyncgateway.websocket.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of histories, on a real Redis Cluster of three primaries. */
class RedisClusterHistoryTest extends RedisHistoryContractTest {
    private static RedisCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    RedisOptions options() {
        return RedisOptions.of(cluster.uri());
    }

    /** One of the three has the slot; the others only say that they don't. */
    @Override
    String command(String... words) {
        try {
            String answer = "";
            for (int i = 0; i < 3; i++) {
                answer = cluster.server(i).command(words);
                if (!answer.startsWith("-MOVED")) {
                    break;
                }
            }
            return answer;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

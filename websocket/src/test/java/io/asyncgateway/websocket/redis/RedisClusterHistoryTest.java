package io.asyncgateway.websocket.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** The contract of histories, on a real Redis Cluster of three primaries. */
class RedisClusterHistoryTest extends RedisHistoryContractTest {
    @RegisterExtension
    private static final Shared<RedisCluster> CLUSTER = new Shared<>(RedisCluster::start);

    @Override
    RedisOptions options() {
        return RedisOptions.of(CLUSTER.get().uri());
    }

    /** One of the three has the slot; the others only say that they don't. */
    @Override
    String command(String... words) {
        try {
            String answer = "";
            for (int i = 0; i < 3; i++) {
                answer = CLUSTER.get().server(i).command(words);
                if (!answer.startsWith("-MOVED")) {
                    break;
                }
            }
            return answer;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void closingWarnsOfNothing() {
        append(history(), "a");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger lettuce = (Logger) LoggerFactory.getLogger("io.lettuce");
        log.start();
        lettuce.addAppender(log);
        try {
            closeConnections();
        } finally {
            lettuce.detachAppender(log);
        }

        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }
}

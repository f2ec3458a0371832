package io.asyncgateway.websocket.redis;

import static org.awaitility.Awaitility.await;

import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerContract;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The layer on a real Redis keeps the contract of channel layers. */
class RedisChannelLayerTest extends ChannelLayerContract {
    @RegisterExtension
    private static final Shared<RedisServer> REDIS = new Shared<>(RedisServer::start);

    private final List<Redis> connections = new ArrayList<>();
    private final String prefix = UUID.randomUUID().toString();

    @Override
    protected ChannelLayer create(ChannelLayerOptions options) {
        Redis redis = Redis.connect(RedisOptions.of(REDIS.get().uri()).withKeyPrefix(prefix))
                .block(SOON);
        connections.add(redis);
        return redis.channelLayer(options).block(SOON);
    }

    @AfterEach
    void closeConnections() {
        connections.forEach(redis -> redis.close().block(SOON));
    }

    @Test
    void aSharedChannelWhoseKeySomebodyElseHasTakenDoesNotKeepOthersFromExpiring() throws Exception {
        ChannelLayer layer = create(ChannelLayerOptions.defaults().withExpiry(Duration.ofMillis(200)));
        List<String> names = IntStream.range(0, 40).mapToObj(i -> "shared" + i).toList();
        for (String name : names) {
            layer.send(name, bytes(name)).block(SOON);
        }
        REDIS.get().command("SET", prefix + ":q:{" + names.get(0) + "}", "not a list");

        await().atMost(SOON).until(() -> layer.stats().expired() == names.size() - 1);
    }
}

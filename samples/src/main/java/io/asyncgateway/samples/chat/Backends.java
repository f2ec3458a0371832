package io.asyncgateway.samples.chat;

import io.asyncgateway.samples.chat.ChatNode.Backend;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.history.InMemoryHistory;
import io.asyncgateway.websocket.redis.Redis;
import io.asyncgateway.websocket.redis.RedisHistoryOptions;
import io.asyncgateway.websocket.redis.RedisOptions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import reactor.core.publisher.Mono;

/** Chooses what carries and keeps the messages, by the settings: Redis, or the memory of this process. */
final class Backends {
    /** A page shows the last hundred to who comes new; the rest is for those who were away for some time. */
    private static final int KEPT_MESSAGES = 1_000;
    /** What was said before is gone, also from a room where little is said. */
    private static final Duration KEPT_FOR = Duration.ofDays(1);

    private static final String REDIS = "redis";

    private Backends() {}

    static Mono<Backend> open(Map<String, String> settings) {
        for (String name : new TreeSet<>(settings.keySet())) {
            if (!name.equals(REDIS)) {
                return Mono.error(
                        new IllegalArgumentException("setting " + name + ": unknown (expected: redis, or none)"));
            }
        }
        String uri = settings.get(REDIS);
        return uri == null ? Mono.fromSupplier(Backends::inMemory) : redis(uri);
    }

    private static Backend inMemory() {
        ChannelLayer layer = ChannelLayer.inMemory();
        InMemoryHistory history = InMemoryHistory.builder()
                .maxEntries(KEPT_MESSAGES)
                .maxAge(KEPT_FOR)
                .build();
        return new Backend(layer, history, layer.close());
    }

    private static Mono<Backend> redis(String uri) {
        return Mono.defer(() -> Redis.connect(RedisOptions.of(uri)))
                .flatMap(redis -> redis.channelLayer(ChannelLayerOptions.defaults())
                        .map(layer -> new Backend(layer, redis.history(historyOptions()), redis.close()))
                        .onErrorResume(failure -> redis.close().then(Mono.error(failure))));
    }

    private static RedisHistoryOptions historyOptions() {
        return RedisHistoryOptions.defaults().withMaxEntries(KEPT_MESSAGES).withMaxAge(KEPT_FOR);
    }
}

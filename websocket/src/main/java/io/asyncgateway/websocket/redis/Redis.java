package io.asyncgateway.websocket.redis;

import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.history.History;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A node's connections to Redis, and what stands on them: a channel layer, a history. One for each node of a service:
 *
 * <pre>{@code
 * Mono<Redis> redis = Redis.connect(RedisOptions.of("redis://localhost:6379"));
 * Mono<Rooms> rooms = redis.flatMap(connected -> connected
 *         .channelLayer(ChannelLayerOptions.defaults())
 *         .map(layer -> Rooms.builder()
 *                 .layer(layer)
 *                 .history(connected.history(RedisHistoryOptions.defaults()))
 *                 .build()));
 * }</pre>
 *
 * <p>It holds two connections, to a Cluster two for each primary. They are made again by themselves after an outage. While there is none, commands fail
 * at once; nothing waits for the connection to come back, and nothing is sent twice.
 *
 * <p>Needs Lettuce ({@code io.lettuce:lettuce-core}) on the class path, an optional dependency. Safe for use from any thread.
 */
public final class Redis {
    private final RedisConnections connections;
    private volatile @Nullable RedisChannelLayer layer;
    private volatile @Nullable RedisHistory history;

    Redis(RedisConnections connections) {
        this.connections = connections;
    }

    /**
     * Connects.
     *
     * @param options where and how
     * @return the connections, when they are there and the server is new enough. Fails with {@link IllegalArgumentException} where the URI is not
     *     valid, with {@link IllegalStateException} where Lettuce is missing or the server is too old, and with
     *     {@link RedisUnavailableException} where it can't be reached within the connect timeout. Outages after that are got over
     */
    public static Mono<Redis> connect(RedisOptions options) {
        return Mono.defer(() -> {
            requireLettuce();
            return RedisConnector.connect(options);
        });
    }

    private static void requireLettuce() {
        try {
            Class.forName("io.lettuce.core.RedisClient", false, Redis.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(
                    "redis: io.lettuce:lettuce-core is not on the class path (expected: version 7,"
                            + " an optional dependency of async-gateway-websocket that the application adds)");
        }
    }

    /**
     * Makes a channel layer on these connections: one node of the service. There is one for each of these.
     *
     * @param options its bounds
     * @return the layer, when other nodes reach it; in an outage at once, and then it is not {@linkplain ChannelLayer#isReady() ready} until that ends. Fails with
     *     {@link IllegalStateException} if there is one already
     */
    public Mono<ChannelLayer> channelLayer(ChannelLayerOptions options) {
        return Mono.defer(() -> {
            RedisChannelLayer made;
            synchronized (this) {
                if (layer != null) {
                    return Mono.error(twice("channel layer"));
                }
                made = new RedisChannelLayer(connections, options);
                layer = made;
            }
            return made.start();
        });
    }

    /**
     * Makes a history on these connections, of Redis Streams; {@code docs/channel-layers.md} says how Redis must be set up so that it survives a crash of Redis. There is
     * one for each of these.
     *
     * @param options its bounds
     * @return the history, which ends with {@link #close()}
     * @throws IllegalStateException if there is one already
     */
    public History history(RedisHistoryOptions options) {
        synchronized (this) {
            if (history != null) {
                throw twice("history");
            }
            RedisHistory made = new RedisHistory(connections, options, connections.clock::millis);
            history = made;
            return made;
        }
    }

    private static IllegalStateException twice(String what) {
        return new IllegalStateException("redis: there is a " + what + " already (expected: one for each connect)");
    }

    /**
     * Whether Redis answers, and everything that was subscribed is.
     *
     * @return the last value of {@link #readiness()}
     */
    public boolean isReady() {
        return connections.readiness.get();
    }

    /**
     * Readiness as it changes.
     *
     * @return the present value, then each change; completes with {@link #close()}
     */
    public Flux<Boolean> readiness() {
        return connections.readiness.changes();
    }

    /**
     * Closes all that was made on the connections, then the connections and their threads. A second call does nothing more.
     *
     * @return completes when everything is released
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            RedisHistory log = history;
            if (log != null) {
                log.close();
            }
            RedisChannelLayer carrier = layer;
            return (carrier == null ? Mono.<Void>empty() : carrier.close()).then(Mono.defer(connections::close));
        });
    }
}

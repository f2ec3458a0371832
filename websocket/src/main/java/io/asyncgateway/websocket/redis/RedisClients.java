package io.asyncgateway.websocket.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.internal.Futures;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Makes Lettuce's connections, all of them on the same few threads. Single connections don't reconnect by themselves: a {@link Link} does, since Lettuce would
 * send again what was under way, and a message might arrive twice. For the same reason a command that finds no connection is rejected.
 */
final class RedisClients {
    static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private static final Duration FIRST_DELAY = Duration.ofMillis(20);
    private static final long STOP_SECONDS = 5;
    /** More than enough to make a socket and to register it, which is what must not be cut off. */
    private static final Duration LAST_CONNECT = Duration.ofSeconds(1);

    private final RedisAddress address;
    private final ClientResources resources;
    private final RedisClient single;
    private final @Nullable RedisClusterClient cluster;
    /** Single connections that are being made. Its monitor is held to read and to write it and {@code closed}. */
    private final Set<CompletionStage<?>> connecting = new HashSet<>();

    private boolean closed;

    RedisClients(RedisAddress address, RedisOptions options) {
        this.address = address;
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(options.ioThreads())
                .computationThreadPoolSize(2)
                .reconnectDelay(
                        () -> Delay.exponential(FIRST_DELAY, options.reconnectDelay(), 2, TimeUnit.MILLISECONDS))
                .build();
        this.single = RedisClient.create(resources);
        single.setOptions(
                configure(ClientOptions.builder(), options).autoReconnect(false).build());
        this.cluster = address.kind() == RedisAddress.Kind.CLUSTER ? clusterClient(address.uris(), options) : null;
    }

    private RedisClusterClient clusterClient(List<RedisURI> uris, RedisOptions options) {
        RedisClusterClient client = RedisClusterClient.create(resources, uris);
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
        configure(builder, options);
        // Its connections do reconnect by themselves; what was under way fails all the same.
        builder.replayFilter(command -> true);
        client.setOptions(builder.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(options.pingInterval())
                        .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                        .build())
                .build());
        return client;
    }

    private static <B extends ClientOptions.Builder> B configure(B builder, RedisOptions options) {
        builder.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(ProtocolVersion.RESP3)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .requestQueueSize(options.requestQueue())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(options.connectTimeout())
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(options.commandTimeout()));
        Path authorities = options.certificateAuthorities();
        if (authorities != null) {
            builder.sslOptions(SslOptions.builder()
                    .jdkSslProvider()
                    .trustManager(authorities.toFile())
                    .build());
        }
        return builder;
    }

    /** Of a Cluster; fails otherwise. */
    RedisClusterClient cluster() {
        if (cluster == null) {
            throw new IllegalStateException(address.shown() + " is no Cluster");
        }
        return cluster;
    }

    /** To the server, or the present primary. */
    CompletionStage<StatefulRedisConnection<String, byte[]>> connect() {
        return connect(() -> single.connectAsync(CODEC, address.uris().get(0)));
    }

    /** To the server, or the present primary, for subscriptions. */
    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> connectPubSub() {
        return connectPubSub(address.uris().get(0));
    }

    /** To one node of a Cluster, for subscriptions. */
    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> connectPubSub(RedisURI node) {
        return connect(() -> single.connectPubSubAsync(CODEC, node));
    }

    private <C> CompletionStage<C> connect(Supplier<? extends CompletionStage<C>> connect) {
        CompletionStage<C> made;
        synchronized (connecting) {
            if (closed) {
                return CompletableFuture.failedFuture(new RedisUnavailableException("redis: closed", null));
            }
            made = connect.get();
            connecting.add(made);
        }
        Answers.whenDone(made, (connection, failure) -> {
            synchronized (connecting) {
                connecting.remove(made);
            }
        });
        return made;
    }

    /** Makes no more connections, and waits for those that are being made: threads that ended now would leave sockets and buffers behind. */
    private Mono<Void> connectNoMore() {
        return Mono.fromFuture(() -> {
                    synchronized (connecting) {
                        closed = true;
                        return CompletableFuture.allOf(connecting.stream()
                                .map(CompletionStage::toCompletableFuture)
                                .toArray(CompletableFuture<?>[]::new));
                    }
                })
                .timeout(LAST_CONNECT)
                .onErrorComplete();
    }

    /** Closes what is still open, and ends the threads. */
    Mono<Void> close() {
        Mono<Void> clients = Mono.fromFuture(() -> single.shutdownAsync(0, STOP_SECONDS, TimeUnit.SECONDS));
        if (cluster != null) {
            RedisClusterClient client = cluster;
            clients = Mono.fromFuture(() -> client.shutdownAsync(0, STOP_SECONDS, TimeUnit.SECONDS))
                    .then(clients);
        }
        return connectNoMore()
                .then(clients)
                .onErrorComplete()
                .then(Mono.fromCompletionStage(
                        () -> Futures.toCompletionStage(resources.shutdown(0, STOP_SECONDS, TimeUnit.SECONDS))))
                .onErrorComplete()
                .then();
    }
}

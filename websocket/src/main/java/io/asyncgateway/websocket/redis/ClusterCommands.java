package io.asyncgateway.websocket.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * To the nodes of a Cluster, by Lettuce's cluster connection: it follows the slots, and connects again to single nodes. Ready is the whole, when every node with
 * slots answers; that is looked at from time to time, and often while it is not.
 */
final class ClusterCommands implements Commands {
    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    private static final long SOON_MILLIS = 100;

    private final String name;
    private final RedisClusterClient client;
    private final RedisOptions options;
    private final Owner owner;
    private final Serial serial = new Serial();
    private final Disposable.Swap timer = Disposables.swap();
    private volatile @Nullable StatefulRedisClusterConnection<String, byte[]> connection;
    private volatile boolean ready;
    private volatile @Nullable Throwable lastFailure;
    private boolean warned;
    private boolean closed;

    ClusterCommands(String name, RedisClusterClient client, RedisOptions options, Owner owner) {
        this.name = name;
        this.client = client;
        this.options = options;
        this.owner = owner;
        client.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                serial.execute(ClusterCommands.this::check);
            }
        });
    }

    @Override
    public void start() {
        serial.execute(this::connect);
    }

    private void connect() {
        if (closed) {
            return;
        }
        Answers.whenDone(
                client.refreshPartitionsAsync().thenCompose(found -> client.connectAsync(RedisClients.CODEC)),
                (made, failure) -> serial.execute(() -> {
                    if (failure != null) {
                        unready(failure);
                        again(SOON_MILLIS, this::connect);
                    } else if (closed) {
                        Answers.ignore(made.closeAsync());
                    } else {
                        connection = made;
                        check();
                    }
                }));
    }

    /** Also makes the connections to nodes that have none yet, so that none is made in the middle of a row of commands. */
    private void check() {
        StatefulRedisClusterConnection<String, byte[]> present = connection;
        if (closed || present == null) {
            return;
        }
        List<RedisClusterNode> primaries = present.getPartitions().stream()
                .filter(node -> node.getRole().isUpstream() && !node.getSlots().isEmpty())
                .toList();
        CompletableFuture<?>[] pongs = primaries.stream()
                // By address: by the node's id it would be another connection than the one that commands take.
                .map(node -> present.getConnectionAsync(
                                node.getUri().getHost(), node.getUri().getPort())
                        .thenCompose(to -> to.async().ping()))
                .toArray(CompletableFuture<?>[]::new);
        Answers.whenDone(
                CompletableFuture.allOf(pongs),
                (pong, failure) -> serial.execute(() -> {
                    if (closed) {
                        return;
                    }
                    if (failure == null) {
                        ready();
                        again(options.pingInterval().toMillis(), this::check);
                    } else {
                        unready(failure);
                        again(SOON_MILLIS, this::check);
                    }
                }));
    }

    private void ready() {
        if (warned) {
            warned = false;
            LOG.info("redis: all nodes of {} answer", name);
        }
        ready = true;
        owner.ready(true);
    }

    private void unready(Throwable failure) {
        lastFailure = failure;
        String why = Failures.text(failure);
        if (!warned) {
            warned = true;
            LOG.warn("redis: not all nodes of {} answer ({}); trying on", name, why);
        }
        ready = false;
        owner.ready(false);
    }

    private void again(long millis, Runnable task) {
        timer.update(Schedulers.parallel().schedule(() -> serial.execute(task), millis, TimeUnit.MILLISECONDS));
    }

    @Override
    public @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public <T> CompletableFuture<T> send(
            Function<RedisClusterAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command) {
        StatefulRedisClusterConnection<String, byte[]> present = connection;
        if (present == null) {
            return CompletableFuture.failedFuture(
                    new RedisUnavailableException("redis: " + name + " is not connected", null));
        }
        return command.apply(present.async()).toCompletableFuture();
    }

    /** The client would close the connections to single nodes once with this one and once for themselves, and warn of that. */
    @Override
    public Mono<Void> close() {
        return Mono.<Void>create(sink -> serial.execute(() -> {
                    closed = true;
                    timer.dispose();
                    StatefulRedisClusterConnection<String, byte[]> present = connection;
                    connection = null;
                    if (present == null) {
                        sink.success();
                    } else {
                        Answers.whenDone(present.closeAsync(), (nothing, failure) -> sink.success());
                    }
                }))
                .timeout(options.commandTimeout(), Mono.empty());
    }
}

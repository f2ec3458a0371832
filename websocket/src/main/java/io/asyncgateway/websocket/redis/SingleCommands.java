package io.asyncgateway.websocket.redis;

import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** To one server, or to the primary that Sentinels name. */
final class SingleCommands implements Commands, Link.Owner<StatefulRedisConnection<String, byte[]>> {
    private final Owner owner;
    private final Link<StatefulRedisConnection<String, byte[]>> link;
    private final String name;
    private volatile @Nullable Throwable lastFailure;

    SingleCommands(String name, RedisClients clients, RedisOptions options, Owner owner) {
        this.name = name;
        this.owner = owner;
        this.link = new Link<>(name, clients::connect, options, new Serial(), this);
    }

    @Override
    public void start() {
        link.start();
    }

    @Override
    public void connected(StatefulRedisConnection<String, byte[]> connection) {
        owner.ready(true);
    }

    @Override
    public void disconnected() {
        owner.ready(false);
    }

    @Override
    public void failed(Throwable failure) {
        lastFailure = failure;
    }

    @Override
    public @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    @Override
    public boolean isReady() {
        return link.isConnected();
    }

    @Override
    public <T> CompletableFuture<T> send(
            Function<RedisClusterAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command) {
        StatefulRedisConnection<String, byte[]> connection = link.connection();
        if (connection == null) {
            return CompletableFuture.failedFuture(
                    new RedisUnavailableException("redis: " + name + " is not connected", null));
        }
        CompletableFuture<T> answer = command.apply(connection.async()).toCompletableFuture();
        Answers.whenDone(answer, (value, failure) -> {
            // A primary that became a replica keeps its clients if the Sentinels could not tell it to drop them.
            if (failure instanceof RedisReadOnlyException) {
                link.renew("it is read-only");
            }
        });
        return answer;
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(link::stop);
    }
}

package io.asyncgateway.websocket.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sends commands to Redis: to the one server, or to the node of a Cluster that has the key. Each is sent at most once, in the order in which they
 * are given for one key.
 */
interface Commands {
    /** Whoever is told. */
    interface Owner {
        /** On any thread, maybe several times with the same value. */
        void ready(boolean ready);
    }

    /** Whether commands are expected to be answered now. */
    boolean isReady();

    /**
     * Sends a command.
     *
     * @param command how
     * @param <T> type of the answer
     * @return the answer; fails at once with {@link RedisUnavailableException} if there is no connection. Completes on a thread of Lettuce's
     */
    <T> CompletableFuture<T> send(
            Function<RedisClusterAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command);

    /** Why the last attempt to connect failed, if one did. */
    @Nullable
    Throwable lastFailure();

    /** Begins to connect. */
    void start();

    /** Makes no more connections; commands under way fail. Those connections that are still there when it has completed the client closes. */
    Mono<Void> close();
}

package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Whose time it is. */
class RedisClockTest {
    /** Answers to TIME. */
    private final Queue<CompletableFuture<List<byte[]>>> answers = new ArrayDeque<>();

    private final RedisClock clock = new RedisClock(new Commands() {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> CompletableFuture<T> send(
                Function<RedisClusterAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command) {
            return (CompletableFuture<T>) answers.remove();
        }

        @Override
        public Throwable lastFailure() {
            return null;
        }

        @Override
        public void start() {}

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }
    });

    private void answer(String seconds, String micros) {
        answers.add(CompletableFuture.completedFuture(List.of(seconds.getBytes(US_ASCII), micros.getBytes(US_ASCII))));
    }

    @Test
    void theTimeIsThatOfRedisHoweverFarThisNodeIsAway() {
        answer("1000000000", "123456");
        assertThat(clock.measure()).isCompleted();

        assertThat(clock.millis()).isBetween(1_000_000_000_123L, 1_000_000_060_000L);
    }

    @Test
    void aMeasurementThatFailsChangesNothing() {
        answer("1000000000", "0");
        assertThat(clock.measure()).isCompleted();
        answers.add(CompletableFuture.failedFuture(new IllegalStateException("gone")));
        assertThat(clock.measure()).isCompletedExceptionally();

        assertThat(clock.millis()).isBetween(1_000_000_000_000L, 1_000_000_060_000L);
    }
}

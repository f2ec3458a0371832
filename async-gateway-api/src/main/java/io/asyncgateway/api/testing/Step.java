package io.asyncgateway.api.testing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A {@link Mono} that has been subscribed on the thread of the test, and its outcome.
 *
 * @param <T> the type of the value
 */
final class Step<T> {
    private final String name;
    private final CompletableFuture<@Nullable T> outcome = new CompletableFuture<>();
    private final Disposable subscription;
    private volatile @Nullable T value;

    private Step(String name, Mono<T> source) {
        this.name = name;
        subscription =
                source.subscribe(next -> value = next, outcome::completeExceptionally, () -> outcome.complete(value));
    }

    static <T> Step<T> of(String name, Mono<T> source) {
        return new Step<>(name, source);
    }

    boolean isDone() {
        return outcome.isDone();
    }

    /** Whether it has an outcome by then; for what must not end, too. */
    boolean endsWithin(Duration time) {
        try {
            outcome.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException failure) {
            return true;
        } catch (TimeoutException timeout) {
            return false;
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        }
    }

    void cancel() {
        subscription.dispose();
    }

    /** The value, or {@code null} where it completed without one. */
    @Nullable
    T await() {
        try {
            return get();
        } catch (ExecutionException failure) {
            throw new AssertionError(name + " failed", failure.getCause());
        }
    }

    Throwable awaitFailure() {
        try {
            get();
        } catch (ExecutionException failure) {
            return failure.getCause() == null ? failure : failure.getCause();
        }
        throw new AssertionError(name + " completed (expected: a failure)");
    }

    <E extends Throwable> E awaitFailure(Class<E> type) {
        Throwable failure = awaitFailure();
        if (!type.isInstance(failure)) {
            throw new AssertionError(
                    name + " failed with " + failure + " (expected: " + type.getSimpleName() + ")", failure);
        }
        return type.cast(failure);
    }

    private @Nullable T get() throws ExecutionException {
        try {
            return outcome.get(ConformanceClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException timeout) {
            throw new AssertionError(name + " did not end within " + ConformanceClient.PATIENCE, timeout);
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        }
    }

    /** Whether it goes on waiting, for something that has stopped to come. */
    boolean isOutstanding() {
        for (int calm = 0; calm < Bench.CALM; calm++) {
            if (endsWithin(Bench.SLICE)) {
                return false;
            }
        }
        return true;
    }

    private AssertionError interrupted(InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted while waiting for " + name, interrupt);
    }
}

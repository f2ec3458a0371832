package io.asyncgateway.api;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** An application's part in the life of the server: {@link Application} without the other scopes. See {@link Applications}. */
@FunctionalInterface
public interface LifespanApplication {
    /**
     * Lives from start-up to shutdown. What {@link Application#handle} says holds.
     *
     * @param scope the server's life
     * @param receive pulls start-up and shutdown
     * @param send pushes the answers
     * @return completes after shutdown
     */
    Mono<Void> handle(LifespanScope scope, Receive receive, Send send);

    /**
     * A lifespan from what is to be done at its two ends. Answers {@link LifespanEvent.StartupComplete} when {@code start} has completed
     * and {@link LifespanEvent.ShutdownComplete} when {@code stop} has. Where one of them fails, the answer is
     * {@link LifespanEvent.StartupFailed} or {@link LifespanEvent.ShutdownFailed} with the first line of the failure, and the result fails
     * with it, so that the server can log its cause.
     *
     * <pre>{@code
     * LifespanApplication lifespan = LifespanApplication.of(
     *         scope -> Pool.open(scope.settings().get("database"))
     *                 .doOnNext(pool -> scope.state().put(POOL, pool))
     *                 .then(),
     *         scope -> scope.state().require(POOL).close());
     * }</pre>
     *
     * @param start runs before any socket is bound
     * @param stop runs after the last exchange has ended, and only where {@code start} has completed
     * @return the lifespan
     */
    static LifespanApplication of(Function<LifespanScope, Mono<Void>> start, Function<LifespanScope, Mono<Void>> stop) {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(stop, "stop");
        return (scope, receive, send) -> receive.receive()
                .then(Mono.defer(() -> start.apply(scope)))
                .onErrorResume(failure -> send.send(new LifespanEvent.StartupFailed(line(failure)))
                        .then(Mono.error(failure)))
                .then(Mono.defer(() -> send.send(new LifespanEvent.StartupComplete())))
                .then(Mono.defer(receive::receive))
                .then(Mono.defer(() -> stop.apply(scope))
                        .onErrorResume(failure -> send.send(new LifespanEvent.ShutdownFailed(line(failure)))
                                .then(Mono.error(failure))))
                .then(Mono.defer(() -> send.send(new LifespanEvent.ShutdownComplete())));
    }

    private static String line(Throwable failure) {
        @Nullable String message = failure.getMessage();
        String text = message == null || message.isBlank() ? failure.getClass().getName() : message;
        return text.lines().findFirst().orElse(text);
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.LifespanException;
import io.asyncgateway.api.LifespanRun;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.State;
import io.asyncgateway.api.UnsupportedScopeException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The one exchange that lasts as long as the server: start-up before the sockets are bound, shutdown after the last of them is closed. Safe for use from any thread.
 */
final class Lifespan {
    private final LifespanScope scope;
    private final LifespanMode mode;
    private volatile @Nullable LifespanRun run;

    Lifespan(Map<String, String> settings, String rootPath, LifespanMode mode) {
        this.scope = LifespanScope.of(settings).withRootPath(rootPath);
        this.mode = mode;
    }

    State state() {
        return scope.state();
    }

    /** Runs the application's start-up; fails with a {@link ServerException} where that fails. Called once. */
    Mono<Void> start(Application target) {
        if (mode == LifespanMode.OFF) {
            return Mono.empty();
        }
        return Mono.defer(() -> {
            LifespanRun begun = new LifespanRun(target, scope, Failures::reportLifespan);
            run = begun;
            return begun.start().onErrorResume(this::startFailed);
        });
    }

    private Mono<Void> startFailed(Throwable failure) {
        if (failure instanceof UnsupportedScopeException) {
            return mode == LifespanMode.AUTO
                    ? Mono.empty()
                    : Mono.error(failed("start-up", failure.toString(), failure));
        }
        return Mono.error(failed("start-up", failure.getMessage(), failure.getCause()));
    }

    /** Asks for the application's shutdown; fails with a {@link ServerException} where that fails. */
    Mono<Void> stop() {
        return Mono.defer(() -> {
            LifespanRun begun = run;
            return begun == null
                    ? Mono.empty()
                    : begun.stop()
                            .onErrorMap(
                                    LifespanException.class,
                                    failure -> failed("shutdown", failure.getMessage(), failure.getCause()));
        });
    }

    private static ServerException failed(String what, @Nullable String why, @Nullable Throwable cause) {
        return new ServerException("application " + what + " failed: " + why, cause);
    }

    /** Gives up on the application. */
    void cancel() {
        LifespanRun begun = run;
        if (begun != null) {
            begun.cancel();
        }
    }
}

package io.asyncgateway.api;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The lifespan of an application, as the one sees it that calls it: a server, or an application that holds others ({@link Mount}). Holds the application to the
 * contract.
 *
 * <pre>{@code
 * LifespanRun run = new LifespanRun(app, LifespanScope.of(settings), failure -> log(failure));
 * Mono<Void> life = run.start().then(serve()).then(run.stop());
 * }</pre>
 *
 * <pre>
 *   STARTING  StartupComplete              SERVING
 *   STARTING  StartupFailed, any end       ENDED (the start fails)
 *   SERVING   stop is called               STOPPING
 *   SERVING   any end                      ENDED (a failure is told; there will be no Shutdown)
 *   STOPPING  ShutdownComplete             ENDED
 *   STOPPING  ShutdownFailed, any failure  ENDED (the stop fails)
 * </pre>
 *
 * <p>Safe for use from any thread.
 */
public final class LifespanRun {
    private enum Phase {
        STARTING,
        SERVING,
        STOPPING,
        ENDED
    }

    /** For an application to end after its ShutdownComplete. */
    private static final Duration TO_END = Duration.ofSeconds(1);

    private final Application application;
    private final LifespanScope scope;
    private final Consumer<? super Throwable> lost;
    private final Sinks.Empty<Void> started = Sinks.empty();
    private final Sinks.Empty<Void> asked = Sinks.empty();
    private final Sinks.Empty<Void> stopped = Sinks.empty();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private Phase phase = Phase.STARTING;
    private boolean startupReceived;
    private boolean shutdownReceived;
    private boolean receiving;
    private volatile @Nullable Disposable running;

    /**
     * A lifespan that has not begun.
     *
     * @param application lives it
     * @param scope what the application sees
     * @param lost told of the failure of an application that has started and was not asked to stop; must not block
     */
    public LifespanRun(Application application, LifespanScope scope, Consumer<? super Throwable> lost) {
        this.application = Objects.requireNonNull(application, "application");
        this.scope = Objects.requireNonNull(scope, "scope");
        this.lost = Objects.requireNonNull(lost, "lost");
    }

    /**
     * Calls the application and gives {@link LifespanEvent.Startup}. Cold; subscribed once. Cancelling it {@linkplain #cancel() gives up}.
     *
     * @return completes at {@link LifespanEvent.StartupComplete}. Fails with {@link UnsupportedScopeException} where the application has no lifespan, and with
     *     {@link LifespanException} where it can't start
     */
    public Mono<Void> start() {
        return Mono.defer(() -> {
            try {
                Mono<Void> run = application.handle(scope, this::receive, this::send);
                running = run.subscribe(nothing -> {}, this::ended, () -> ended(null));
            } catch (Throwable failure) { // also null in place of a Mono, and what Reactor does not carry
                ended(failure);
            }
            return started.asMono().doOnCancel(this::cancel);
        });
    }

    /**
     * Gives {@link LifespanEvent.Shutdown}. Nothing where the application has not started or has ended before. Cold; subscribed once.
     *
     * @return completes when the application is through; fails with {@link LifespanException} where something could not be released
     */
    public Mono<Void> stop() {
        return Mono.defer(() -> {
            if (!moved(Phase.SERVING, Phase.STOPPING)) {
                return Mono.empty();
            }
            asked.tryEmitEmpty();
            // Having said that it is through, the application may still have to end.
            return stopped.asMono().then(ended.asMono().timeout(TO_END, Mono.empty()));
        });
    }

    /** Gives up on the application: cancels it, wherever it stands. */
    public void cancel() {
        to(Phase.ENDED);
        Disposable current = running;
        if (current != null) {
            current.dispose();
        }
    }

    private synchronized Phase to(Phase next) {
        Phase before = phase;
        phase = next;
        return before;
    }

    private synchronized boolean moved(Phase from, Phase to) {
        if (phase != from) {
            return false;
        }
        phase = to;
        return true;
    }

    // ------------------------------------------------------------------------------------------------ receive

    private Mono<ReceiveEvent> receive() {
        return Mono.defer(() -> {
            synchronized (this) {
                if (receiving) {
                    return Mono.error(
                            new ProtocolViolationException(
                                    "receive: a second pull while the first is outstanding (expected: wait for each before the next)"));
                }
                if (!startupReceived) {
                    startupReceived = true;
                    return Mono.just(new LifespanEvent.Startup());
                }
                if (shutdownReceived) {
                    return Mono.error(new ExchangeEndedException());
                }
                receiving = true;
            }
            return asked.asMono()
                    .then(Mono.<ReceiveEvent>fromSupplier(this::shutdown))
                    .doOnCancel(this::givenUp);
        });
    }

    private synchronized ReceiveEvent shutdown() {
        receiving = false;
        shutdownReceived = true;
        return new LifespanEvent.Shutdown();
    }

    private synchronized void givenUp() {
        receiving = false;
    }

    // ------------------------------------------------------------------------------------------------ send

    private Mono<Void> send(SendEvent event) {
        return Mono.defer(() -> {
            if (event instanceof LifespanEvent.StartupComplete && moved(Phase.STARTING, Phase.SERVING)) {
                started.tryEmitEmpty();
            } else if (event instanceof LifespanEvent.StartupFailed failed && moved(Phase.STARTING, Phase.ENDED)) {
                started.tryEmitError(new LifespanException(failed.message(), null));
            } else if (event instanceof LifespanEvent.ShutdownComplete && moved(Phase.STOPPING, Phase.ENDED)) {
                stopped.tryEmitEmpty();
            } else if (event instanceof LifespanEvent.ShutdownFailed failed && moved(Phase.STOPPING, Phase.ENDED)) {
                stopped.tryEmitError(new LifespanException(failed.message(), null));
            } else {
                return Mono.error(new ProtocolViolationException(
                        "send: " + event.getClass().getSimpleName() + " (expected: " + expected() + ")"));
            }
            return Mono.empty();
        });
    }

    private synchronized String expected() {
        return switch (phase) {
            case STARTING -> "StartupComplete or StartupFailed";
            case SERVING -> "nothing before Shutdown is received";
            case STOPPING -> "ShutdownComplete or ShutdownFailed";
            case ENDED -> "nothing, the lifespan has ended";
        };
    }

    // ------------------------------------------------------------------------------------------------ the end

    private void ended(@Nullable Throwable failure) {
        ended.tryEmitEmpty();
        switch (to(Phase.ENDED)) {
            case STARTING -> started.tryEmitError(startFailure(failure));
            case SERVING -> {
                if (failure != null) {
                    lost.accept(failure);
                }
            }
            case STOPPING -> {
                if (failure == null) {
                    stopped.tryEmitEmpty();
                } else {
                    stopped.tryEmitError(new LifespanException(failure.toString(), failure));
                }
            }
            case ENDED -> {}
        }
    }

    private static Throwable startFailure(@Nullable Throwable failure) {
        if (failure == null) {
            return new LifespanException("the lifespan ended without StartupComplete or StartupFailed", null);
        }
        return failure instanceof UnsupportedScopeException
                ? failure
                : new LifespanException(failure.toString(), failure);
    }
}

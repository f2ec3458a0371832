package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.State;
import io.asyncgateway.api.UnsupportedScopeException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The one exchange that lasts as long as the server: start-up before the sockets are bound, shutdown after the last of them is closed. Safe for use from any thread.
 *
 * <pre>
 *   STARTING  StartupComplete              RUNNING
 *   STARTING  StartupFailed, any end       ENDED (the start fails)
 *   STARTING  UnsupportedScopeException    ENDED (the application has none)
 *   RUNNING   shutdown asked for           STOPPING
 *   RUNNING   any end                      ENDED (logged; the server goes on)
 *   STOPPING  ShutdownComplete             ENDED
 *   STOPPING  ShutdownFailed, any failure  ENDED (the shutdown fails)
 * </pre>
 */
final class Lifespan implements LifespanScope, Receive, Send {
    private enum Phase {
        STARTING,
        RUNNING,
        STOPPING,
        ENDED
    }

    /** For an application to end after its ShutdownComplete. */
    private static final Duration TO_END = Duration.ofSeconds(1);

    private final State state = new State();
    private final Map<String, String> settings;
    private final String rootPath;
    private final LifespanMode mode;
    private final Sinks.Empty<Void> started = Sinks.empty();
    private final Sinks.Empty<Void> asked = Sinks.empty();
    private final Sinks.Empty<Void> stopped = Sinks.empty();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private Phase phase = Phase.STARTING;
    private boolean startupReceived;
    private boolean shutdownReceived;
    private boolean receiving;
    private volatile @Nullable Disposable application;

    Lifespan(Map<String, String> settings, String rootPath, LifespanMode mode) {
        this.settings = settings;
        this.rootPath = rootPath;
        this.mode = mode;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public String rootPath() {
        return rootPath;
    }

    /** Runs the application's start-up; fails with a {@link ServerException} where that fails. Called once. */
    Mono<Void> start(Application target) {
        return Mono.defer(() -> {
            if (mode == LifespanMode.OFF) {
                to(Phase.ENDED);
                return Mono.empty();
            }
            try {
                Mono<Void> run = target.handle(this, this, this);
                application = run.subscribe(nothing -> {}, this::ended, () -> ended(null));
            } catch (Throwable failure) { // also null in place of a Mono, and what Reactor does not carry
                ended(failure);
            }
            return started.asMono().doOnCancel(this::cancel);
        });
    }

    /** Asks for the application's shutdown; fails with a {@link ServerException} where that fails. */
    Mono<Void> stop() {
        return Mono.defer(() -> {
            synchronized (this) {
                if (phase != Phase.RUNNING) {
                    return Mono.empty();
                }
                phase = Phase.STOPPING;
            }
            asked.tryEmitEmpty();
            // Having said that it is through, the application may still have to end.
            return stopped.asMono().then(ended.asMono().timeout(TO_END, Mono.empty()));
        });
    }

    /** Gives up on the application. */
    void cancel() {
        to(Phase.ENDED);
        Disposable current = application;
        if (current != null) {
            current.dispose();
        }
    }

    private synchronized Phase to(Phase next) {
        Phase before = phase;
        phase = next;
        return before;
    }

    @Override
    public Mono<ReceiveEvent> receive() {
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
                    .doOnCancel(this::received);
        });
    }

    private synchronized ReceiveEvent shutdown() {
        receiving = false;
        shutdownReceived = true;
        return new LifespanEvent.Shutdown();
    }

    private synchronized void received() {
        receiving = false;
    }

    @Override
    public Mono<Void> send(SendEvent event) {
        return Mono.defer(() -> {
            if (event instanceof LifespanEvent.StartupComplete && moved(Phase.STARTING, Phase.RUNNING)) {
                started.tryEmitEmpty();
            } else if (event instanceof LifespanEvent.StartupFailed failed && moved(Phase.STARTING, Phase.ENDED)) {
                started.tryEmitError(new ServerException("application start-up failed: " + failed.message(), null));
            } else if (event instanceof LifespanEvent.ShutdownComplete && moved(Phase.STOPPING, Phase.ENDED)) {
                stopped.tryEmitEmpty();
            } else if (event instanceof LifespanEvent.ShutdownFailed failed && moved(Phase.STOPPING, Phase.ENDED)) {
                stopped.tryEmitError(new ServerException("application shutdown failed: " + failed.message(), null));
            } else {
                return Mono.error(new ProtocolViolationException(
                        "send: " + event.getClass().getSimpleName() + " (expected: " + expected() + ")"));
            }
            return Mono.empty();
        });
    }

    private synchronized boolean moved(Phase from, Phase to) {
        if (phase != from) {
            return false;
        }
        phase = to;
        return true;
    }

    private synchronized String expected() {
        return switch (phase) {
            case STARTING -> "StartupComplete or StartupFailed";
            case RUNNING -> "nothing before Shutdown is received";
            case STOPPING -> "ShutdownComplete or ShutdownFailed";
            case ENDED -> "nothing, the lifespan has ended";
        };
    }

    private void ended(@Nullable Throwable failure) {
        ended.tryEmitEmpty();
        Phase before = to(Phase.ENDED);
        switch (before) {
            case STARTING -> endedStarting(failure);
            case RUNNING -> Failures.reportLifespan(failure);
            case STOPPING -> {
                if (failure == null) {
                    stopped.tryEmitEmpty();
                } else {
                    stopped.tryEmitError(new ServerException("application shutdown failed: " + failure, failure));
                }
            }
            case ENDED -> {}
        }
    }

    private void endedStarting(@Nullable Throwable failure) {
        if (failure instanceof UnsupportedScopeException && mode == LifespanMode.AUTO) {
            started.tryEmitEmpty();
        } else if (failure == null) {
            started.tryEmitError(new ServerException(
                    "application start-up failed: the lifespan ended without StartupComplete or StartupFailed", null));
        } else {
            started.tryEmitError(new ServerException("application start-up failed: " + failure, failure));
        }
    }
}

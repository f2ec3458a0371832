package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.ServerConfig;
import io.asyncgateway.server.ServerException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * One run of a server from its start to its end, on the calling thread, which is no event loop. The first signal drains, the second forces,
 * the third ends the process on the spot.
 */
final class ServerRun {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRun.class);

    /** Starts a server. */
    @FunctionalInterface
    interface Starter {
        Mono<RunningServer> start(Application application, ServerConfig config);
    }

    private final CompletableFuture<RunningServer> start = new CompletableFuture<>();
    private final Disposable.Swap starting = Disposables.swap();
    private final ServerConfig config;
    private final IntConsumer halt;
    private int signals;

    private ServerRun(ServerConfig config, IntConsumer halt) {
        this.config = config;
        this.halt = halt;
    }

    /**
     * Runs a server until it has stopped.
     *
     * @return the exit code
     * @throws StartException if it does not start
     */
    static int run(Starter starter, Application application, ServerConfig config, Signals signals, IntConsumer halt) {
        LOG.info("Started server process [{}]", ProcessHandle.current().pid());
        ServerRun run = new ServerRun(config, halt);
        signals.onStop(run::signal);
        signals.onReload(run::reload);
        return run.untilStopped(starter.start(application, config));
    }

    private int untilStopped(Mono<RunningServer> server) {
        starting.update(server.subscribe(start::complete, start::completeExceptionally));
        RunningServer running;
        try {
            running = start.join();
        } catch (CancellationException e) {
            return ExitCode.OK;
        } catch (CompletionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        }
        return untilStopped(running);
    }

    private int untilStopped(RunningServer server) {
        LOG.info("Async Gateway running on {} (Press CTRL+C to quit)", urls(server));
        try {
            // On the main thread, which has nothing else to do than to keep the process until the server has ended.
            server.stopped().block();
        } catch (ServerException e) {
            LOG.error("{}", OneLine.of(String.valueOf(e.getMessage())), e.getCause());
            return ExitCode.SHUTDOWN_FAILED;
        } catch (RuntimeException e) {
            LOG.error("the shutdown failed", e);
            return ExitCode.SHUTDOWN_FAILED;
        }
        LOG.info("Finished server process [{}]", ProcessHandle.current().pid());
        return ExitCode.OK;
    }

    private static StartException failed(Throwable cause) {
        return cause instanceof ServerException
                ? new StartException(String.valueOf(cause.getMessage()), cause)
                : new StartException("the start failed: " + OneLine.of(cause), cause);
    }

    private String urls(RunningServer server) {
        return server.addresses().stream()
                .map(address -> Addresses.url(address, config.tls() != null))
                .collect(Collectors.joining(", "));
    }

    private void reload() {
        if (start.isDone() && !start.isCompletedExceptionally()) {
            LOG.info("SIGHUP: reading certificates again");
            start.join().reload().subscribe(ignored -> {}, failure -> LOG.error("the reload failed", failure));
        }
    }

    private synchronized void signal(Signals.StopSignal signal) {
        signals++;
        if (signals > 2) {
            halt.accept(signal.exitCode());
        } else if (start.isDone()) {
            stop(signal);
        } else {
            LOG.info("{} while starting: stopping", signal);
            if (start.cancel(false)) {
                starting.dispose();
            } else {
                stop(signal);
            }
        }
    }

    private void stop(Signals.StopSignal signal) {
        if (!start.isCompletedExceptionally()) {
            stop(start.join(), signal);
        }
    }

    private void stop(RunningServer server, Signals.StopSignal signal) {
        if (signals == 1) {
            LOG.info(
                    "{}: shutting down within {}, exchanges in flight: {}, connections: {} (again to force)",
                    signal,
                    Durations.format(config.timeouts().gracefulShutdown()),
                    server.exchanges(),
                    server.connections());
            subscribe(server.shutdown());
        } else {
            LOG.warn("{} again: forcing, exchanges aborted: {}", signal, server.exchanges());
            subscribe(server.force());
        }
    }

    /** The end is awaited, and its failure seen, by the main thread. */
    private static void subscribe(Mono<Void> end) {
        end.subscribe(ignored -> {}, failure -> {});
    }
}

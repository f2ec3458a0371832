package io.asyncgateway.websocket.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** The connections of this node to Redis, for commands and for subscriptions, and what layer and history share. */
final class RedisConnections {
    private static final long MEASURE_SECONDS = 60;

    final RedisOptions options;
    final Commands commands;
    final Subscriptions subscriptions;
    final RedisClock clock;
    final Readiness readiness = new Readiness();

    private final String shown;
    private final RedisClients clients;
    private final List<Consumer<Boolean>> watchers = new CopyOnWriteArrayList<>();
    private final Disposable measuring;
    /** Brings the words of commands and subscriptions into one order. */
    private final Serial serial = new Serial();

    private final AtomicInteger outages = new AtomicInteger();
    private final Sinks.Empty<Void> commandsAnswered = Sinks.empty();
    private boolean commandsReady;
    private boolean subscriptionsReady = true;
    private boolean ready;

    RedisConnections(RedisAddress address, RedisOptions options) {
        this.options = options;
        this.shown = address.shown();
        this.clients = new RedisClients(address, options);
        boolean cluster = address.kind() == RedisAddress.Kind.CLUSTER;
        this.commands = cluster
                ? new ClusterCommands(shown, clients.cluster(), options, this::commandsReady)
                : new SingleCommands(shown, clients, options, this::commandsReady);
        this.clock = new RedisClock(commands);
        this.subscriptions = new Subscriptions(
                cluster ? Topology.cluster(clients) : Topology.single(shown, clients),
                options,
                this::subscriptionsReady);
        this.measuring = Schedulers.parallel()
                .schedulePeriodically(
                        () -> Answers.ignore(clock.measure()), MEASURE_SECONDS, MEASURE_SECONDS, TimeUnit.SECONDS);
    }

    /** Begins to connect, and completes when commands are answered. */
    Mono<Void> connect() {
        return Mono.defer(() -> {
            commands.start();
            return commandsAnswered.asMono();
        });
    }

    /** Where the first connection could not be made, with the last cause that is known. */
    RedisUnavailableException unreachable(Throwable failure) {
        Throwable cause = commands.lastFailure();
        return Failures.unavailable("redis: " + shown + " can't be reached", cause != null ? cause : failure);
    }

    String key(String kind, String name) {
        return options.keyPrefix() + ':' + kind + ':' + name;
    }

    /** Cold; does not cancel what is under way. */
    <T> Mono<T> call(Function<RedisClusterAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command) {
        return Mono.fromFuture(() -> send(command), true);
    }

    <T> CompletableFuture<T> send(
            Function<RedisClusterAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command) {
        return commands.send(command);
    }

    /** Whatever comes of it. */
    void tell(Function<RedisClusterAsyncCommands<String, byte[]>, ? extends CompletionStage<?>> command) {
        Answers.ignore(commands.send(to -> command.apply(to).thenApply(value -> value)));
    }

    /** Tells how it is, and of each change, in order. */
    Disposable onReady(Consumer<Boolean> watcher) {
        serial.execute(() -> {
            watchers.add(watcher);
            watcher.accept(ready);
        });
        return () -> watchers.remove(watcher);
    }

    /** How often commands could not be sent so far. Grows before any is sent again. */
    int outages() {
        return outages.get();
    }

    private void commandsReady(boolean value) {
        if (!value) {
            outages.incrementAndGet();
        }
        serial.execute(() -> {
            if (value && !commandsReady) {
                Answers.ignore(clock.measure());
            }
            commandsReady = value;
            if (value) {
                commandsAnswered.tryEmitEmpty();
            }
            announce();
        });
    }

    private void subscriptionsReady(boolean value) {
        serial.execute(() -> {
            subscriptionsReady = value;
            announce();
        });
    }

    private void announce() {
        boolean now = commandsReady && subscriptionsReady;
        if (ready != now) {
            ready = now;
            watchers.forEach(watcher -> watcher.accept(now));
            readiness.set(now);
        }
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            measuring.dispose();
            readiness.end();
            subscriptions.close();
            return commands.close().then(clients.close());
        });
    }
}

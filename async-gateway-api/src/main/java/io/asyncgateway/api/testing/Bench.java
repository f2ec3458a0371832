package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.HttpEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * What one rule works with: one server, started when it is first needed, its clients, and the calls of its application. All of it is
 * released after the rule.
 */
final class Bench implements AutoCloseable {
    /** Long enough for what must not come, where nothing causes an event that could be awaited instead. */
    static final Duration QUIET = Duration.ofMillis(150);

    /**
     * What goes on by itself has stopped when nothing has changed in so many slices of time. Many short ones and not a long one, because a pause of
     * the whole machine takes one of them and no more.
     */
    static final int CALM = 10;

    static final Duration SLICE = Duration.ofMillis(40);

    private final ServerConformance kit;
    private final Deque<ConformanceClient> clients = new ArrayDeque<>();
    private ConformanceSettings settings = ConformanceSettings.defaults();
    private boolean lifespan;
    private @Nullable Puppet puppet;
    private volatile @Nullable ServerUnderTest server;

    Bench(ServerConformance kit) {
        this.kit = kit;
    }

    /** Skips the rule where one is missing. */
    void needs(ConformanceCapability... capabilities) {
        for (ConformanceCapability capability : capabilities) {
            Assumptions.assumeTrue(kit.capabilities().contains(capability), () -> "needs " + capability);
        }
    }

    Bench with(UnaryOperator<ConformanceSettings> change) {
        settings = change.apply(settings);
        return this;
    }

    Bench withLifespan() {
        lifespan = true;
        return this;
    }

    ConformanceSettings settings() {
        return settings;
    }

    /** The most bytes that may be on their way without anybody asking for them. */
    long boundOnBytesUnderway() {
        return kit.tolerance() + settings.window();
    }

    ServerUnderTest serve(Application application) throws Exception {
        ServerUnderTest started = kit.start(application, settings);
        server = started;
        return started;
    }

    /** Starts the application that the test plays. */
    ServerUnderTest server() throws Exception {
        ServerUnderTest running = server;
        return running == null ? serve(puppet()) : running;
    }

    /** Starts it on a thread of its own, so that the test can play its lifespan meanwhile. */
    CompletableFuture<ServerUnderTest> starting() {
        Puppet application = puppet();
        CompletableFuture<ServerUnderTest> starting = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        starting.complete(serve(application));
                    } catch (Exception | AssertionError failure) {
                        starting.completeExceptionally(failure);
                    }
                },
                "conformance-start");
        thread.setDaemon(true);
        thread.start();
        return starting;
    }

    CompletableFuture<Void> shutdown() throws Exception {
        return server().shutdown().toCompletableFuture();
    }

    /** A client with a connection of its own. */
    ConformanceClient client() throws Exception {
        ConformanceClient client = kit.client(server());
        clients.push(client);
        return client;
    }

    ConformanceClient.Exchange open(ConformanceClient.Request request) throws Exception {
        return client().open(request);
    }

    ConformanceClient.Exchange get() throws Exception {
        return open(ConformanceClient.Request.get("/"));
    }

    ConformanceClient.Exchange post() throws Exception {
        return open(ConformanceClient.Request.post("/"));
    }

    ConformanceClient.WebSocket webSocket() throws Exception {
        needs(ConformanceCapability.WEB_SOCKET);
        return client().openWebSocket(ConformanceClient.Request.get("/"));
    }

    /** The next call of the application for a request. */
    Actor actor() {
        return puppet().nextRequest();
    }

    /** The call of the application for its lifespan. */
    Actor lifespan() {
        return puppet().nextLifespan();
    }

    boolean isCalled() {
        return puppet().hasRequests();
    }

    /**
     * An exchange of its own on this connection, in order, to show that the one before it left nothing behind: neither bytes nor
     * a state.
     */
    void assertUsable(ConformanceClient client) throws IOException {
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/next"));
        Actor actor = actor();
        actor.send(new HttpEvent.ResponseStart(203), HttpEvent.ResponseBody.last("the next one"));
        ConformanceClient.Response response = exchange.awaitResponse();
        if (response.status() != 203 || !response.text().equals("the next one") || !response.complete()) {
            throw new AssertionError("the next exchange of the connection was answered with " + response + " "
                    + response.text() + " (expected: 203, the next one)");
        }
        actor.complete();
    }

    static void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + ConformanceClient.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + ConformanceClient.PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(500_000);
        }
    }

    /** Waits until a growing count stays as it is, and returns it. */
    static long settled(LongSupplier count) {
        long known = count.getAsLong();
        for (int calm = 0; calm < CALM; calm++) {
            LockSupport.parkNanos(SLICE.toNanos());
            long now = count.getAsLong();
            if (now != known) {
                known = now;
                calm = 0;
            }
        }
        return known;
    }

    @Override
    public void close() {
        clients.forEach(ConformanceClient::close);
        if (puppet != null) {
            puppet.release();
        }
        ServerUnderTest running = server;
        if (running != null) {
            running.close();
        }
    }

    private Puppet puppet() {
        Puppet known = puppet;
        if (known == null) {
            known = new Puppet(lifespan);
            puppet = known;
        }
        return known;
    }
}

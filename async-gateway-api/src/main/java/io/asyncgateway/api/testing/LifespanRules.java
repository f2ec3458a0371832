package io.asyncgateway.api.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.StateKey;
import io.asyncgateway.api.UnsupportedScopeException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** The life of the server as the application sees it. */
interface LifespanRules {
    @Test
    default void theServerStartsWhenTheStartUpIsComplete(Bench bench) throws Exception {
        bench.withLifespan().with(settings -> settings.withSettings(Map.of("colour", "blue")));
        CompletableFuture<ServerUnderTest> starting = bench.starting();
        Actor lifespan = bench.lifespan();
        LifespanScope scope = assertInstanceOf(LifespanScope.class, lifespan.scope);
        assertEquals(Map.of("colour", "blue"), scope.settings());
        lifespan.receive(LifespanEvent.Startup.class);
        assertFalse(starting.isDone());
        lifespan.send(new LifespanEvent.StartupComplete());
        starting.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
        assertServes(bench);
    }

    @Test
    default void theStateOfTheLifespanIsSeenByEachRequestAndLayered(Bench bench) throws Exception {
        StateKey<String> shared = StateKey.of("shared", String.class);
        StateKey<String> own = StateKey.of("own", String.class);
        CompletableFuture<ServerUnderTest> starting = bench.withLifespan().starting();
        Actor lifespan = bench.lifespan();
        lifespan.receive(LifespanEvent.Startup.class);
        lifespan.scope.state().put(shared, "of the lifespan");
        lifespan.send(new LifespanEvent.StartupComplete());
        starting.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
        bench.get();
        Actor first = bench.actor();
        assertEquals("of the lifespan", first.scope.state().get(shared));
        first.scope.state().put(shared, "of a request").put(own, "value");
        assertEquals("of a request", first.scope.state().get(shared));
        bench.get();
        Actor second = bench.actor();
        assertEquals("of the lifespan", second.scope.state().get(shared));
        assertNull(second.scope.state().get(own));
        assertEquals("of the lifespan", lifespan.scope.state().get(shared));
    }

    @Test
    default void aWebSocketSeesTheStateOfTheLifespan(Bench bench) throws Exception {
        bench.needs(ConformanceCapability.WEB_SOCKET);
        StateKey<String> shared = StateKey.of("shared", String.class);
        CompletableFuture<ServerUnderTest> starting = bench.withLifespan().starting();
        Actor lifespan = bench.lifespan();
        lifespan.scope.state().put(shared, "of the lifespan");
        lifespan.send(new LifespanEvent.StartupComplete());
        starting.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
        bench.webSocket();
        assertEquals("of the lifespan", bench.actor().scope.state().get(shared));
    }

    @Test
    default void aFailedStartUpFailsTheStartWithItsMessage(Bench bench) throws Exception {
        CompletableFuture<ServerUnderTest> starting = bench.withLifespan().starting();
        Actor lifespan = bench.lifespan();
        lifespan.receive(LifespanEvent.Startup.class);
        lifespan.sending(new LifespanEvent.StartupFailed("the database is not there"));
        assertTrue(messages(failureOf(starting)).contains("the database is not there"));
    }

    @Test
    default void aFailureBeforeTheStartUpIsCompleteFailsTheStart(Bench bench) throws Exception {
        CompletableFuture<ServerUnderTest> starting = bench.withLifespan().starting();
        Actor lifespan = bench.lifespan();
        lifespan.receive(LifespanEvent.Startup.class);
        lifespan.fail(new IllegalStateException("the database is not there"));
        assertTrue(messages(failureOf(starting)).contains("the database is not there"));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    default void aFaultOfTheLifespanFailsTheStart(Fault fault, Bench bench) {
        assertThrows(
                Throwable.class,
                () -> bench.serve(
                        (scope, receive, send) -> scope instanceof LifespanScope ? fault.call() : Mono.never()));
    }

    @Test
    default void anApplicationWithoutALifespanIsServed(Bench bench) throws Exception {
        Puppet puppet = new Puppet(false);
        assertDoesNotThrow(() -> bench.serve((scope, receive, send) -> {
            if (scope instanceof LifespanScope) {
                throw new UnsupportedScopeException(scope);
            }
            return puppet.handle(scope, receive, send);
        }));
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = puppet.nextRequest();
        actor.send(Payloads.ok(), Payloads.last("served"));
        assertEquals("served", exchange.awaitResponse().text());
        actor.complete();
    }

    @Test
    default void theShutdownComesAfterTheLastExchangeAndTheServerStopsWhenItIsComplete(Bench bench) throws Exception {
        Actor lifespan = started(bench);
        Step<ReceiveEvent> pull = lifespan.receiving();
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        CompletableFuture<Void> stopped = bench.shutdown();
        Step.of("draining()", actor.request().draining()).await();
        assertFalse(pull.isDone());
        actor.send(Payloads.ok(), Payloads.last("body"));
        assertFalse(pull.isDone());
        actor.complete();
        assertTrue(exchange.awaitResponse().complete());
        assertInstanceOf(LifespanEvent.Shutdown.class, pull.await());
        assertFalse(stopped.isDone());
        lifespan.send(new LifespanEvent.ShutdownComplete());
        lifespan.complete();
        stopped.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
    }

    @Test
    default void afterTheShutdownThereIsNothingToReceive(Bench bench) throws Exception {
        Actor lifespan = started(bench);
        CompletableFuture<Void> stopped = bench.shutdown();
        lifespan.receive(LifespanEvent.Shutdown.class);
        lifespan.receiveFails(ExchangeEndedException.class);
        assertFalse(stopped.isDone());
    }

    @Test
    default void aLifespanThatEndsWhileTheServerServesChangesNothing(Bench bench) throws Exception {
        started(bench).complete();
        assertServes(bench);
        bench.shutdown().get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
    }

    @Test
    default void aLifespanThatEndsAtTheShutdownHasAnswered(Bench bench) throws Exception {
        Actor lifespan = started(bench);
        CompletableFuture<Void> stopped = bench.shutdown();
        lifespan.receive(LifespanEvent.Shutdown.class);
        lifespan.complete();
        stopped.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
    }

    @Test
    default void aFailedShutdownStopsTheServerToo(Bench bench) throws Exception {
        Actor lifespan = started(bench);
        CompletableFuture<Void> stopped = bench.shutdown();
        lifespan.receive(LifespanEvent.Shutdown.class);
        lifespan.send(new LifespanEvent.ShutdownFailed("a file could not be written"));
        lifespan.complete();
        stopped.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
    }

    @ParameterizedTest
    @EnumSource(LifespanMistake.class)
    default void aLifespanEventOutOfOrderFailsAndChangesNothing(LifespanMistake mistake, Bench bench) throws Exception {
        CompletableFuture<ServerUnderTest> starting = bench.withLifespan().starting();
        Actor lifespan = bench.lifespan();
        lifespan.receive(LifespanEvent.Startup.class);
        if (!mistake.serving) {
            lifespan.sendFails(ProtocolViolationException.class, mistake.event);
            assertFalse(starting.isDone());
        }
        lifespan.send(new LifespanEvent.StartupComplete());
        starting.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
        if (mistake.serving) {
            lifespan.sendFails(ProtocolViolationException.class, mistake.event);
        }
        assertServes(bench);
        assertFalse(lifespan.isCancelled());
    }

    @Test
    default void aSecondOutstandingPullOfTheLifespanFailsAtOnceAndTheFirstGoesOn(Bench bench) throws Exception {
        Actor lifespan = started(bench);
        Step<ReceiveEvent> first = lifespan.receiving();
        lifespan.receiveFails(ProtocolViolationException.class);
        assertFalse(first.isDone());
        CompletableFuture<Void> stopped = bench.shutdown();
        assertInstanceOf(LifespanEvent.Shutdown.class, first.await());
        assertFalse(stopped.isDone());
    }

    @Test
    default void aCancelledPullOfTheLifespanLosesNoEvent(Bench bench) throws Exception {
        Actor lifespan = started(bench);
        lifespan.receiving().cancel();
        CompletableFuture<Void> stopped = bench.shutdown();
        lifespan.receive(LifespanEvent.Shutdown.class);
        assertFalse(stopped.isDone());
    }

    private static Actor started(Bench bench) throws Exception {
        CompletableFuture<ServerUnderTest> starting = bench.withLifespan().starting();
        Actor lifespan = bench.lifespan();
        lifespan.receive(LifespanEvent.Startup.class);
        lifespan.send(new LifespanEvent.StartupComplete());
        starting.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
        return lifespan;
    }

    private static void assertServes(Bench bench) throws Exception {
        bench.assertUsable(bench.client());
    }

    private static Throwable failureOf(CompletableFuture<ServerUnderTest> starting) {
        return assertThrows(
                ExecutionException.class, () -> starting.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS));
    }

    private static String messages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable next = failure; next != null; next = next.getCause()) {
            messages.append(next.getMessage()).append('\n');
        }
        return messages.toString();
    }
}

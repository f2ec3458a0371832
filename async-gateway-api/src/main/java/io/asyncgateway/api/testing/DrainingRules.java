package io.asyncgateway.api.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The shutdown, as the exchanges in flight see it. */
interface DrainingRules {
    @Test
    default void aShutdownFiresDrainingAndWaitsForTheRequestInFlight(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        Step<Void> draining = Step.of("draining()", actor.request().draining());
        assertFalse(draining.isDone());
        CompletableFuture<Void> stopped = bench.shutdown();
        draining.await();
        Step.of("draining() for a late subscriber", actor.request().draining()).await();
        assertFalse(stopped.isDone());
        actor.send(Payloads.ok(), Payloads.more("still "), Payloads.last("served"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("still served", response.text());
        assertTrue(response.complete());
        actor.complete();
        stopped.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
        assertFalse(actor.isCancelled());
    }

    @Test
    default void aBodyThatIsOnItsWayAtTheShutdownIsStillReceived(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        exchange.write("first ");
        Actor actor = bench.actor();
        CompletableFuture<Void> stopped = bench.shutdown();
        Step.of("draining()", actor.request().draining()).await();
        exchange.write("second");
        exchange.finish();
        assertEquals("first second", actor.receiveRest());
        actor.send(Payloads.ok(), Payloads.last("served"));
        assertEquals("served", exchange.awaitResponse().text());
        actor.complete();
        stopped.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
    }

    @Test
    default void anIdleConnectionDoesNotHoldUpAShutdown(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.last("body"));
        actor.complete();
        assertTrue(exchange.awaitResponse().complete());
        bench.shutdown().get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
    }

    @Test
    default void anApplicationThatDoesNotEndIsCancelledAfterTheGracefulTimeout(Bench bench) throws Exception {
        bench.with(settings -> settings.withGracefulShutdown(Duration.ofMillis(200)));
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.more("part"));
        assertEquals(200, exchange.awaitHead().status());
        CompletableFuture<Void> stopped = bench.shutdown();
        actor.awaitCancellation();
        assertFalse(exchange.awaitResponse().complete());
        stopped.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
    }

    @Test
    default void anOpenWebSocketIsClosedAtAShutdown(Bench bench) throws Exception {
        bench.with(settings -> settings.withGracefulShutdown(Duration.ofMillis(500)));
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        actor.send(new WebSocketEvent.Accept());
        assertTrue(webSocket.accepted());
        Step<ReceiveEvent> pull = actor.receiving();
        CompletableFuture<Void> stopped = bench.shutdown();
        Step.of("draining()", actor.request().draining()).await();
        ConformanceClient.Message close = webSocket.receive();
        assertEquals(ConformanceClient.Message.Kind.CLOSE, close.kind());
        assertTrue(isShutdown(close.code()), () -> "close code: " + close.code() + " (expected: 1012 or 1001)");
        webSocket.sendClose(close.code(), "");
        WebSocketEvent.Disconnect disconnect = (WebSocketEvent.Disconnect) pull.await();
        assertTrue(disconnect != null && isShutdown(disconnect.code()), () -> "received " + disconnect);
        actor.complete();
        stopped.get(ConformanceClient.PATIENCE.toSeconds(), SECONDS);
    }

    @Test
    default void nothingIsDrainingBeforeAShutdown(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        Step<Void> draining = Step.of("draining()", actor.request().draining());
        actor.send(Payloads.ok(), HttpEvent.ResponseBody.last());
        assertTrue(exchange.awaitResponse().complete());
        bench.assertUsable(client);
        assertFalse(draining.isDone());
    }

    /** Service restart, or going away. */
    private static boolean isShutdown(int code) {
        return code == 1012 || code == 1001;
    }
}

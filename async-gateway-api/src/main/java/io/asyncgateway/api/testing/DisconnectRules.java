package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A peer that leaves: the signal, the grace period and the cancellation. */
interface DisconnectRules {
    @Test
    default void anApplicationThatGoesOnIsCancelledAfterTheGracePeriod(Bench bench) throws Exception {
        bench.with(settings -> settings.withDisconnectGrace(Duration.ofMillis(200)));
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.receive(HttpEvent.Request.class);
        Step<ReceiveEvent> pull = actor.receiving();
        exchange.abort();
        Step.of("disconnected()", actor.request().disconnected()).await();
        assertEquals(HttpEvent.Disconnect.instance(), pull.await());
        actor.awaitCancellation();
    }

    @Test
    default void aWebSocketApplicationThatGoesOnIsCancelledAfterTheGracePeriod(Bench bench) throws Exception {
        bench.with(settings -> settings.withDisconnectGrace(Duration.ofMillis(200)));
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        actor.send(new WebSocketEvent.Accept());
        assertTrue(webSocket.accepted());
        webSocket.abort();
        Step.of("disconnected()", actor.request().disconnected()).await();
        actor.awaitCancellation();
    }

    @Test
    default void anApplicationMayEndByItselfWithinTheGracePeriod(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        Step<Void> disconnected = Step.of("disconnected()", actor.request().disconnected());
        assertFalse(disconnected.isDone());
        exchange.abort();
        disconnected.await();
        Step.of("disconnected() for a late subscriber", actor.request().disconnected())
                .await();
        actor.sendFails(DisconnectedException.class, Payloads.ok());
        actor.receiveRestUntilDisconnect();
        assertFalse(actor.isCancelled());
        actor.complete();
        assertFalse(actor.isCancelled());
    }

    @Test
    default void anExchangeThatEndedInOrderIsNotDisconnected(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange first = client.open(ConformanceClient.Request.get("/first"));
        Actor ended = bench.actor();
        Step<Void> notDisconnected = Step.of("disconnected()", ended.request().disconnected());
        ended.send(Payloads.ok(), Payloads.last("body"));
        assertTrue(first.awaitResponse().complete());
        ConformanceClient.Exchange second = client.open(ConformanceClient.Request.get("/second"));
        Actor left = bench.actor();
        second.abort();
        Step.of("disconnected()", left.request().disconnected()).await();
        assertFalse(notDisconnected.isDone());
        assertFalse(ended.isCancelled());
        ended.complete();
    }

    @Test
    default void workMayGoOnAfterTheResponseIsComplete(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.last("body"));
        assertTrue(exchange.awaitResponse().complete());
        bench.assertUsable(client);
        assertFalse(actor.isCancelled());
        actor.complete();
    }
}

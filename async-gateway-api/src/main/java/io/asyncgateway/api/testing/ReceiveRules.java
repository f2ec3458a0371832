package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** {@code receive}: cold, one at a time, the body and then the disconnect or the end of the exchange. */
interface ReceiveRules {
    @Test
    default void aRequestWithoutABodyIsOneEmptyLastEvent(Bench bench) throws Exception {
        bench.get();
        HttpEvent.Request only = bench.actor().receive(HttpEvent.Request.class);
        assertEquals(0, only.body().remaining());
        assertFalse(only.more());
        assertTrue(only.trailers().isEmpty());
    }

    @Test
    default void nothingIsPulledBeforeASubscription(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        Actor actor = bench.actor();
        Mono<ReceiveEvent> unused = actor.receive.receive();
        exchange.write("abc");
        assertEquals("abc", actor.receiveText(3));
        exchange.finish();
        assertEquals("", actor.receiveRest());
        assertNotNull(unused);
    }

    @Test
    default void eachSubscriptionPullsOneEvent(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        Actor actor = bench.actor();
        Mono<ReceiveEvent> pull = actor.receive.receive();
        for (String part : new String[] {"first", "second"}) {
            Step<ReceiveEvent> step = Step.of("a subscription", pull);
            exchange.write(part);
            assertEquals(part, Payloads.text(body(step)));
        }
    }

    @Test
    default void aSecondOutstandingPullFailsAtOnceAndTheFirstGoesOn(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        Actor actor = bench.actor();
        Step<ReceiveEvent> first = actor.receiving();
        actor.receiveFails(ProtocolViolationException.class);
        assertFalse(first.isDone());
        exchange.write("abc");
        assertEquals("abc", Payloads.text(body(first)));
        exchange.finish();
        assertEquals("", actor.receiveRest());
    }

    @Test
    default void aCancelledPullLosesNoEvent(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        Actor actor = bench.actor();
        Step<ReceiveEvent> cancelled = actor.receiving();
        cancelled.cancel();
        exchange.write("abc");
        assertEquals("abc", actor.receiveText(3));
        assertFalse(cancelled.isDone());
        actor.receiving().cancel();
        exchange.write("def");
        exchange.finish();
        assertEquals("def", actor.receiveRest());
    }

    @Test
    default void aBodyArrivesWholeAndInOrder(Bench bench) throws Exception {
        int parts = 64;
        ConformanceClient.Exchange exchange = bench.post();
        Actor actor = bench.actor();
        long received = 0;
        Step<ReceiveEvent> step = actor.receiving();
        for (int i = 0; i < parts; i++) {
            exchange.write(Payloads.pattern((long) i * 4096, 4096));
            while (received < (i + 1) * 4096L) {
                byte[] body = Payloads.bytes(body(step));
                Torrent.assertPattern(body, body.length, received);
                received += body.length;
                step = actor.receiving();
            }
        }
        exchange.finish();
        HttpEvent.Request last = (HttpEvent.Request) step.await();
        assertNotNull(last);
        assertFalse(last.more());
    }

    @Test
    default void theLastEventHasTheTrailersOfTheRequest(Bench bench) throws Exception {
        bench.needs(ConformanceCapability.REQUEST_TRAILERS);
        ConformanceClient.Exchange exchange = bench.post();
        Actor actor = bench.actor();
        exchange.write("abc");
        exchange.finish(Headers.of("X-Sum", "1", "x-sum", "2"));
        HttpEvent.Request part = actor.receive(HttpEvent.Request.class);
        while (part.more()) {
            assertTrue(part.trailers().isEmpty());
            part = actor.receive(HttpEvent.Request.class);
        }
        assertEquals(List.of("1", "2"), part.trailers().all("x-sum"));
        assertEquals("x-sum", part.trailers().name(0));
    }

    @Test
    default void afterTheLastBodyEventAPullWaitsForTheDisconnectAndThenYieldsItAlways(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.receive(HttpEvent.Request.class);
        Step<ReceiveEvent> pull = actor.receiving();
        actor.send(Payloads.ok(), Payloads.more("part"));
        assertEquals(200, exchange.awaitHead().status());
        assertFalse(pull.isDone());
        exchange.abort();
        assertEquals(HttpEvent.Disconnect.instance(), pull.await());
        actor.receive(HttpEvent.Disconnect.class);
        actor.receive(HttpEvent.Disconnect.class);
    }

    @Test
    default void aPeerThatGoesWhileItsBodyIsReadIsADisconnect(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        Actor actor = bench.actor();
        exchange.write("abc");
        assertEquals("abc", actor.receiveText(3));
        Step<ReceiveEvent> pull = actor.receiving();
        exchange.abort();
        assertEquals(HttpEvent.Disconnect.instance(), pull.await());
        actor.receive(HttpEvent.Disconnect.class);
    }

    @Test
    default void anOutstandingPullFailsWhenTheResponseIsComplete(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.receive(HttpEvent.Request.class);
        Step<ReceiveEvent> pull = actor.receiving();
        actor.send(Payloads.ok(), Payloads.more("part"));
        assertEquals(200, exchange.awaitHead().status());
        assertFalse(pull.isDone());
        actor.send(HttpEvent.ResponseBody.last());
        pull.awaitFailure(ExchangeEndedException.class);
    }

    @Test
    default void aPullAfterTheResponseFails(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.last("body"));
        actor.receiveFails(ExchangeEndedException.class);
        assertTrue(exchange.awaitResponse().complete());
        actor.receiveFails(ExchangeEndedException.class);
        client.close();
        actor.receiveFails(ExchangeEndedException.class);
    }

    @Test
    default void aPullAfterAnAnswerToAnUnreadBodyFails(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        exchange.write("unread");
        exchange.finish();
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.last("body"));
        actor.receiveFails(ExchangeEndedException.class);
        assertTrue(exchange.awaitResponse().complete());
    }

    @Test
    default void anUnreadBodyDoesNotRunIntoTheNextExchange(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.post("/"));
        exchange.write("GET /unread HTTP/1.1\r\n");
        exchange.finish();
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.last("body"));
        actor.complete();
        assertEquals("body", exchange.awaitResponse().text());
        bench.assertUsable(client);
    }

    @Test
    default void aPeerThatClosedOnlyItsOwnDirectionIsStillAnswered(Bench bench) throws Exception {
        bench.needs(ConformanceCapability.HALF_CLOSE);
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        exchange.halfClose();
        Step<Void> disconnected = Step.of("disconnected()", actor.request().disconnected());
        assertTrue(exchange.silent(Bench.QUIET));
        actor.receive(HttpEvent.Request.class);
        Step<ReceiveEvent> pull = actor.receiving();
        actor.send(Payloads.ok(), Payloads.more("a"), Payloads.last("b"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("ab", response.text());
        assertTrue(response.complete());
        pull.awaitFailure(ExchangeEndedException.class);
        assertFalse(disconnected.isDone());
    }

    private static ByteBuffer body(Step<ReceiveEvent> step) {
        HttpEvent.Request part = (HttpEvent.Request) step.await();
        assertNotNull(part);
        return part.body();
    }
}

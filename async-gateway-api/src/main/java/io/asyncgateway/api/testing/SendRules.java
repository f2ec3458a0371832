package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.UnsupportedScopeException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code send} as such: cold, once, one at a time, and failing when nobody is there. */
interface SendRules {
    @Test
    default void nothingIsSentBeforeASubscription(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        Mono<Void> unused = actor.send.send(HttpEvent.ResponseStart.of(410, "x-mistake", "unused"));
        Mono<Void> body = actor.send.send(Payloads.last("body"));
        actor.send(Payloads.ok());
        assertTrue(exchange.silent(Bench.QUIET));
        Step.of("a send that was made before its turn and subscribed in its turn", body)
                .await();
        assertNotNull(unused);
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(200, response.status());
        assertEquals("body", response.text());
    }

    @Test
    default void aSendIsSubscribedOnce(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok());
        Mono<Void> once = actor.send.send(Payloads.more("once"));
        Step.of("the first subscription", once).await();
        Step.of("the second subscription", once).awaitFailure(ProtocolViolationException.class);
        actor.send(HttpEvent.ResponseBody.last());
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("once", response.text());
        assertTrue(response.complete());
    }

    @Test
    default void aSecondOutstandingSendFailsAtOnceAndTheFirstGoesOn(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok());
        Torrent torrent = new Torrent(bench);
        Step<Void> outstanding = torrent.untilOutstanding(torrent.part(actor));
        actor.sendFails(ProtocolViolationException.class, Payloads.more("mistake"));
        assertFalse(outstanding.isDone());
        torrent.assertReceived(exchange, torrent.sent());
        outstanding.await();
        actor.send(HttpEvent.ResponseBody.last());
        ConformanceClient.Response rest = exchange.awaitResponse();
        assertEquals("", rest.text());
        assertTrue(rest.complete());
    }

    @Test
    default void aCancelledSendIsNotTakenBack(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok());
        Torrent torrent = new Torrent(bench);
        torrent.untilOutstanding(torrent.part(actor)).cancel();
        torrent.assertReceived(exchange, torrent.sent());
        actor.send(Payloads.last("end"));
        ConformanceClient.Response rest = exchange.awaitResponse();
        assertEquals("end", rest.text());
        assertTrue(rest.complete());
    }

    @Test
    default void anOutstandingSendFailsWhenThePeerGoes(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok());
        Torrent torrent = new Torrent(bench);
        Step<Void> outstanding = torrent.untilOutstanding(torrent.part(actor));
        exchange.abort();
        outstanding.awaitFailure(DisconnectedException.class);
    }

    @Test
    default void sendFailsWhenThePeerIsGoneBeforeTheStart(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        exchange.abort();
        Step.of("disconnected()", actor.request().disconnected()).await();
        actor.sendFails(DisconnectedException.class, Payloads.ok());
        actor.sendFails(DisconnectedException.class, Payloads.ok());
    }

    @Test
    default void sendFailsWhenThePeerIsGoneAfterTheStart(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.more("part"));
        assertEquals(200, exchange.awaitHead().status());
        exchange.abort();
        Step.of("disconnected()", actor.request().disconnected()).await();
        actor.sendFails(DisconnectedException.class, Payloads.more("part"));
        actor.sendFails(DisconnectedException.class, HttpEvent.ResponseBody.last());
    }

    @Test
    default void eventsFromManyThreadsKeepTheirOrder(Bench bench) throws Exception {
        int parts = 200;
        bench.serve(parts(parts));
        ConformanceClient.Response response = bench.get().awaitResponse();
        assertTrue(response.complete());
        assertEquals(IntStream.range(0, parts).mapToObj(i -> i + ",").collect(Collectors.joining()), response.text());
    }

    private static Application parts(int parts) {
        return (scope, receive, send) -> scope instanceof LifespanScope
                ? Mono.error(new UnsupportedScopeException(scope))
                : send.send(Payloads.ok())
                        .then(Flux.range(0, parts)
                                .concatMap(i -> {
                                    Mono<Void> sent = Mono.defer(() -> send.send(Payloads.more(i + ",")));
                                    return i % 3 == 0 ? sent : sent.subscribeOn(Schedulers.parallel());
                                })
                                .then())
                        .then(Mono.defer(() -> send.send(HttpEvent.ResponseBody.last())));
    }
}

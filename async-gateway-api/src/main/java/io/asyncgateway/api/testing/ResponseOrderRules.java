package io.asyncgateway.api.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The order of a response, and the start that is held back. */
interface ResponseOrderRules {
    @ParameterizedTest
    @EnumSource(ResponseMistake.class)
    default void anEventOutOfOrderFailsAndChangesNothingOnTheWire(ResponseMistake mistake, Bench bench)
            throws Exception {
        Script script = new Script(mistake.events());
        bench.serve(script);
        ConformanceClient client = bench.client();
        for (String target : List.of("/", Script.ELSEWHERE)) {
            ConformanceClient.Response response =
                    client.open(ConformanceClient.Request.get(target)).awaitResponse();
            script.assertRefused(mistake.index());
            assertEquals(200, response.status());
            assertEquals("ab", response.text());
            assertTrue(response.complete());
            assertNull(response.headers().first("x-mistake"));
            assertNull(response.trailers().first("x-mistake"));
            assertEquals(List.of(), response.interim());
        }
    }

    @Test
    default void nothingIsOnTheWireBeforeTheFirstBodyEvent(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok());
        assertTrue(exchange.silent(Bench.QUIET));
        actor.send(Payloads.last("body"));
        assertEquals("body", exchange.awaitResponse().text());
    }

    @Test
    default void anEmptyBodyEventReleasesTheStart(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(new HttpEvent.ResponseStart(201), Payloads.more(""));
        assertEquals(201, exchange.awaitHead().status());
        actor.send(Payloads.last("body"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("body", response.text());
        assertTrue(response.complete());
    }

    @Test
    default void trailersReleaseTheStartAndEndTheResponse(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(new HttpEvent.ResponseStart(201), new HttpEvent.ResponseTrailers(Headers.empty()));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(201, response.status());
        assertEquals("", response.text());
        assertTrue(response.complete());
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void eachBodyEventReachesThePeerBeforeTheNextIsSent(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok());
        byte[] part = new byte[16];
        for (String text : List.of("one", "two", "three")) {
            actor.send(Payloads.more(text));
            int count = exchange.read(part);
            assertEquals(text, new String(part, 0, count, UTF_8));
        }
        actor.send(HttpEvent.ResponseBody.last());
        assertTrue(exchange.awaitResponse().complete());
    }

    @Test
    default void aResponseMayComeBeforeTheRequestIsWhole(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        exchange.write("part");
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.last("early"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("early", response.text());
        assertTrue(response.complete());
    }
}

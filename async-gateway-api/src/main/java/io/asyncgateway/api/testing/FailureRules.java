package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.UnsupportedScopeException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a peer sees of an application that goes wrong: 500 before the start, never a clean end after it, and nothing of the reason. */
interface FailureRules {
    @ParameterizedTest
    @EnumSource(Fault.class)
    default void aFaultBeforeTheStartIsA500(Fault fault, Bench bench) throws Exception {
        bench.serve(fault.application());
        for (int i = 0; i < 2; i++) {
            ConformanceClient.Response response = bench.get().awaitResponse();
            assertEquals(500, response.status());
            assertTrue(response.complete());
            assertNotNull(response.headers().first("content-type"));
            assertKeptSecret(response);
        }
    }

    @Test
    default void aFailureAfterAHeldStartIsA500(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "x-held", "back"));
        actor.fail(new IllegalStateException(Fault.SECRET));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(500, response.status());
        assertTrue(response.complete());
        assertNull(response.headers().first("x-held"));
        assertKeptSecret(response);
    }

    @Test
    default void anEndAfterAHeldStartIsA500(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "x-held", "back"));
        actor.complete();
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(500, response.status());
        assertNull(response.headers().first("x-held"));
    }

    @Test
    default void aFailureAfterTheStartCutsTheResponseShort(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.more("part"));
        assertEquals(200, exchange.awaitHead().status());
        actor.fail(new IllegalStateException(Fault.SECRET));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("part", response.text());
        assertFalse(response.complete());
    }

    @Test
    default void aFailureWithinAnAnnouncedLengthCutsTheResponseShort(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "content-length", "10"), Payloads.more("part"));
        assertEquals(200, exchange.awaitHead().status());
        actor.fail(new IllegalStateException(Fault.SECRET));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("part", response.text());
        assertFalse(response.complete());
    }

    @Test
    default void anEndBeforeTheResponseIsCompleteCutsItShort(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.more("part"));
        assertEquals(200, exchange.awaitHead().status());
        actor.complete();
        assertFalse(exchange.awaitResponse().complete());
    }

    @Test
    default void aFailureAfterTheResponseIsCompleteChangesNothing(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.last("body"));
        actor.fail(new IllegalStateException(Fault.SECRET));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("body", response.text());
        assertTrue(response.complete());
        bench.assertUsable(client);
    }

    @Test
    default void aRequestExceptionIsAnsweredWithItsStatus(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        bench.actor().fail(new RequestException(422, Fault.SECRET));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(422, response.status());
        assertTrue(response.complete());
        assertKeptSecret(response);
    }

    @Test
    default void aRequestExceptionAfterTheStartCutsTheResponseShort(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.more("part"));
        assertEquals(200, exchange.awaitHead().status());
        actor.fail(new RequestException(422, Fault.SECRET));
        assertFalse(exchange.awaitResponse().complete());
    }

    @Test
    default void anUnsupportedRequestIsA500(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.fail(new UnsupportedScopeException(actor.scope));
        assertEquals(500, exchange.awaitResponse().status());
    }

    private static void assertKeptSecret(ConformanceClient.Response response) {
        StringBuilder all = new StringBuilder(response.text());
        response.headers().forEach(field -> all.append(' ').append(field.getValue()));
        String text = all.toString().toLowerCase(Locale.ROOT);
        assertFalse(text.contains(Fault.SECRET), () -> "the response has the message of the failure: " + text);
        assertFalse(text.contains("exception"), () -> "the response has the type of the failure: " + text);
        assertFalse(text.contains("asyncgateway."), () -> "the response has a stack trace: " + text);
    }
}

package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Header fields in both directions. */
interface HeaderRules {
    @Test
    default void namesOfARequestAreInLowerCase(Bench bench) throws Exception {
        bench.open(ConformanceClient.Request.get("/").with("X-Mixed-CASE", "Value Kept"));
        Headers headers = bench.actor().request().headers();
        assertTrue(names(headers).contains("x-mixed-case"));
        assertEquals("Value Kept", headers.first("X-MIXED-case"));
        for (String name : names(headers)) {
            assertEquals(name.toLowerCase(Locale.ROOT), name);
        }
    }

    @Test
    default void fieldsOfARequestKeepTheirOrderAndTheirDuplicates(Bench bench) throws Exception {
        bench.open(ConformanceClient.Request.get("/")
                .with("x-b", "1")
                .with("x-a", "2")
                .with("X-B", "3")
                .with("x-a", "2"));
        Headers headers = bench.actor().request().headers();
        List<Map.Entry<String, String>> received = new ArrayList<>();
        headers.forEach(field -> {
            if (field.getKey().startsWith("x-")) {
                received.add(field);
            }
        });
        assertEquals(
                List.of(Map.entry("x-b", "1"), Map.entry("x-a", "2"), Map.entry("x-b", "3"), Map.entry("x-a", "2")),
                received);
        assertEquals(List.of("1", "3"), headers.all("x-b"));
        assertEquals(List.of("2", "2"), headers.all("x-a"));
    }

    @Test
    default void valuesOfARequestLoseNoOctet(Bench bench) throws Exception {
        bench.open(ConformanceClient.Request.get("/")
                .with("x-latin", "caf\u00e9\u00ff \u0080")
                .with("x-empty", "")
                .with("x-tab", "a\tb"));
        Headers headers = bench.actor().request().headers();
        assertEquals("caf\u00e9\u00ff \u0080", headers.first("x-latin"));
        assertEquals("", headers.first("x-empty"));
        assertEquals("a\tb", headers.first("x-tab"));
        assertNull(headers.first("x-none"));
        assertFalse(headers.contains("x-none"));
    }

    @Test
    default void theAuthorityIsTheHostField(Bench bench) throws Exception {
        bench.open(ConformanceClient.Request.get("/").with("host", "example.test:8080"));
        Headers headers = bench.actor().request().headers();
        assertEquals(List.of("example.test:8080"), headers.all("host"));
        assertTrue(names(headers).stream().noneMatch(name -> name.startsWith(":")));
    }

    @Test
    default void fieldsOfAResponseKeepTheirOrderAndTheirDuplicates(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(
                HttpEvent.ResponseStart.of(
                        200, "x-b", "1", "X-A", "2", "set-cookie", "a=1", "x-b", "3", "set-cookie", "b=2"),
                Payloads.last("body"));
        Headers headers = exchange.awaitResponse().headers();
        assertEquals(List.of("1", "3"), headers.all("x-b"));
        assertEquals(List.of("a=1", "b=2"), headers.all("set-cookie"));
        List<String> own = names(headers).stream()
                .filter(name -> name.startsWith("x-") || name.equals("set-cookie"))
                .toList();
        assertEquals(List.of("x-b", "x-a", "set-cookie", "x-b", "set-cookie"), own);
    }

    @Test
    default void valuesOfAResponseLoseNoOctet(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        bench.actor()
                .send(
                        HttpEvent.ResponseStart.of(200, "x-latin", "caf\u00e9\u00ff", "x-empty", ""),
                        Payloads.last("body"));
        Headers headers = exchange.awaitResponse().headers();
        assertEquals("caf\u00e9\u00ff", headers.first("x-latin"));
        assertEquals("", headers.first("x-empty"));
    }

    @Test
    default void framingFieldsOfTheApplicationAreIgnored(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(
                HttpEvent.ResponseStart.of(200, "transfer-encoding", "gzip", "connection", "x-hop"),
                Payloads.more("a"),
                Payloads.last("b"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("ab", response.text());
        assertFalse(response.headers().all("transfer-encoding").contains("gzip"));
        assertFalse(response.headers().all("connection").contains("x-hop"));
        actor.complete();
        bench.assertUsable(client);
    }

    private static List<String> names(Headers headers) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            names.add(headers.name(i));
        }
        return names;
    }
}

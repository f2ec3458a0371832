package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.RequestScope;
import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a scope says of its request. */
interface ScopeRules {
    @Test
    default void aScopeSaysWhatCameIn(Bench bench) throws Exception {
        bench.open(ConformanceClient.Request.post("/a/b?c=d&e=%20").withMethod("PATCH"));
        HttpScope scope = assertInstanceOf(HttpScope.class, bench.actor().scope);
        assertEquals("PATCH", scope.method());
        assertEquals("/a/b?c=d&e=%20", scope.target());
        assertEquals("/a/b", scope.rawPath());
        assertEquals("/a/b", scope.path());
        assertEquals("c=d&e=%20", scope.queryString());
        assertEquals("", scope.rootPath());
        assertEquals("/a/b", scope.localPath());
        assertNotNull(scope.httpVersion());
        assertEquals(scope.tls() == null ? "http" : "https", scope.scheme());
        assertSame(scope.state(), scope.state());
    }

    @ParameterizedTest
    @CsvSource({
        "/plain, /plain",
        "/a%20b, /a b",
        "/caf%C3%A9, /caf\u00e9",
        "/%e2%82%ac, /\u20ac",
        "/%F0%9F%98%80, /\ud83d\ude00",
        "/a%2Fb, /a/b",
        "/a+b, /a+b",
        "/a/../b/./c, /a/../b/./c",
        "//a//b, //a//b",
        "/a;x=1/b, /a;x=1/b",
        "/100%25, /100%",
    })
    default void aPathIsDecodedOnceAndKeptRawBesideIt(String raw, String decoded, Bench bench) throws Exception {
        bench.open(ConformanceClient.Request.get(raw + "?q"));
        RequestScope scope = bench.actor().request();
        assertEquals(raw, scope.rawPath());
        assertEquals(decoded, scope.path());
        assertEquals(raw + "?q", scope.target());
        assertEquals("q", scope.queryString());
    }

    @Test
    default void octetsOfAPathThatAreNotUtf8BecomeTheReplacementCharacter(Bench bench) throws Exception {
        bench.open(ConformanceClient.Request.get("/a%FFb"));
        assertEquals("/a\ufffdb", bench.actor().request().path());
    }

    @Test
    default void aQueryMayBeAbsentOrEmptyOrHaveAQuestionMark(Bench bench) throws Exception {
        bench.get();
        assertEquals("", bench.actor().request().queryString());
        bench.open(ConformanceClient.Request.get("/?"));
        RequestScope empty = bench.actor().request();
        assertEquals("", empty.queryString());
        assertEquals("/", empty.rawPath());
        bench.open(ConformanceClient.Request.get("/?a=?b"));
        assertEquals("a=?b", bench.actor().request().queryString());
    }

    @Test
    default void aRequestForTheServerItselfHasAnAsterisk(Bench bench) throws Exception {
        bench.with(settings -> settings.withRootPath("/mounted"));
        bench.open(ConformanceClient.Request.get("*").withMethod("OPTIONS"));
        RequestScope scope = bench.actor().request();
        assertEquals("OPTIONS", scope.method());
        assertEquals("*", scope.target());
        assertEquals("*", scope.rawPath());
        assertEquals("*", scope.path());
        assertEquals("", scope.rootPath());
    }

    @Test
    default void theRootPathIsAPrefixOfThePath(Bench bench) throws Exception {
        bench.with(settings -> settings.withRootPath("/mounted"));
        bench.open(ConformanceClient.Request.get("/a%20b?c"));
        RequestScope scope = bench.actor().request();
        assertEquals("/mounted", scope.rootPath());
        assertEquals("/mounted/a b", scope.path());
        assertEquals("/mounted/a%20b", scope.rawPath());
        assertEquals("/a b", scope.localPath());
        assertEquals("/a%20b?c", scope.target());
    }

    @Test
    default void theAddressesAreThoseOfTheConnection(Bench bench) throws Exception {
        ServerUnderTest server = bench.server();
        bench.get();
        RequestScope scope = bench.actor().request();
        if (server.address() instanceof InetSocketAddress listening) {
            InetSocketAddress local = assertInstanceOf(InetSocketAddress.class, scope.server());
            InetSocketAddress client = assertInstanceOf(InetSocketAddress.class, scope.client());
            assertEquals(listening.getPort(), local.getPort());
            assertTrue(client.getAddress().isLoopbackAddress());
            assertTrue(client.getPort() > 0 && client.getPort() != listening.getPort());
        }
    }

    @Test
    default void aScopeCanBeReadAfterTheExchangeHasEnded(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange =
                client.open(ConformanceClient.Request.get("/a%20b?c=d").with("x-kept", "value"));
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.last("body"));
        actor.complete();
        assertTrue(exchange.awaitResponse().complete());
        bench.assertUsable(client);
        client.close();
        RequestScope scope = actor.request();
        assertEquals("/a b", scope.path());
        assertEquals("c=d", scope.queryString());
        assertEquals("value", scope.headers().first("x-kept"));
        assertTrue(Set.of("http", "https").contains(scope.scheme()));
        assertEquals("GET", scope.method());
    }
}

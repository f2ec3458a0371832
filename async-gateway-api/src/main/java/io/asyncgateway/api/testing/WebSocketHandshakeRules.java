package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketScope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the opening request of a WebSocket to its acceptance or denial, and the order of events. */
interface WebSocketHandshakeRules {
    @ParameterizedTest
    @EnumSource(WebSocketMistake.class)
    default void aWebSocketEventOutOfOrderFailsAndChangesNothingOnTheWire(WebSocketMistake mistake, Bench bench)
            throws Exception {
        bench.needs(ConformanceCapability.WEB_SOCKET);
        Script script = new Script(mistake.events());
        bench.serve(script);
        for (String target : List.of("/", Script.ELSEWHERE)) {
            ConformanceClient.WebSocket webSocket = bench.client().openWebSocket(ConformanceClient.Request.get(target));
            script.assertRefused(mistake.index());
            if (mistake.isDenied()) {
                ConformanceClient.Response denial = webSocket.awaitDenial();
                assertEquals(403, denial.status());
                assertEquals("denied", denial.text());
                assertNull(denial.headers().first("x-mistake"));
            } else {
                assertTrue(webSocket.accepted());
                assertEquals("ab", webSocket.receive().text());
                ConformanceClient.Message close = webSocket.receive();
                assertEquals(ConformanceClient.Message.Kind.CLOSE, close.kind());
                assertEquals(4000, close.code());
                assertEquals("done", close.text());
                webSocket.sendClose(4000, "");
                assertEquals(
                        ConformanceClient.Message.Kind.END, webSocket.receive().kind());
            }
        }
    }

    @Test
    default void theFirstEventIsTheConnectAndThenAPullWaits(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        Step<ReceiveEvent> pull = actor.receiving();
        actor.send(new WebSocketEvent.Accept());
        assertTrue(webSocket.accepted());
        assertFalse(pull.isDone());
        webSocket.sendText("first");
        WebSocketEvent.Receive first = assertInstanceOf(WebSocketEvent.Receive.class, pull.await());
        assertEquals("first", Payloads.text(first.message().payload()));
    }

    @Test
    default void nothingIsAnsweredBeforeTheApplicationAccepts(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        assertTrue(webSocket.silent(Bench.QUIET));
        actor.send(new WebSocketEvent.Accept());
        assertTrue(webSocket.accepted());
        assertNull(webSocket.awaitHead().headers().first("sec-websocket-protocol"));
    }

    @Test
    default void aScopeSaysWhatTheWebSocketOffers(Bench bench) throws Exception {
        bench.needs(ConformanceCapability.WEB_SOCKET);
        bench.client()
                .openWebSocket(ConformanceClient.Request.get("/a%20b?c=d")
                        .with("Sec-WebSocket-Protocol", "first, second")
                        .with("sec-websocket-protocol", "third"));
        WebSocketScope scope = assertInstanceOf(WebSocketScope.class, bench.actor().scope);
        assertEquals(List.of("first", "second", "third"), scope.subprotocols());
        assertEquals("/a b", scope.path());
        assertEquals("c=d", scope.queryString());
        assertEquals(scope.tls() == null ? "ws" : "wss", scope.scheme());
        assertNull(scope.deadlineAt());
    }

    @Test
    default void theApplicationChoosesOneOfTheSubprotocols(Bench bench) throws Exception {
        bench.needs(ConformanceCapability.WEB_SOCKET);
        ConformanceClient.WebSocket webSocket = bench.client()
                .openWebSocket(ConformanceClient.Request.get("/").with("Sec-WebSocket-Protocol", "first, second"));
        Actor actor = bench.actor();
        actor.sendFails(ProtocolViolationException.class, new WebSocketEvent.Accept().withSubprotocol("third"));
        actor.send(new WebSocketEvent.Accept()
                .withSubprotocol("second")
                .withHeaders(Headers.of("x-a", "1", "set-cookie", "a=1", "set-cookie", "b=2")));
        assertTrue(webSocket.accepted());
        Headers headers = webSocket.awaitHead().headers();
        assertEquals(List.of("second"), headers.all("sec-websocket-protocol"));
        assertEquals("1", headers.first("x-a"));
        assertEquals(List.of("a=1", "b=2"), headers.all("set-cookie"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sec-websocket-accept",
                "sec-websocket-protocol",
                "sec-websocket-extensions",
                "connection",
                "upgrade"
            })
    default void theFieldsOfTheHandshakeAreTheServers(String name, Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        WebSocketEvent.Accept accept = new WebSocketEvent.Accept().withHeaders(Headers.of("x-own", "kept"));
        actor.sendFails(
                ProtocolViolationException.class, accept.withHeaders(Headers.of("x-own", "kept", name, "mistake")));
        actor.send(accept);
        assertTrue(webSocket.accepted());
        Headers headers = webSocket.awaitHead().headers();
        assertEquals("kept", headers.first("x-own"));
        assertFalse(headers.all(name).contains("mistake"));
    }

    @Test
    default void aResponseDeniesTheWebSocket(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        actor.send(HttpEvent.ResponseStart.of(401, "www-authenticate", "Basic"));
        assertTrue(webSocket.silent(Bench.QUIET));
        actor.send(Payloads.more("who "), Payloads.last("are you?"));
        ConformanceClient.Response denial = webSocket.awaitDenial();
        assertEquals(401, denial.status());
        assertEquals("Basic", denial.headers().first("www-authenticate"));
        assertEquals("who are you?", denial.text());
        assertTrue(denial.complete());
        actor.receiveFails(ExchangeEndedException.class);
        actor.complete();
    }

    @Test
    default void aCloseBeforeTheAcceptIsA403(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.send(new WebSocketEvent.Close(4000, "for the log"));
        ConformanceClient.Response denial = webSocket.awaitDenial();
        assertEquals(403, denial.status());
        assertTrue(denial.complete());
        actor.sendFails(ProtocolViolationException.class, new WebSocketEvent.Accept());
        actor.receive(WebSocketEvent.Connect.class);
        actor.receiveFails(ExchangeEndedException.class);
        actor.complete();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    default void aFaultBeforeTheAcceptIsA500(Fault fault, Bench bench) throws Exception {
        bench.needs(ConformanceCapability.WEB_SOCKET);
        bench.serve(fault.application());
        ConformanceClient.Response denial =
                bench.client().openWebSocket(ConformanceClient.Request.get("/")).awaitDenial();
        assertEquals(500, denial.status());
        assertTrue(denial.complete());
        assertFalse(denial.text().contains(Fault.SECRET));
    }

    @Test
    default void aRequestExceptionBeforeTheAcceptIsAnsweredWithItsStatus(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        bench.actor().fail(new RequestException(429, Fault.SECRET));
        ConformanceClient.Response denial = webSocket.awaitDenial();
        assertEquals(429, denial.status());
        assertFalse(denial.text().contains(Fault.SECRET));
    }

    @Test
    default void aFailureWithinADenialCutsItShort(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.send(new HttpEvent.ResponseStart(403), Payloads.more("part"));
        assertEquals(403, webSocket.awaitHead().status());
        actor.fail(new IllegalStateException(Fault.SECRET));
        assertFalse(webSocket.awaitDenial().complete());
    }

    @Test
    default void aPeerThatGoesBeforeTheAcceptIsADisconnect(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        Step<ReceiveEvent> pull = actor.receiving();
        webSocket.abort();
        assertEquals(new WebSocketEvent.Disconnect(1006, ""), pull.await());
        Step.of("disconnected()", actor.request().disconnected()).await();
        actor.sendFails(DisconnectedException.class, new WebSocketEvent.Accept());
    }
}

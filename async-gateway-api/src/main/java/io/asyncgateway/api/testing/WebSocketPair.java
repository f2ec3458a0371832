package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.WebSocketEvent;
import java.io.IOException;

/** Both ends of an open WebSocket. */
final class WebSocketPair {
    final ConformanceClient.WebSocket client;
    final Actor actor;

    private WebSocketPair(ConformanceClient.WebSocket client, Actor actor) {
        this.client = client;
        this.actor = actor;
    }

    static WebSocketPair open(Bench bench) throws Exception {
        return open(bench, new WebSocketEvent.Accept());
    }

    static WebSocketPair open(Bench bench, WebSocketEvent.Accept accept) throws Exception {
        ConformanceClient.WebSocket client = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        actor.send(accept);
        assertTrue(client.accepted());
        return new WebSocketPair(client, actor);
    }

    /** Waits for the server's close frame, and answers it. */
    ConformanceClient.Message assertClosed(int code) throws IOException {
        ConformanceClient.Message close = client.receive();
        assertEquals(ConformanceClient.Message.Kind.CLOSE, close.kind());
        assertEquals(code, close.code());
        client.sendClose(code, "");
        return close;
    }

    void assertEnded() throws IOException {
        assertEquals(ConformanceClient.Message.Kind.END, client.receive().kind());
    }
}

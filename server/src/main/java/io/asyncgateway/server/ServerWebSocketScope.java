package io.asyncgateway.server;

import io.asyncgateway.api.WebSocketScope;
import java.time.Instant;
import java.util.List;

/** The scope of a WebSocket. */
final class ServerWebSocketScope extends ServerRequestScope implements WebSocketScope {
    private final WebSocketExchange webSocket;
    private final List<String> subprotocols;

    ServerWebSocketScope(WebSocketExchange exchange, RequestHead head, List<String> subprotocols) {
        super(exchange, head);
        this.webSocket = exchange;
        this.subprotocols = subprotocols;
    }

    @Override
    public String scheme() {
        return exchange.addresses.isSecure() ? "wss" : "ws";
    }

    @Override
    public List<String> subprotocols() {
        return subprotocols;
    }

    @Override
    public Instant lastHeard() {
        return webSocket.lastHeard();
    }
}

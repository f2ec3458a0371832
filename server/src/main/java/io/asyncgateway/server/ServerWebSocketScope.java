package io.asyncgateway.server;

import io.asyncgateway.api.WebSocketScope;
import java.util.List;

/** The scope of a WebSocket. */
final class ServerWebSocketScope extends ServerRequestScope implements WebSocketScope {
    private final List<String> subprotocols;

    ServerWebSocketScope(Exchange exchange, RequestHead head, List<String> subprotocols) {
        super(exchange, head);
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
}

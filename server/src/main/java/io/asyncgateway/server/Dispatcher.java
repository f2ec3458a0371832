package io.asyncgateway.server;

/** Decides what becomes of a request: refused because there are too many or it asks wrongly for a WebSocket, or given to the application. */
final class Dispatcher {
    private Dispatcher() {}

    static void dispatch(HttpStream stream, RequestHead head, ServerContext context) {
        WebSocketHandshake handshake = head.upgrade()
                ? WebSocketHandshake.of(head.version(), head.method(), head.headers(), head.hasBody())
                : null;
        HttpExchange exchange = handshake instanceof WebSocketHandshake.Valid valid
                ? new WebSocketExchange(stream, context, head, valid)
                : new HttpExchange(stream, context, head);
        stream.occupy(exchange);
        if (handshake instanceof WebSocketHandshake.Refused refused) {
            exchange.refuse(refused.answer());
        } else if (!context.admit()) {
            exchange.refuse(PlainResponse.of(503));
        } else {
            exchange.run();
        }
    }
}

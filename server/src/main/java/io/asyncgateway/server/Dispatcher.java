package io.asyncgateway.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a request: refused because there are too many, or it asks wrongly for a WebSocket, or its proxy tells nonsense; or given to the
 * application.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private Dispatcher() {}

    static void dispatch(HttpStream stream, RequestHead head, ServerContext context) {
        Addresses addresses = stream.addresses();
        HttpFailure nonsense = null;
        try {
            addresses = context.forwarding.of(addresses, head.headers());
        } catch (HttpFailure failure) {
            nonsense = failure;
        }
        WebSocketHandshake handshake = head.upgrade()
                ? WebSocketHandshake.of(head.version(), head.method(), head.headers(), head.hasBody())
                : null;
        HttpExchange exchange = handshake instanceof WebSocketHandshake.Valid valid
                ? new WebSocketExchange(stream, context, head, addresses, valid)
                : new HttpExchange(stream, context, head, addresses);
        stream.occupy(exchange);
        if (nonsense != null) {
            LOG.debug(
                    "request by {} refused with {}: {}", addresses.client(), nonsense.status(), nonsense.getMessage());
            exchange.refuse(PlainResponse.of(nonsense.status()));
        } else if (handshake instanceof WebSocketHandshake.Refused refused) {
            exchange.refuse(refused.answer());
        } else if (!context.admit()) {
            exchange.refuse(PlainResponse.of(503));
        } else {
            exchange.run();
        }
    }
}

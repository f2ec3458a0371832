package io.asyncgateway.server;

/** Decides what becomes of a request: refused because there are too many, or given to the application. */
final class Dispatcher {
    private Dispatcher() {}

    static void dispatch(ExchangeHandler connection, HttpExchange exchange, ServerContext context) {
        if (!context.admit()) {
            exchange.refuse(503);
        } else {
            exchange.run();
        }
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.HttpScope;

/** The scope of an HTTP request. */
final class ServerHttpScope extends ServerRequestScope implements HttpScope {
    ServerHttpScope(Exchange exchange, RequestHead head) {
        super(exchange, head);
    }

    @Override
    public String scheme() {
        return exchange.addresses.isSecure() ? "https" : "http";
    }
}

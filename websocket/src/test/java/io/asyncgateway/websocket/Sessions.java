package io.asyncgateway.websocket;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.WebSocketDriver;

/** Sessions in memory. */
final class Sessions {
    private Sessions() {}

    static WebSocketDriver drive(SessionHandler handler) {
        return drive(WebSocketService.of(handler));
    }

    static WebSocketDriver drive(WebSocketService service) {
        return ApplicationDriver.webSocket(Applications.webSocket(service), WebSocketScope.builder());
    }
}

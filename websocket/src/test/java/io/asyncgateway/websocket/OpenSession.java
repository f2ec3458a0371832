package io.asyncgateway.websocket;

import io.asyncgateway.api.Applications;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.WebSocketDriver;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;

/** A session in memory whose handler does nothing, with the driver that plays its peer and its transport. */
record OpenSession(WebSocketSession session, WebSocketDriver driver) implements AutoCloseable {
    static OpenSession open() {
        return open(SessionOptions.defaults());
    }

    static OpenSession open(SessionOptions options) {
        return open(options, session -> Mono.never());
    }

    static OpenSession open(SessionOptions options, SessionHandler handler) {
        AtomicReference<WebSocketSession> opened = new AtomicReference<>();
        WebSocketService service = WebSocketService.builder()
                .options(options)
                .onSession(session -> {
                    opened.set(session);
                    return handler.handle(session);
                })
                .build();
        WebSocketDriver driver = ApplicationDriver.webSocket(Applications.webSocket(service), WebSocketScope.builder());
        driver.expect(WebSocketEvent.Accept.class);
        return new OpenSession(opened.get(), driver);
    }

    @Override
    public void close() {
        driver.close();
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.RequestScope;
import java.time.Duration;
import java.time.Instant;

/** Told of each exchange when it has ended. */
@FunctionalInterface
public interface AccessLog {
    /** Logs nothing, and costs nothing. */
    AccessLog NONE = entry -> {};

    /**
     * An exchange has ended. Called on the event loop of its connection: must not block, and must not throw.
     *
     * @param entry what there is to know
     */
    void ended(Entry entry);

    /**
     * One exchange.
     *
     * @param scope the scope of the request; readable later and from any thread
     * @param status the status that was sent; 101 for an accepted WebSocket, 200 over HTTP/2; 0 where none was
     * @param bodyBytes the bytes of the response's body, of a WebSocket's sent messages
     * @param start when the head of the request was complete
     * @param duration from then to the end of the response or WebSocket
     * @param aborted whether the response did not reach its end
     */
    record Entry(RequestScope scope, int status, long bodyBytes, Instant start, Duration duration, boolean aborted) {}
}

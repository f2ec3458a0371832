package io.asyncgateway.api;

import java.time.Instant;
import java.util.List;

/**
 * The scope of a WebSocket, from its opening request to its end. Events in: {@link WebSocketEvent.Connect} first, then
 * {@link WebSocketEvent.Receive}, and {@link WebSocketEvent.Disconnect} last; out: {@link WebSocketEvent.Accept} and then
 * {@link WebSocketEvent.Send} and {@link WebSocketEvent.Close}. Before {@code Accept} an ordinary response
 * ({@link HttpEvent.ResponseStart} and its body) denies the WebSocket; {@code Close} before {@code Accept} denies it with 403.
 */
public non-sealed interface WebSocketScope extends RequestScope {
    /**
     * A scope of fixed values, for tests.
     *
     * @return a builder of a WebSocket on {@code /} over HTTP/1.1 that offers no subprotocols
     */
    static RequestScopeBuilder.ForWebSocket builder() {
        return new RequestScopeBuilder.ForWebSocket();
    }

    /**
     * The subprotocols that the client offers (RFC 6455 section 1.9), in its order of preference.
     *
     * @return the names; empty where it offers none
     */
    List<String> subprotocols();

    /**
     * The last sign of life: when the server last read anything from the peer, be it a part of a message or a pong that the application does
     * not see. Time in which the server does not read, because nobody pulls, brings no sign. Cheap enough to be asked for often.
     *
     * @return the time, rounded down by at most two seconds; that of the opening request where nothing came since
     */
    Instant lastHeard();

    /**
     * The same WebSocket, mounted at another root path.
     *
     * @param rootPath the new root path: a prefix of {@link #path()} that ends before a {@code /} or at the end
     * @return a view of this scope
     * @throws IllegalArgumentException if it is no such prefix
     */
    default WebSocketScope withRootPath(String rootPath) {
        RootPaths.check(rootPath, path());
        return new WebSocketScopeWrapper(this) {
            @Override
            public String rootPath() {
                return rootPath;
            }
        };
    }
}

package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.netty.channel.EventLoop;

/**
 * What carries one exchange, whatever the protocol: a connection of HTTP/1 for the time of one request, or a stream of HTTP/2. It knows nothing of applications; the
 * exchange knows nothing of frames and connections. Confined to its event loop.
 *
 * <p>It tells its exchange of what comes in: {@link HttpExchange#bodyPart}, {@link HttpExchange#bodyBroken}, {@link HttpExchange#writable},
 * {@link HttpExchange#peerGone}.
 */
interface HttpStream {
    EventLoop loop();

    Addresses addresses();

    /** What the request became; to be called before anything else is done with it. */
    void occupy(HttpExchange exchange);

    /** Asks for the next part of the body. */
    void demand();

    ResponseWriter writer();

    /** Whether it takes more of a body now. Where it does not, {@link HttpExchange#writable()} will say that it does again. */
    boolean isWritable();

    /** The same of heads that no body follows, which windows of a body do not hold back. */
    default boolean takesHeads() {
        return isWritable();
    }

    /** Brings what was written on its way, so that the stream may be writable again. */
    void flush();

    /** Whether the connection closes after the current response, whatever that says. */
    boolean isClosing();

    /** Something waits for the peer to take it that the stream itself does not count: a file. */
    void watchStall();

    /**
     * The response is complete.
     *
     * @param goesOn whether the connection can go on after it
     */
    void exchangeEnded(HttpExchange exchange, boolean goesOn);

    /** Ends so that the peer can see that the response is not whole. */
    void abort(boolean sendingFile);

    /**
     * Answers a valid handshake; from now on the octets of the stream are the WebSocket's.
     *
     * @param agreed the handshake's fields that say what was agreed on
     * @param headers the application's fields
     */
    void openWebSocket(
            WebSocketHandshake.Valid handshake, Headers agreed, Headers headers, WebSocketConnection successor);
}

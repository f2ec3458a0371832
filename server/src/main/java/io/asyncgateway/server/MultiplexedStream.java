package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of HTTP/2 or HTTP/3, many of which share a connection: who is on it, and is told of what comes and that there is room again. Confined to the event loop of its connection.
 *
 * <pre>
 *   on it          on                          next
 *   nobody         occupy                      an exchange
 *   an exchange    sending a file, sent        the file for it, the exchange again
 *   an exchange    openWebSocket               a WebSocket
 *   an exchange    ended, aborted, peer gone   nobody
 *   a WebSocket    closed                      nobody
 * </pre>
 */
abstract class MultiplexedStream implements HttpStream, StreamWebSocketChannel.Stream, StreamFileTransfer.Target {
    final ServerContext context;

    private @Nullable HttpExchange exchange;
    private @Nullable StreamFileTransfer file;
    private @Nullable StreamWebSocketChannel tunnel;
    private boolean closed;

    MultiplexedStream(ServerContext context) {
        this.context = context;
    }

    /** Whose event loop and allocator are the stream's. */
    abstract Channel channel();

    /**
     * Writes the head that accepts a WebSocket.
     *
     * @param agreed the handshake's fields that say what was agreed on
     * @param headers the application's fields
     */
    abstract void acceptWebSocket(Headers agreed, Headers headers);

    /**
     * The WebSocket is over.
     *
     * @param ended whether it has said so
     */
    abstract void webSocketClosed(boolean ended);

    /** Nothing more comes or goes: gives back what waits and what is scheduled. */
    abstract void release();

    // ------------------------------------------------------------------------------------------------ who is on it

    @Override
    public final EventLoop loop() {
        return channel().eventLoop();
    }

    @Override
    public final void occupy(HttpExchange occupant) {
        exchange = occupant;
    }

    /** The exchange is over. */
    final void vacate() {
        exchange = null;
    }

    final boolean hasExchange() {
        return exchange != null;
    }

    /** Whether its octets are those of a WebSocket. */
    final boolean isTunnel() {
        return tunnel != null;
    }

    @Override
    public final void sending(@Nullable StreamFileTransfer transfer) {
        file = transfer;
    }

    @Override
    public final void openWebSocket(
            WebSocketHandshake.Valid handshake, Headers agreed, Headers headers, WebSocketConnection successor) {
        exchange = null;
        acceptWebSocket(agreed, headers);
        StreamWebSocketChannel channel = new StreamWebSocketChannel(this, channel(), context.config.limits());
        tunnel = channel;
        channel.open(successor);
        successor.begin(null, false, context.draining.isFired());
    }

    @Override
    public final void tunnelClosed(boolean ended) {
        tunnel = null;
        webSocketClosed(ended);
    }

    /** The connection goes on, whatever becomes of one stream. */
    @Override
    public final boolean isClosing() {
        return false;
    }

    /** Everything that waits on a stream is watched. */
    @Override
    public final void watchStall() {}

    // ------------------------------------------------------------------------------------------------ what it is told

    /** Octets that were asked for; they are taken over. */
    final void received(byte[] octets, int length, boolean last, Headers trailers) {
        StreamWebSocketChannel webSocket = tunnel;
        HttpExchange current = exchange;
        if (webSocket != null) {
            webSocket.received(octets, length, last);
        } else if (current != null) {
            ByteBuffer body = ByteBuffer.wrap(octets, 0, length).slice().asReadOnlyBuffer();
            current.bodyPart(new HttpEvent.Request(body, !last, trailers));
        }
    }

    /** The rest of the body can't be had. */
    final void bodyBroken(HttpFailure failure) {
        HttpExchange current = exchange;
        if (current != null) {
            current.bodyBroken(failure);
        }
    }

    /** There is room again. */
    final void resume() {
        if (closed) {
            return;
        }
        StreamFileTransfer sending = file;
        StreamWebSocketChannel webSocket = tunnel;
        HttpExchange current = exchange;
        if (sending != null) {
            sending.proceed();
        } else if (webSocket != null) {
            webSocket.proceed();
        } else if (current != null) {
            current.writable();
        }
    }

    /** Tells a WebSocket of what the server does; {@code false} if this is none. */
    final boolean tell(ServerEvent event) {
        StreamWebSocketChannel webSocket = tunnel;
        if (webSocket != null) {
            webSocket.pipeline().fireUserEventTriggered(event);
        }
        return webSocket != null;
    }

    // ------------------------------------------------------------------------------------------------ the end

    @Override
    public final boolean isClosed() {
        return closed;
    }

    /** Nothing more comes or goes. */
    final void closed() {
        if (closed) {
            return;
        }
        closed = true;
        release();
        StreamFileTransfer sending = file;
        if (sending != null) {
            sending.proceed();
        }
        StreamWebSocketChannel webSocket = tunnel;
        if (webSocket != null) {
            webSocket.gone();
        }
    }

    /** The peer has reset the stream, or the connection is gone. */
    final void peerGone() {
        HttpExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.peerGone();
        }
    }

    /** By force, without the grace period. */
    final void cancelApplication() {
        HttpExchange current = exchange;
        peerGone();
        if (current != null) {
            current.cancelApplication();
        }
    }
}

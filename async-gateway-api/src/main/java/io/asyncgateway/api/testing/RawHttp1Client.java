package io.asyncgateway.api.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/1.1 and WebSocket straight on a {@link Socket}, for the rules of {@link ServerConformance}. It connects when it is
 * first used. It checks of the server's framing what it needs in order to read, no more.
 */
public final class RawHttp1Client implements ConformanceClient {
    /** What the kernel may keep for this side of the connection, in bytes: small, so that a server meets backpressure soon. */
    private static final int SOCKET_BUFFER = 64 * 1024;

    private final Connector connector;
    private @Nullable RawConnection connection;

    /**
     * A client that connects by a function of the caller's, for TLS and other transports.
     *
     * @param connector makes the connected socket
     */
    public RawHttp1Client(Connector connector) {
        this.connector = connector;
    }

    /**
     * A client over TCP.
     *
     * @param server an {@link InetSocketAddress}
     */
    public RawHttp1Client(SocketAddress server) {
        this(() -> connect(server));
    }

    /** Makes connected sockets. */
    @FunctionalInterface
    public interface Connector {
        /**
         * Connects.
         *
         * @return a connected socket
         * @throws IOException if it can't
         */
        Socket connect() throws IOException;
    }

    @Override
    public Exchange open(Request request) throws IOException {
        return RawExchange.open(connection(), request);
    }

    @Override
    public WebSocket openWebSocket(Request request) throws IOException {
        return RawWebSocket.open(connection(), request);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }

    private RawConnection connection() throws IOException {
        RawConnection known = connection;
        if (known == null) {
            known = new RawConnection(connector.connect());
            connection = known;
        }
        return known;
    }

    private static Socket connect(SocketAddress server) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setReceiveBufferSize(SOCKET_BUFFER);
            socket.setSendBufferSize(SOCKET_BUFFER);
            socket.connect(server, (int) PATIENCE.toMillis());
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }
}

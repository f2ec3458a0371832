package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens connections, makes a request on each, leaves them idle, and makes a second request on each.
 *
 * @param count how many
 */
record IdleConnections(int count) {
    private static final byte[] REQUEST = "GET /plaintext HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    private static final String END = "Hello, World!";

    MemoryCheck.Finding run(ServerProcess server, int port) throws IOException {
        List<SocketChannel> connections = new ArrayList<>();
        try {
            // So that classes and pools do not count.
            connections.add(open(port));
            Memory before = Memory.of(server);
            while (connections.size() < count) {
                connections.add(open(port));
            }
            Memory used = Memory.of(server).minus(before);
            for (SocketChannel connection : connections) {
                request(connection);
            }
            return new MemoryCheck.Finding(
                    String.format("%d connections, %s, %d bytes of heap each", count, used, used.heap() / count), true);
        } finally {
            for (SocketChannel connection : connections) {
                connection.close();
            }
        }
    }

    private static SocketChannel open(int port) throws IOException {
        SocketChannel connection = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        request(connection);
        return connection;
    }

    private static void request(SocketChannel connection) throws IOException {
        connection.write(ByteBuffer.wrap(REQUEST));
        ByteBuffer answer = ByteBuffer.allocate(1024);
        do {
            if (connection.read(answer) < 0) {
                throw new IOException("the server closed a connection after " + text(answer));
            }
        } while (!text(answer).endsWith(END));
    }

    private static String text(ByteBuffer answer) {
        return US_ASCII.decode(answer.duplicate().flip()).toString();
    }
}

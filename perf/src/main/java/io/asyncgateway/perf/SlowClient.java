package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/**
 * Asks for 10 GB and reads one byte a second.
 *
 * @param seconds for how long
 */
record SlowClient(int seconds) {
    MemoryCheck.Finding run(ServerProcess server, int port) throws IOException, InterruptedException {
        // A first response loads classes and fills pools.
        readAll(port, "/big?n=10000000");
        Memory before = Memory.of(server);
        Memory most = new Memory(0, 0);
        try (Socket socket = request(port, "/big?n=10000000000")) {
            InputStream in = socket.getInputStream();
            for (int i = 0; i < seconds; i++) {
                if (in.read() < 0) {
                    throw new IOException("the server closed the connection after " + i + " bytes");
                }
                Thread.sleep(1000);
                most = most.max(Memory.of(server).minus(before));
            }
        }
        return new MemoryCheck.Finding(
                String.format("%d bytes in %d s, at most %s", seconds, seconds, most), most.heap() < MemoryCheck.BOUND);
    }

    private static Socket request(int port, String target) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(US_ASCII));
        return socket;
    }

    private static void readAll(int port, String target) throws IOException {
        try (Socket socket = request(port, target)) {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }
}

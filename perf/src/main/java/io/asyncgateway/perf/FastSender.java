package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Sends messages of 16 KiB as fast as the socket takes them to an application that takes ten a second. At first the buffers of the kernel
 * fill. From then on the sender must be as slow as the application, whatever those buffers hold.
 *
 * @param seconds for how long; the second half counts
 */
record FastSender(int seconds) {
    private static final int SIZE = 16 * 1024;
    private static final int MESSAGES_PER_SECOND = (int) (1000 / SlowReader.PAUSE.toMillis());
    private static final double MEBIBYTE = 1024 * 1024;

    MemoryCheck.Finding run(ServerProcess server, int port) throws IOException, InterruptedException {
        try (SocketChannel connection = open(port)) {
            connection.configureBlocking(false);
            ByteBuffer frame = frame();
            Memory before = Memory.of(server);
            Memory most = new Memory(0, 0);
            long first = send(connection, frame, seconds / 2);
            most = most.max(Memory.of(server).minus(before));
            long second = send(connection, frame, seconds - seconds / 2);
            most = most.max(Memory.of(server).minus(before));
            long taken = (long) SIZE * MESSAGES_PER_SECOND * (seconds - seconds / 2);
            // The kernel opens its window in steps, so a little more than was taken may fit.
            boolean held = second <= 2 * taken + 1024 * 1024;
            String text = String.format(
                    Locale.ROOT,
                    "%.1f MiB in the first half, %.1f MiB in the second, where the application took %.1f MiB; at most %s",
                    first / MEBIBYTE,
                    second / MEBIBYTE,
                    taken / MEBIBYTE,
                    most);
            return new MemoryCheck.Finding(text, held && most.heap() < MemoryCheck.BOUND);
        }
    }

    private static SocketChannel open(int port) throws IOException {
        SocketChannel connection = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        connection.write(US_ASCII.encode(Opening.of("/")));
        ByteBuffer answer = ByteBuffer.allocate(1024);
        String head;
        do {
            if (connection.read(answer) < 0) {
                throw new IOException("the server closed the connection in the handshake");
            }
            head = US_ASCII.decode(answer.duplicate().flip()).toString();
        } while (!head.contains("\r\n\r\n"));
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no WebSocket: " + head);
        }
        return connection;
    }

    /** Counts the bytes that the socket took. A frame that was cut goes on in the next call. */
    private static long send(SocketChannel connection, ByteBuffer frame, int seconds)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long sent = 0;
        while (System.nanoTime() - end < 0) {
            if (!frame.hasRemaining()) {
                frame.rewind();
            }
            int taken = connection.write(frame);
            sent += taken;
            if (taken == 0) {
                Thread.sleep(1);
            }
        }
        return sent;
    }

    /** A binary message, masked with zeros, which is legal and leaves the payload as it is. */
    private static ByteBuffer frame() {
        ByteBuffer frame = ByteBuffer.allocateDirect(8 + SIZE);
        frame.put((byte) 0x82).put((byte) (0x80 | 126)).putShort((short) SIZE).putInt(0);
        return frame.rewind();
    }
}

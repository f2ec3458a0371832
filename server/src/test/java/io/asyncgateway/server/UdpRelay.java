package io.asyncgateway.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A network between the clients of one socket and a server, which loses what it is told to lose, and moves the clients to another port as a NAT does. */
final class UdpRelay implements AutoCloseable {
    private static final int LARGEST = 65_535;

    private final SocketAddress server;
    private final DatagramSocket front;
    private volatile DatagramSocket back;
    private volatile SocketAddress client;
    private volatile boolean toServer = true;
    private volatile boolean toClient = true;
    private final AtomicInteger toLose = new AtomicInteger();

    UdpRelay(InetSocketAddress server) {
        this.server = server;
        this.front = open();
        this.back = open();
        start(front, this::fromClient);
        start(back, this::fromServer);
    }

    private interface Sink {
        void accept(DatagramPacket packet) throws IOException;
    }

    private static DatagramSocket open() {
        try {
            return new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void start(DatagramSocket socket, Sink sink) {
        Thread thread = new Thread(() -> {
            byte[] octets = new byte[LARGEST];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(octets, LARGEST);
                    socket.receive(packet);
                    sink.accept(packet);
                }
            } catch (IOException closed) {
                // the end
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void fromClient(DatagramPacket packet) throws IOException {
        client = packet.getSocketAddress();
        if (toServer) {
            packet.setSocketAddress(server);
            back.send(packet);
        }
    }

    private void fromServer(DatagramPacket packet) throws IOException {
        boolean lost = toLose.getAndUpdate(packets -> Math.max(0, packets - 1)) > 0;
        if (toClient && !lost) {
            packet.setSocketAddress(client);
            front.send(packet);
        }
    }

    /** Where clients find the server. */
    InetSocketAddress address() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    /** From now on the clients are at another port. */
    void move() {
        DatagramSocket next = open();
        DatagramSocket before = back;
        start(next, this::fromServer);
        back = next;
        before.close();
    }

    /** The next datagram of the server does not arrive. */
    void loseOneOfServer() {
        toLose.set(1);
    }

    /** Nothing of the server arrives any more. */
    void silenceServer() {
        toClient = false;
    }

    /** Nothing arrives any more. */
    void cut() {
        toServer = false;
        toClient = false;
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}

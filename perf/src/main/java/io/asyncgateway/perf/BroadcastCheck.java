package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.websocket.OverflowPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Checks a broadcast of 128 bytes to 1,000 members over real sockets, server and clients on the same processors: what it reaches, beside Netty's channel
 * group; how long a delivery takes at 50,000 a second; and what one member that stops reading does to the others, to the heap and to itself. Exits with 1
 * where a bound is missed.
 */
public final class BroadcastCheck {
    private static final int PORT = 18_104;
    private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC");
    private static final int MEMBERS = 1_000;
    private static final int ON_THEIR_WAY = 8;
    private static final int WARMUP_SECONDS = 8;
    private static final int SECONDS = 5;
    private static final int ROUNDS = 3;
    private static final int SLOW_SECONDS = 10;

    /** Bars. */
    private static final double DELIVERIES = 100_000;

    private static final double P99_MILLISECONDS = 50;
    private static final double SLOW_RATIO = 1.1;
    private static final long HEAP = 2 * 1024 * 1024;
    private static final long STRIKES_WITHIN_SECONDS = 60;
    private static final int WAIT_MILLIS = 30_000;
    /** Close, 10 bytes, 1008, and the reason. */
    private static final String CLOSED = "\210\12\3\360too slow";

    private BroadcastCheck() {}

    /**
     * Runs the checks and prints a line for each.
     *
     * @param args none
     * @throws IOException if a server can't be started or reached
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<Double> raw = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        boolean met;
        try (ServerProcess netty = ServerProcess.startOnAll(JVM_OPTIONS, RawBroadcast.class, PORT + 1);
                ServerProcess gateway =
                        ServerProcess.startOnAll(JVM_OPTIONS, RoomServer.class, PORT, OverflowPolicy.DROP_OLDEST);
                BroadcastClients ofNetty = BroadcastClients.connect(PORT + 1, MEMBERS);
                BroadcastClients ofGateway = BroadcastClients.connect(PORT, MEMBERS)) {
            ofNetty.flood(WARMUP_SECONDS, ON_THEIR_WAY);
            ofGateway.flood(WARMUP_SECONDS, ON_THEIR_WAY);
            for (int i = 0; i < ROUNDS; i++) {
                raw.add(flood("Netty's channel group", netty, ofNetty));
                ours.add(flood("gateway", gateway, ofGateway));
            }
            double reached = median(ours);
            met = say(
                    reached >= DELIVERIES,
                    "deliveries a second %,.0f (at least %,.0f), Netty's channel group %,.0f",
                    reached,
                    DELIVERIES,
                    median(raw));
            double rate = DELIVERIES / 2 / MEMBERS;
            Latencies half = ofGateway.atRate(SLOW_SECONDS, rate).latencies();
            met &= say(
                    half.milliseconds(.99) < P99_MILLISECONDS,
                    "at %,.0f deliveries a second %s (p99 below %.0f ms)",
                    DELIVERIES / 2,
                    half,
                    P99_MILLISECONDS);
            say(
                    true,
                    "Netty's channel group at %,.0f %s",
                    DELIVERIES / 2,
                    ofNetty.atRate(SLOW_SECONDS, rate).latencies());
            met &= slowMember(gateway, ofGateway, rate);
        }
        met &= disconnect();
        System.exit(met ? 0 : 1);
    }

    private static double flood(String name, ServerProcess server, BroadcastClients clients)
            throws IOException, InterruptedException {
        CpuTime before = server.cpu();
        long start = System.nanoTime();
        BroadcastClients.Outcome outcome = clients.flood(SECONDS, ON_THEIR_WAY);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cost = server.cpu().minus(before).microseconds() / (outcome.deliveriesPerSecond() * seconds);
        say(
                true,
                "%-22s %,9.0f deliveries a second, %.2f µs of the server's processor each, %s",
                name,
                outcome.deliveriesPerSecond(),
                cost,
                outcome.latencies());
        return outcome.deliveriesPerSecond();
    }

    /** Rounds with and without a member that does not read, in turn. Its queue is full before each. */
    private static boolean slowMember(ServerProcess gateway, BroadcastClients clients, double rate)
            throws IOException, InterruptedException {
        List<Double> ratios = new ArrayList<>();
        long heap = Long.MIN_VALUE;
        long dropped = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Memory before = Memory.of(gateway);
            double without = clients.atRate(SLOW_SECONDS, rate).latencies().milliseconds(.99);
            try (Socket slow = slowMember()) {
                dropped = awaitStrike(gateway, clients);
                double with = clients.atRate(SLOW_SECONDS, rate).latencies().milliseconds(.99);
                heap = Math.max(heap, Memory.of(gateway).minus(before).heap());
                dropped = RoomServer.Counts.of(gateway.ask(RoomServer.COUNTS)).dropped() - dropped;
                say(true, "p99 %.2f ms without, %.2f ms with a member that does not read", without, with);
                ratios.add(with / without);
                if (slow.getInputStream().read() < 0) {
                    throw new IOException("the member that does not read was no member");
                }
            }
        }
        boolean met = say(
                median(ratios) < SLOW_RATIO,
                "p99 of the others %.2f times that without it (below %.1f)",
                median(ratios),
                SLOW_RATIO);
        met &= say(
                heap < HEAP,
                "heap %+.2f MiB (below %d), it lost %,d messages in the last round",
                heap / 1024.0 / 1024,
                HEAP / 1024 / 1024,
                dropped);
        return met && dropped > 0;
    }

    /** Broadcasts until the queue of the member that does not read is full; returns how many were dropped. */
    private static long awaitStrike(ServerProcess gateway, BroadcastClients clients)
            throws IOException, InterruptedException {
        RoomServer.Counts before = RoomServer.Counts.of(gateway.ask(RoomServer.COUNTS));
        long end = System.nanoTime() + STRIKES_WITHIN_SECONDS * 1_000_000_000L;
        while (System.nanoTime() - end < 0) {
            clients.flood(1, ON_THEIR_WAY);
            RoomServer.Counts now = RoomServer.Counts.of(gateway.ask(RoomServer.COUNTS));
            if (now.dropped() > before.dropped() || now.disconnected() > before.disconnected()) {
                return now.dropped();
            }
        }
        throw new IOException("the policy has not struck within " + STRIKES_WITHIN_SECONDS + " s");
    }

    /** The default policy. */
    private static boolean disconnect() throws IOException, InterruptedException {
        try (ServerProcess gateway =
                        ServerProcess.startOnAll(JVM_OPTIONS, RoomServer.class, PORT, OverflowPolicy.DISCONNECT);
                BroadcastClients clients = BroadcastClients.connect(PORT, MEMBERS);
                Socket slow = slowMember()) {
            awaitStrike(gateway, clients);
            // What was on its way when the policy struck, and then the close frame with its reason.
            slow.setSoTimeout(WAIT_MILLIS);
            String all = new String(slow.getInputStream().readAllBytes(), ISO_8859_1);
            RoomServer.Counts counts = RoomServer.Counts.of(gateway.ask(RoomServer.COUNTS));
            return say(
                    counts.disconnected() == 1 && counts.members() == MEMBERS && all.endsWith(CLOSED),
                    "policy DISCONNECT: %d disconnected, %d members left, %s",
                    counts.disconnected(),
                    counts.members(),
                    all.endsWith(CLOSED) ? "closed with 1008" : "not closed with 1008");
        }
    }

    /** A member that takes part and never reads. */
    private static Socket slowMember() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
        socket.getOutputStream().write(Opening.of("/ws").getBytes(US_ASCII));
        return socket;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static boolean say(boolean met, String format, Object... arguments) {
        System.out.println((met ? "  " : "MISSED: ") + String.format(Locale.ROOT, format, arguments));
        return met;
    }
}

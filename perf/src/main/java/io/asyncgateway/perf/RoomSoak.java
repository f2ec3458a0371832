package io.asyncgateway.perf;

import io.asyncgateway.websocket.OverflowPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Checks that nothing is left of 5,000 sessions that come to one room and go for ten minutes, in order and without a word, while it broadcasts: no connection, no
 * exchange, no member, no room, no channel, no heap and no buffer. Exits with 1 where something is.
 */
public final class RoomSoak {
    private static final int PORT = 18_106;
    private static final List<String> JVM_OPTIONS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC");
    private static final int SESSIONS = 5_000;
    private static final int WARMUP_SECONDS = 30;
    private static final long HEAP = 2 * 1024 * 1024;
    private static final int WAIT_SECONDS = 60;

    private RoomSoak() {}

    /**
     * Runs the check and prints what it counts.
     *
     * @param args the minutes; 10 by default
     * @throws IOException if the server can't be started or reached
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int minutes = args.length == 0 ? 10 : Integer.parseInt(args[0]);
        try (ServerProcess server =
                ServerProcess.startOnAll(JVM_OPTIONS, RoomServer.class, PORT, OverflowPolicy.DISCONNECT, "leaks")) {
            // The same in short, so that classes, pools and tables have their size.
            RoomServer.Counts warm = run(server, WARMUP_SECONDS);
            Memory before = Memory.of(server);
            RoomServer.Counts after = run(server, (int) TimeUnit.MINUTES.toSeconds(minutes));
            Memory used = Memory.of(server).minus(before); // with a collection of garbage, which shows leaks
            int leaks = RoomServer.Counts.of(server.ask(RoomServer.COUNTS)).leaks();
            boolean met = after.channels() == warm.channels()
                    && after.joins() == after.leaves()
                    && used.heap() < HEAP
                    && leaks == 0;
            System.out.printf(
                    Locale.ROOT,
                    "%s: left are %d connections, %d exchanges, %d rooms, %d members, %d channels (%d before), %s; %d buffers not released; %,d joins, %,d leaves, %,d disconnected%n",
                    met ? "met" : "MISSED",
                    after.connections(),
                    after.exchanges(),
                    after.rooms(),
                    after.members(),
                    after.channels(),
                    warm.channels(),
                    used,
                    leaks,
                    after.joins(),
                    after.leaves(),
                    after.disconnected());
            System.exit(met ? 0 : 1);
        }
    }

    /** Sessions come and go for so long, then all go; returns what is left. */
    private static RoomServer.Counts run(ServerProcess server, int seconds) throws IOException, InterruptedException {
        try (RestlessClients clients = RestlessClients.start(PORT, SESSIONS)) {
            await(server, "members", counts -> counts.members() > SESSIONS * 9 / 10);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() - end < 0) {
                Thread.sleep(Math.min(30_000, TimeUnit.NANOSECONDS.toMillis(Math.max(1, end - System.nanoTime()))));
                RoomServer.Counts now = RoomServer.Counts.of(server.ask(RoomServer.COUNTS));
                System.out.printf(
                        Locale.ROOT,
                        "  %,d members, %,d joins, %,d leaves, %,d deliveries, %d connections broke%n",
                        now.members(),
                        now.joins(),
                        now.leaves(),
                        clients.deliveries(),
                        clients.failures());
            }
            if (clients.failures() > 0) {
                throw new IOException(clients.failures() + " connections broke");
            }
        }
        return await(
                server,
                "the end of all",
                counts -> counts.members() == 0
                        && counts.connections() == 0
                        && counts.exchanges() == 0
                        && counts.rooms() == 0);
    }

    private static RoomServer.Counts await(ServerProcess server, String what, Predicate<RoomServer.Counts> reached)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (true) {
            RoomServer.Counts counts = RoomServer.Counts.of(server.ask(RoomServer.COUNTS));
            if (reached.test(counts)) {
                return counts;
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException(what + " not reached within " + WAIT_SECONDS + " s: " + counts);
            }
            Thread.sleep(100);
        }
    }
}

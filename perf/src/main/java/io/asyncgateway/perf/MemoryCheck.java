package io.asyncgateway.perf;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Checks what idle connections, a slow reader and a fast sender make the server hold. Each check has a server process of its own with a heap of
 * 256 MiB. Exits with 1 where a bound is missed.
 */
public final class MemoryCheck {
    /** What a single peer may move the heap by. */
    static final long BOUND = 2 * 1024 * 1024;

    private static final int PORT = 18_103;
    private static final int SERVER_PROCESSOR = 0;
    private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC");
    private static final int IDLE_CONNECTIONS = 10_000;
    private static final int SECONDS = 15;

    private MemoryCheck() {}

    /** A check against a server at {@link #PORT}: what it found, and whether that is good enough. */
    private interface Check {
        Finding run(ServerProcess server, int port) throws IOException, InterruptedException;
    }

    /**
     * One line of the outcome.
     *
     * @param text what was found
     * @param met whether it is within the bound
     */
    record Finding(String text, boolean met) {}

    /**
     * Runs the checks and prints a line for each.
     *
     * @param args none
     * @throws IOException if a server can't be started or reached
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean met = check("idle connections", "reference", new IdleConnections(IDLE_CONNECTIONS)::run);
        met &= check("slow reader", "reference", new SlowClient(SECONDS)::run);
        met &= check("fast WebSocket sender", "slow", new FastSender(SECONDS)::run);
        System.exit(met ? 0 : 1);
    }

    private static boolean check(String name, String application, Check check)
            throws IOException, InterruptedException {
        // Idle connections must outlive the check; every other limit and timeout is the default.
        try (ServerProcess server =
                ServerProcess.start(SERVER_PROCESSOR, JVM_OPTIONS, GatewayServer.class, PORT, 1, application, 600)) {
            Finding finding = check.run(server, PORT);
            System.out.printf(Locale.ROOT, "%-22s %s: %s%n", name, finding.met() ? "met" : "MISSED", finding.text());
            return finding.met();
        }
    }
}

package io.asyncgateway.perf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Checks what {@code docs/blocking.md} promises of the worker pool: its bounds, what a request on it costs, bodies larger than the heap, and how soon a thread hears that
 * its client has left. Exits with 1 where a bar is missed.
 */
public final class WorkerPoolCheck {
    private static final int PORT = 18_104;
    private static final int SERVER_PROCESSOR = 0;
    private static final int LOAD_PROCESSOR = 1;
    private static final int VIRTUAL_THREADS_SINCE = 21;

    private WorkerPoolCheck() {}

    /** A check against a server. */
    private interface Check {
        MemoryCheck.Finding run(ServerProcess server, int port) throws IOException, InterruptedException;
    }

    /**
     * Runs the checks and prints a line for each.
     *
     * @param args those to run, of {@code bounds}, {@code virtual}, {@code bodies}, {@code leaving} and {@code cost}; none for all
     * @throws IOException if a server can't be started or reached
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> names =
                args.length == 0 ? List.of("bounds", "virtual", "bodies", "leaving", "cost") : List.of(args);
        moveToLoadProcessor();
        boolean met = true;
        for (String name : names) {
            met &= switch (name) {
                case "bounds" -> check(name, 256, 4, 8, false, PoolBounds::run);
                case "virtual" ->
                    Runtime.version().feature() < VIRTUAL_THREADS_SINCE
                            ? leftOut(name)
                            : check(name, 256, 400, 8, true, (server, port) -> VirtualWait.run(port, LOAD_PROCESSOR));
                case "bodies" -> check(name, 128, 4, 8, false, LargeBodies::run);
                case "leaving" -> check(name, 128, 4, 8, false, LeavingClients::run);
                case "cost" ->
                    check(name, 512, 40, 1000, false, (server, port) -> PoolCost.run(server, port, LOAD_PROCESSOR));
                default ->
                    throw new IllegalArgumentException(
                            "check: " + name + " (expected: bounds, virtual, bodies, leaving or cost)");
            };
        }
        System.exit(met ? 0 : 1);
    }

    private static boolean leftOut(String name) {
        System.out.println(name + ": left out, Java " + Runtime.version().feature() + " has no virtual threads");
        return true;
    }

    private static boolean check(String name, int mebibytes, int threads, int queue, boolean virtual, Check check)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("-Xmx" + mebibytes + "m", "-XX:+UseSerialGC"));
        options.add("--add-opens=java.base/java.lang=ALL-UNNAMED"); // as the command has it
        try (ServerProcess server =
                ServerProcess.start(SERVER_PROCESSOR, options, BlockingServer.class, PORT, threads, queue, virtual)) {
            MemoryCheck.Finding finding = check.run(server, PORT);
            System.out.printf(Locale.ROOT, "%-8s %s: %s%n", name, finding.met() ? "met" : "MISSED", finding.text());
            return finding.met();
        }
    }

    /** The clients are threads of this process. They are not to take the server's processor. */
    private static void moveToLoadProcessor() throws IOException, InterruptedException {
        String pid = Long.toString(ProcessHandle.current().pid());
        int exit = new ProcessBuilder("taskset", "-a", "-cp", Integer.toString(LOAD_PROCESSOR), pid)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("taskset: exit code " + exit);
        }
    }
}

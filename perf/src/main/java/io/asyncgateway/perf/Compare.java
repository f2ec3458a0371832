package io.asyncgateway.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the processor time that a request costs the whole server process, ours and raw Netty's side by side. {@code perf/README.md} says
 * what it does and how to read it.
 */
public final class Compare {
    private static final int SERVER_PROCESSOR = 0;
    private static final int LOAD_PROCESSOR = 1;
    private static final int RAW_PORT = 18_101;
    private static final int GATEWAY_PORT = 18_102;
    private static final String KEEP_ALIVE_SECONDS = "60";

    private final Options options;

    private Compare(Options options) {
        this.options = options;
    }

    /**
     * Runs the comparison and prints a table.
     *
     * @param args see {@link Options}
     * @throws IOException if a server or the load generator fails
     */
    public static void main(String[] args) throws IOException {
        if (List.of(args).contains("--help")) {
            System.out.println(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.of(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        new Compare(options).run();
    }

    private void run() throws IOException {
        System.out.printf(
                "%s; %d rounds of %d s after %d s of warm-up; load average %s%n",
                Runtime.version(), options.rounds(), options.seconds(), options.warmup(), loadAverage());
        System.out.println(Result.HEADING);
        for (Scenario scenario : options.scenarios()) {
            try (Load load = load(scenario)) {
                System.out.println(measure(scenario, load));
            }
        }
    }

    private Load load(Scenario scenario) throws IOException {
        return scenario == Scenario.WEBSOCKET
                ? new WebSocketLoad(LOAD_PROCESSOR, options.connections())
                : new Wrk(LOAD_PROCESSOR, options.connections());
    }

    /** New processes for each scenario, so that what the JIT compiler learned from one does not color the next. */
    private Result measure(Scenario scenario, Load load) throws IOException {
        List<Cost> raw = new ArrayList<>();
        List<Cost> gateway = new ArrayList<>();
        try (ServerProcess rawServer = start(RawNetty.class, RAW_PORT, 1)) {
            if (!options.gateway()) {
                warmUp(load, RAW_PORT, scenario);
                for (int round = 0; round < options.rounds(); round++) {
                    raw.add(round(load, rawServer, RAW_PORT, scenario, options.seconds()));
                }
                return new Result(scenario, raw, gateway);
            }
            try (ServerProcess ours = start(GatewayServer.class, GATEWAY_PORT, 1, "reference", KEEP_ALIVE_SECONDS)) {
                warmUp(load, RAW_PORT, scenario);
                warmUp(load, GATEWAY_PORT, scenario);
                for (int round = 0; round < options.rounds(); round++) {
                    raw.add(round(load, rawServer, RAW_PORT, scenario, options.seconds()));
                    gateway.add(round(load, ours, GATEWAY_PORT, scenario, options.seconds()));
                }
            }
        }
        return new Result(scenario, raw, gateway);
    }

    private ServerProcess start(Class<?> main, Object... arguments) throws IOException {
        return ServerProcess.start(SERVER_PROCESSOR, options.jvmOptions(), main, arguments);
    }

    private void warmUp(Load load, int port, Scenario scenario) throws IOException {
        load.run(port, scenario, options.warmup());
    }

    static Cost round(Load load, ServerProcess server, int port, Scenario scenario, int seconds) throws IOException {
        CpuTime before = server.cpu();
        long requests = load.run(port, scenario, seconds);
        CpuTime used = server.cpu().minus(before);
        return new Cost(used.microseconds() / requests, used.userMicroseconds() / requests, requests);
    }

    private static String loadAverage() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
    }
}

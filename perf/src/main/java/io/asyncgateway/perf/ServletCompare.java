package io.asyncgateway.perf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the processor time that a trivial servlet costs the whole server process, on Jetty's own connector and over ours side by side. {@code perf/README.md} says
 * what it does and how to read it.
 */
public final class ServletCompare {
    private static final double BAR = 1.5;
    private static final int SERVER_PROCESSOR = 0;
    private static final int LOAD_PROCESSOR = 1;
    private static final int JETTY_PORT = 18_103;
    private static final int GATEWAY_PORT = 18_104;

    private ServletCompare() {}

    /**
     * Runs the comparison and prints a table.
     *
     * @param args see {@link Options}
     * @throws IOException if a server or the load generator fails
     */
    public static void main(String[] args) throws IOException {
        Options options = Options.of(args);
        System.out.println("scenario    Jetty: µs (user)       gateway: µs (user)   ratio (lowest-highest)   bar");
        for (Scenario scenario : List.of(Scenario.PLAINTEXT, Scenario.HEADERS)) {
            try (Load load = new Wrk(LOAD_PROCESSOR, options.connections())) {
                System.out.println(measure(scenario, options, load));
            }
        }
    }

    private static String measure(Scenario scenario, Options options, Load load) throws IOException {
        List<Cost> jetty = new ArrayList<>();
        List<Cost> gateway = new ArrayList<>();
        try (ServerProcess theirs =
                        ServerProcess.start(SERVER_PROCESSOR, options.jvmOptions(), JettyServer.class, JETTY_PORT);
                ServerProcess ours = ServerProcess.start(
                        SERVER_PROCESSOR, options.jvmOptions(), GatewayServer.class, GATEWAY_PORT, 1, "servlet", 60)) {
            load.run(JETTY_PORT, scenario, options.warmup());
            load.run(GATEWAY_PORT, scenario, options.warmup());
            for (int round = 0; round < options.rounds(); round++) {
                jetty.add(Compare.round(load, theirs, JETTY_PORT, scenario, options.seconds()));
                gateway.add(Compare.round(load, ours, GATEWAY_PORT, scenario, options.seconds()));
            }
        }
        return new Result(scenario.label(), BAR, jetty, gateway).toString();
    }
}

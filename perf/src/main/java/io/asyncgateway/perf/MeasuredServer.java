package io.asyncgateway.perf;

import io.asyncgateway.api.Application;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.Server;
import io.asyncgateway.server.ServerConfig;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/** Our server as a process that is measured: from its start to the end of standard input. */
final class MeasuredServer {
    private MeasuredServer() {}

    /** Serves until standard input ends. For the main thread: it waits. */
    static void run(Application application, ServerConfig config) {
        run(application, config, server -> Map.of());
    }

    /** The same with questions of its own about the server that runs, see {@link Console}. */
    static void run(
            Application application,
            ServerConfig config,
            Function<RunningServer, Map<String, Supplier<String>>> answers) {
        // Both waits are the main thread's, which is no event loop and has nothing else to do.
        RunningServer server =
                Objects.requireNonNull(Server.of(application, config).start().block());
        Console.serve(answers.apply(server), () -> server.shutdown().block());
    }
}

package io.asyncgateway.perf;

import io.asyncgateway.api.Application;
import io.asyncgateway.samples.Reference;
import io.asyncgateway.server.ServerConfig;
import io.asyncgateway.server.Timeouts;
import io.asyncgateway.server.Tls;
import io.asyncgateway.server.TransportOptions;
import io.asyncgateway.servlet.ServletApplication;
import java.nio.file.Path;
import java.time.Duration;

/** Our server as a process to be measured, with every limit and timeout at its default unless a check needs another. */
public final class GatewayServer {
    private GatewayServer() {}

    /**
     * Serves until standard input ends.
     *
     * @param args the port, the number of event loops, the application ({@code reference}, {@code slow}, {@code servlet} or {@code streams}), and the seconds that an idle
     *     connection is kept; for TLS also the files of a certificate and its key
     */
    public static void main(String[] args) {
        TransportOptions transport = TransportOptions.defaults().withEventLoops(Integer.parseInt(args[1]));
        Timeouts timeouts = Timeouts.defaults().withKeepAlive(Duration.ofSeconds(Integer.parseInt(args[3])));
        ServerConfig config = ServerConfig.defaults()
                .withAddress("127.0.0.1", Integer.parseInt(args[0]))
                .withTransport(transport)
                .withTimeouts(timeouts)
                .withTls(args.length < 6 ? null : Tls.of(Path.of(args[4]), Path.of(args[5])));
        MeasuredServer.run(application(args[2]), config);
    }

    private static Application application(String name) {
        return switch (name) {
            case "reference" -> new Reference();
            case "slow" -> new SlowReader();
            case "servlet" -> ServletApplication.of(new PlainServlet());
            case "streams" -> ServletApplication.of(new StreamingServlet());
            default ->
                throw new IllegalArgumentException(
                        "application: " + name + " (expected: reference, slow, servlet or streams)");
        };
    }
}

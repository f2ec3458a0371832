package io.asyncgateway.perf;

import io.asyncgateway.samples.Reference;
import io.asyncgateway.server.ServerConfig;
import io.asyncgateway.server.Tls;
import java.nio.file.Path;

/** The sample {@code Reference} on our server over TLS, with every default. */
public final class TlsServer {
    private TlsServer() {}

    /**
     * Serves until standard input ends.
     *
     * @param args the port, the certificate's file and the key's
     */
    public static void main(String[] args) {
        ServerConfig config = ServerConfig.defaults()
                .withAddress("127.0.0.1", Integer.parseInt(args[0]))
                .withTls(Tls.of(Path.of(args[1]), Path.of(args[2])));
        MeasuredServer.run(new Reference(), config);
    }
}

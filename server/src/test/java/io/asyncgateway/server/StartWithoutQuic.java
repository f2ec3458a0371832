package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Starts a server without HTTP/3, and one with it, and prints what became of each; for a process whose class path is not that of the tests. */
final class StartWithoutQuic {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private StartWithoutQuic() {}

    /** Takes the files of a certificate and of its key. */
    public static void main(String[] args) {
        Tls tls = Tls.of(List.of(TlsCertificate.of(Path.of(args[0]), Path.of(args[1]))));
        ServerConfig config =
                ServerConfig.defaults().withAddress("127.0.0.1", 0).withTls(tls);
        start(config);
        start(config.withHttp3(Http3Options.defaults().withEnabled(true)));
    }

    private static void start(ServerConfig config) {
        Application application = Applications.builder()
                .http((scope, receive, send) -> Http.respond(send, 200, "hello"))
                .build();
        try {
            RunningServer server = Server.of(application, config).start().block(PATIENCE);
            System.out.println(server.phase());
            server.force().block(PATIENCE);
        } catch (ServerException refused) {
            System.out.println(refused.getMessage());
        }
    }
}

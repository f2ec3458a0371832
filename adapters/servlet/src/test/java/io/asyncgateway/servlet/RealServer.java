package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.Server;
import io.asyncgateway.server.ServerConfig;
import io.asyncgateway.server.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A server of this project with an application, and a client. No event loop has blocked when it is closed. */
final class RealServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RunningServer server;
    private final String scheme;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RealServer(RunningServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
    }

    static RealServer of(Application application) {
        return start(application, ServerConfig.defaults(), "http");
    }

    /** Its clients are the test's own, with certificates that the server trusts. */
    static RealServer of(Application application, Tls tls) {
        return start(application, ServerConfig.defaults().withTls(tls), "https");
    }

    private static RealServer start(Application application, ServerConfig config, String scheme) {
        BlockingCalls.take();
        RunningServer server = Server.of(application, config.withAddress("127.0.0.1", 0))
                .start()
                .block(PATIENCE);
        return new RealServer(server, scheme);
    }

    int port() {
        return server.port();
    }

    int exchanges() {
        return server.exchanges();
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port() + target))
                .timeout(PATIENCE);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return send(request, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        return client.send(request.build(), body);
    }

    HttpResponse<String> get(String target) throws IOException, InterruptedException {
        return send(request(target));
    }

    @Override
    public void close() {
        server.shutdown().block(PATIENCE);
        assertThat(BlockingCalls.take()).as("calls that blocked an event loop").isEmpty();
    }
}

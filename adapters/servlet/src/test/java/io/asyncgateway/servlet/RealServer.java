package io.asyncgateway.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Application;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.Server;
import io.asyncgateway.server.ServerConfig;
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
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RealServer(RunningServer server) {
        this.server = server;
    }

    static RealServer of(Application application) {
        BlockingCalls.take();
        RunningServer server = Server.of(application, ServerConfig.defaults().withAddress("127.0.0.1", 0))
                .start()
                .block(PATIENCE);
        return new RealServer(server);
    }

    int port() {
        return server.port();
    }

    int exchanges() {
        return server.exchanges();
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + target))
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

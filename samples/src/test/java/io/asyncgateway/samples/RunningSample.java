package io.asyncgateway.samples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Application;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.Server;
import io.asyncgateway.server.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A sample on a real server, and the clients of its tests. */
public final class RunningSample implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final RunningServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public RunningSample(Application application) {
        this(application, ServerConfig.defaults());
    }

    /** Configured so, but for its address, which is a free one. */
    public RunningSample(Application application, ServerConfig config) {
        server = Server.of(application, config.withAddress("127.0.0.1", 0))
                .start()
                .block(LIMIT);
    }

    public RunningServer server() {
        return server;
    }

    public HttpClient client() {
        return client;
    }

    public URI uri(String scheme, String target) {
        return URI.create(scheme + "://127.0.0.1:" + server.port() + target);
    }

    public HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(uri("http", target)).timeout(LIMIT);
    }

    public HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    public HttpResponse<byte[]> get(String target) throws IOException, InterruptedException {
        return send(request(target));
    }

    /** Everything that the server sends on a connection, for what the client above does not show. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Override
    public void close() {
        server.shutdown().block(LIMIT);
    }
}

package io.asyncgateway.cli;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of what stands in front of the server. */
final class Web {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    Web(int port) {
        this.port = port;
    }

    /** The body of a response, which must be 200; name and value of further fields one after the other. */
    String get(String target, String... fields) throws Exception {
        return send(request(target, fields).GET());
    }

    String post(String target, byte[] body) throws Exception {
        return send(
                request(target).POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
    }

    private HttpRequest.Builder request(String target, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .timeout(PATIENCE);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return request;
    }

    private String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(response + ": " + response.body());
        }
        return response.body();
    }

    /** Opens a WebSocket, sends a text, and closes; the first two messages that come, with a blank between. */
    String webSocket(String target, String text) throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + target), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        messages.add(data.toString());
                        from.request(1);
                        return null;
                    }
                })
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        socket.sendText(text, true);
        String received = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS) + " "
                + messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return received;
    }
}

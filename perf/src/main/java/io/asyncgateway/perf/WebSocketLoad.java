package io.asyncgateway.perf;

import java.io.IOException;
import java.util.List;

/** WebSocket load by a process of our own ({@link WebSocketClients}), which stays so that it is warm. */
final class WebSocketLoad implements Load {
    private final int connections;
    private final ServerProcess clients;

    WebSocketLoad(int processor, int connections) throws IOException {
        this.connections = connections;
        this.clients = ServerProcess.start(
                processor, List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC"), WebSocketClients.class);
    }

    @Override
    public long run(int port, Scenario scenario, int seconds) throws IOException {
        String answer = clients.ask(port + " " + scenario.path() + " " + connections + " " + seconds);
        if (!answer.matches("\\d+")) {
            throw new IOException("WebSocket clients said: " + answer);
        }
        return Long.parseLong(answer);
    }

    @Override
    public void close() throws IOException {
        clients.close();
    }
}

package io.asyncgateway.samples.chat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A {@code redis-server} of a test's own, on a free port; killed, it comes back on the same one with all that it had answered. */
final class RedisProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Ready to accept connections");

    private final Path folder;
    private final int port;
    private ChildProcess process;

    RedisProcess(Path folder) throws IOException {
        this.folder = folder;
        this.port = freePort();
        this.process = start();
    }

    /** The settings of a chat over it. */
    Map<String, String> settings() {
        return Map.of("redis", uri());
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** As if the power had failed. */
    void kill() {
        process.close();
    }

    /** After {@link #kill()}. */
    void restart() throws IOException {
        process = start();
    }

    private ChildProcess start() throws IOException {
        List<String> command = new ArrayList<>(List.of("redis-server", "--bind", "127.0.0.1"));
        command.addAll(List.of("--port", String.valueOf(port), "--dir", folder.toString()));
        command.addAll(List.of("--save", "", "--appendonly", "yes", "--appendfsync", "always"));
        ChildProcess started = ChildProcess.start(Path.of("."), Map.of(), command);
        try {
            started.awaitOutput(READY);
            return started;
        } catch (RuntimeException | Error failure) {
            started.close(); // no test has it yet
            throw failure;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}

package io.asyncgateway.websocket.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A real {@code redis-server} of a test's own: on a free port, in a folder of its own, ended with the test. Without {@code redis-server} on the machine
 * the test is skipped and says so; where {@code CI=true} it fails.
 */
public final class RedisServer implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final int port;
    private final Path folder;
    private final List<String> options;
    private Process process;

    private RedisServer(int port, List<String> options) {
        this.port = port;
        this.options = options;
        try {
            this.folder = Files.createTempDirectory("redis-test-");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Without persistence: what is killed comes back empty. */
    public static RedisServer start(String... options) {
        List<String> all = new ArrayList<>(List.of("--save", "", "--appendonly", "no"));
        all.addAll(List.of(options));
        return started(all);
    }

    /** Everything is on disk before it is answered: what is killed comes back as it was. */
    public static RedisServer startDurable(String... options) {
        List<String> all = new ArrayList<>(List.of("--save", "", "--appendonly", "yes", "--appendfsync", "always"));
        all.addAll(List.of(options));
        return started(all);
    }

    /** A Sentinel that alone decides when a primary is gone, and soon. */
    static RedisServer startSentinel(String name, RedisServer primary) {
        requireInstalled();
        RedisServer server = new RedisServer(freePort(), List.of("--sentinel"));
        String configuration = """
                sentinel monitor %1$s 127.0.0.1 %2$d 1
                sentinel down-after-milliseconds %1$s 500
                sentinel failover-timeout %1$s 2000
                """.formatted(name, primary.port);
        try {
            Files.writeString(server.folder.resolve("sentinel.conf"), configuration);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return server.started();
    }

    private static RedisServer started(List<String> options) {
        requireInstalled();
        return new RedisServer(freePort(), options).started();
    }

    /** Where it does not come to answer, it is ended, for then no test has it to close. */
    private RedisServer started() {
        try {
            run();
            return this;
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    static void requireInstalled() {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "redis-server")));
        if (!installed) {
            String message =
                    "redis-server is not installed (expected: on the PATH, as by apt-get install redis-server)";
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                Assertions.fail(message + "; in CI this test is never skipped");
            }
            Assumptions.abort("SKIPPED: " + message);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void run() {
        List<String> command = new ArrayList<>();
        command.add("redis-server");
        if (options.contains("--sentinel")) {
            command.add(folder.resolve("sentinel.conf").toString());
        }
        command.addAll(List.of("--port", String.valueOf(options.contains("--tls-port") ? 0 : port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString(), "--daemonize", "no"));
        command.addAll(options);
        command.replaceAll(argument -> argument.equals("PORT") ? String.valueOf(port) : argument);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Awaitility.await("redis-server on " + port).atMost(SOON).until(this::answers);
    }

    private boolean answers() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("redis-server has ended:\n" + Files.readString(folder.resolve("log")));
        }
        if (options.contains("--tls-port") || options.contains("--requirepass")) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        }
        try {
            return command("PING").startsWith("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    Path folder() {
        return folder;
    }

    /** Sends a command by a connection of its own, and gives the beginning of the answer as it comes over the wire. */
    public String command(String... words) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            socket.setSoTimeout(5_000);
            StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                text.append('$')
                        .append(word.getBytes(StandardCharsets.UTF_8).length)
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            OutputStream out = socket.getOutputStream();
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[65_536];
            int length = in.read(answer);
            return length < 0 ? "" : new String(answer, 0, length, StandardCharsets.UTF_8);
        }
    }

    /** SIGKILL, as if the power had failed. */
    public void kill() {
        if (process == null) {
            return; // it could not even be started
        }
        try {
            process.destroyForcibly().waitFor(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** On the same port and folder, after {@link #kill()}. */
    public void restart() {
        run();
    }

    @Override
    public void close() {
        kill();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

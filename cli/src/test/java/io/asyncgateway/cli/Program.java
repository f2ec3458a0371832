package io.asyncgateway.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A program of the system that a test runs beside the server. Without it the test is skipped; in continuous integration it fails. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> MORE_FOLDERS = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    private final Process process;
    private final Path output;

    private Program(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** The path of a program. */
    static String path(String name) {
        Stream<String> folders = Arrays.stream(System.getenv("PATH").split(":"));
        return Stream.concat(folders, MORE_FOLDERS.stream())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseGet(() -> missing(name));
    }

    private static String missing(String name) {
        String message = name + " is not installed (.ci/run does that)";
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(message);
        }
        return abort(message);
    }

    /** Starts a program that listens on a port, and waits until it does; where it does not, it is ended. */
    static Program listening(Path folder, int port, String... command) throws IOException {
        Path output = Files.createTempFile(folder, "program", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Program program = new Program(process, output);
        try {
            await(command[0]).atMost(PATIENCE).until(() -> program.isListening(port));
            return program;
        } catch (RuntimeException | Error failure) {
            program.close();
            throw failure;
        }
    }

    private boolean isListening(int port) throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("ended: " + Files.readString(output));
        }
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Runs a program that reads nothing to its end; what it says. */
    static String run(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(path(name)));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** Makes a certificate for 127.0.0.1 that is its own issuer, and its key. */
    static void certify(Path certificate, Path key) throws IOException, InterruptedException {
        run(
                "openssl",
                ("req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=probe -addext subjectAltName=IP:127.0.0.1 -out "
                                + certificate + " -keyout " + key)
                        .split(" "));
    }

    /** A file of the documentation as a test needs it: each key, which must be there, replaced by its value. */
    static Path adapted(Path source, Path target, Map<String, String> replacements) throws IOException {
        String text = Files.readString(source);
        for (Map.Entry<String, String> replacement : replacements.entrySet()) {
            if (!text.contains(replacement.getKey())) {
                throw new AssertionError(source + " without " + replacement.getKey());
            }
            text = text.replace(replacement.getKey(), replacement.getValue());
        }
        return Files.writeString(target, text);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }
}

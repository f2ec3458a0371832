package io.asyncgateway.cli;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The command in a process of its own. */
final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern RUNNING = Pattern.compile("running on .*?[\\d\\]]:(\\d+)");

    private final Process process;
    private final StringBuffer out = new StringBuffer();
    private final StringBuffer err = new StringBuffer();
    private final List<Thread> readers = new ArrayList<>();

    private ServerProcess(Process process) {
        this.process = process;
        readers.add(reader(process.getInputStream(), out));
        readers.add(reader(process.getErrorStream(), err));
    }

    static ServerProcess start(String... args) throws IOException {
        return startBy(List.of(), args);
    }

    /** Starts it without those jars whose name contains a text. */
    static ServerProcess startWithout(String jar, String... args) throws IOException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains(jar))
                .collect(Collectors.joining(File.pathSeparator));
        return startBy(List.of(), classPath, args);
    }

    /** Starts it as the last arguments of another command. */
    static ServerProcess startBy(List<String> starter, String... args) throws IOException {
        return startBy(starter, System.getProperty("java.class.path"), args);
    }

    private static ServerProcess startBy(List<String> starter, String classPath, String[] args) throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                // As the manifest of the runnable jar says it.
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                classPath,
                Main.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith(Environment.PREFIX)
                        || name.equals("JAVA_TOOL_OPTIONS")
                        || name.equals("JDK_JAVA_OPTIONS"));
        return new ServerProcess(builder.start());
    }

    /** Starts the tests' application on a free port, and waits until it serves. */
    static ServerProcess serving(String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of("--port", "0", ProbeApplication.class.getName()));
        all.addAll(List.of(args));
        return start(all.toArray(new String[0])).awaitRunning();
    }

    private static Thread reader(InputStream stream, StringBuffer text) {
        Thread thread = new Thread(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    text.append(line).append('\n');
                }
            } catch (IOException closed) {
                // by close(), which may come while a line is read
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    int port() {
        Matcher running = RUNNING.matcher(err);
        if (!running.find()) {
            throw new AssertionError("no address in: " + err);
        }
        return Integer.parseInt(running.group(1));
    }

    /** Waits until it serves; where it does not, it is ended, for then no test has it to close. */
    ServerProcess awaitRunning() {
        try {
            awaitErr("running on");
            return this;
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /** Waits for a text on standard error. */
    void awaitErr(String text) {
        await(text).atMost(PATIENCE).until(() -> {
            if (!process.isAlive() && err.indexOf(text) < 0) {
                end();
                if (err.indexOf(text) < 0) {
                    throw new AssertionError("ended without \"" + text + "\": " + err);
                }
            }
            return err.indexOf(text) >= 0;
        });
    }

    /** Sends a signal by its name: TERM, INT. */
    void signal(String name) throws Exception {
        int killed = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (killed != 0) {
            throw new AssertionError("kill: exit code " + killed);
        }
    }

    /** Waits for the end; the exit code. */
    int end() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still alive: " + err);
        }
        for (Thread reader : readers) {
            reader.join(PATIENCE.toMillis());
        }
        return process.exitValue();
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

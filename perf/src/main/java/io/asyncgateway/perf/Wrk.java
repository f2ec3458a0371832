package io.asyncgateway.perf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP load by {@code wrk} (Debian: {@code apt-get install wrk}). */
final class Wrk implements Load {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");

    /** A late answer ("timeout") is no failure: another process may have had the processor. */
    private static final Pattern PROBLEMS =
            Pattern.compile("Non-2xx or 3xx responses|Socket errors: (?!connect 0, read 0, write 0)");

    private final int processor;
    private final int connections;
    private final Path scripts;

    Wrk(int processor, int connections) throws IOException {
        this.processor = processor;
        this.connections = connections;
        this.scripts = Files.createTempDirectory("async-gateway-perf-");
    }

    @Override
    public long run(int port, Scenario scenario, int seconds) throws IOException {
        List<String> command = command(seconds);
        for (String field : scenario.fields()) {
            command.addAll(List.of("-H", field));
        }
        if (!scenario.script().isEmpty()) {
            command.addAll(List.of("-s", script(scenario.script()).toString()));
        }
        command.add(uri(port, scenario.path()));
        return requests(output(command));
    }

    /** The same with a path alone. */
    long run(int port, String path, int seconds) throws IOException {
        List<String> command = command(seconds);
        command.add(uri(port, path));
        return requests(output(command));
    }

    private List<String> command(int seconds) {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(processor), "wrk", "-t1"));
        command.addAll(List.of("-c" + connections, "-d" + seconds + "s"));
        return command;
    }

    private static String uri(int port, String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static long requests(String output) throws IOException {
        Matcher requests = REQUESTS.matcher(output);
        if (!requests.find() || PROBLEMS.matcher(output).find()) {
            throw new IOException("wrk said:\n" + output);
        }
        return Long.parseLong(requests.group(1));
    }

    private Path script(String name) throws IOException {
        Path file = scripts.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = Objects.requireNonNull(Wrk.class.getResourceAsStream(name), name)) {
                Files.copy(in, file);
            }
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        for (String name : List.of("pipelined.lua", "echo.lua")) {
            Files.deleteIfExists(scripts.resolve(name));
        }
        Files.deleteIfExists(scripts);
    }
}

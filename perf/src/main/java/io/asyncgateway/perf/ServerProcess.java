package io.asyncgateway.perf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A JVM of its own, which ends with this tool. It speaks {@link Console}. */
final class ServerProcess implements AutoCloseable {
    private static final long ANSWER_SECONDS = 60;

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    private ServerProcess(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        this.questions = process.outputWriter(StandardCharsets.US_ASCII);
    }

    /** Starts a main class on one processor and waits until it says that it is ready. */
    static ServerProcess start(int processor, List<String> jvmOptions, Class<?> main, Object... arguments)
            throws IOException {
        return start(List.of("taskset", "-c", Integer.toString(processor)), jvmOptions, main, arguments);
    }

    /** Starts a main class on all processors, which it shares with this tool, and waits until it says that it is ready. */
    static ServerProcess startOnAll(List<String> jvmOptions, Class<?> main, Object... arguments) throws IOException {
        return start(List.of(), jvmOptions, main, arguments);
    }

    private static ServerProcess start(
            List<String> launcher, List<String> jvmOptions, Class<?> main, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // JDK 22 and later warn about Netty's native library without it; 17 knows it.
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ServerProcess started = new ServerProcess(process);
        String answer = started.answer();
        if (!answer.equals(Console.READY)) {
            started.close();
            throw new IOException(main.getSimpleName() + " said: " + answer + " (expected: " + Console.READY + ")");
        }
        return started;
    }

    long pid() {
        return process.pid();
    }

    CpuTime cpu() throws IOException {
        return CpuTime.of(pid());
    }

    /** Asks one line, reads one line. */
    String ask(String question) throws IOException {
        questions.write(question + "\n");
        questions.flush();
        return answer();
    }

    private String answer() throws IOException {
        try {
            String line = CompletableFuture.supplyAsync(this::readLine).get(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (line.isEmpty()) {
                throw new IOException("process " + pid() + " has ended");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("process " + pid() + " gave no answer for " + ANSWER_SECONDS + " s", e);
        }
    }

    private String readLine() {
        try {
            String line = answers.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it, in order if it can. */
    @Override
    public void close() throws IOException {
        try {
            questions.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}

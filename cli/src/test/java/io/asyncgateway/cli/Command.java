package io.asyncgateway.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The command in this JVM: signals come from the test, and the process does not end. */
final class Command {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicReference<Signals.Handler> handler = new AtomicReference<>();
    private final AtomicReference<Runnable> reload = new AtomicReference<>();
    private final Signals signals = new Signals() {
        @Override
        public void onStop(Handler stop) {
            handler.set(stop);
        }

        @Override
        public void onReload(Runnable again) {
            reload.set(again);
        }
    };
    private final ServerRun.Starter starter;
    final AtomicInteger halted = new AtomicInteger(-1);

    Command(ServerRun.Starter starter) {
        this.starter = starter;
    }

    /** A command whose server is never started. */
    static Command withoutServer() {
        return new Command((application, config) -> {
            throw new AssertionError("started");
        });
    }

    int run(Map<String, String> env, String... args) {
        Main main = new Main(starter, signals, halted::set);
        return main.run(args, stream(out), stream(err), env);
    }

    int run(String... args) {
        return run(Map.of(), args);
    }

    CompletableFuture<Integer> begin(String... args) {
        return CompletableFuture.supplyAsync(() -> run(args), task -> new Thread(task, "command").start());
    }

    void signal(Signals.StopSignal signal) {
        handler.get().received(signal);
    }

    void hangUp() {
        reload.get().run();
    }

    boolean listens() {
        return handler.get() != null;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}

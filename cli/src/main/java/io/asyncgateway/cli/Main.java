package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import io.asyncgateway.cli.log.AccessLogWriter;
import io.asyncgateway.cli.log.LogSetup;
import io.asyncgateway.cli.log.Terminal;
import io.asyncgateway.server.AccessLog;
import io.asyncgateway.server.Server;
import io.asyncgateway.server.ServerConfig;
import io.asyncgateway.server.Tls;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The command {@code async-gateway}. */
public final class Main {
    private final ServerRun.Starter starter;
    private final Signals signals;
    private final IntConsumer halt;

    Main(ServerRun.Starter starter, Signals signals, IntConsumer halt) {
        this.starter = starter;
        this.signals = signals;
        this.halt = halt;
    }

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param args options and a target; {@code --help} tells
     */
    public static void main(String[] args) {
        Main main = new Main(
                (application, config) -> Server.of(application, config).start(),
                new OsSignals(),
                Runtime.getRuntime()::halt);
        refuseRenegotiation();
        int exitCode = ExitCode.START_FAILED;
        try {
            exitCode = main.run(args, System.out, System.err, System.getenv());
        } catch (RuntimeException | Error e) {
            e.printStackTrace(System.err);
        }
        // Not by returning: the application may have threads that nobody ends.
        System.exit(exitCode);
    }

    /** TLS 1.2 of the JDK lets clients renegotiate as often as they like, at the server's cost; it can be told for the whole process alone. */
    private static void refuseRenegotiation() {
        System.getProperties().putIfAbsent("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    /**
     * Runs the command.
     *
     * @return the exit code
     */
    int run(String[] args, PrintStream out, PrintStream err, Map<String, String> env) {
        try {
            Arguments arguments = Arguments.parse(args);
            if (arguments.help()) {
                out.print(Usage.text());
                out.flush();
                return ExitCode.OK;
            }
            if (arguments.version()) {
                out.println(Version.text());
                return ExitCode.OK;
            }
            Environment environment = Environment.of(env);
            Launch launch =
                    Precedence.resolve(List.of(file(arguments, environment), environment.given(), arguments.given()));
            SystemdSockets systemd =
                    SystemdSockets.of(env, ProcessHandle.current().pid());
            List<String> warnings = Stream.concat(environment.warnings().stream(), systemd.warnings().stream())
                    .toList();
            return serve(
                    launch.withBinding(binding -> binding.withActivated(systemd.addresses())),
                    warnings,
                    new Streams(out, err, Terminal.colored(env)));
        } catch (UsageException e) {
            complain(err, e);
            return ExitCode.USAGE;
        }
    }

    private record Streams(PrintStream out, PrintStream err, boolean colors) {}

    private static List<Given> file(Arguments arguments, Environment environment) {
        String name = arguments.config() != null ? arguments.config() : environment.config();
        return name == null ? List.of() : ConfigFile.read(name);
    }

    private int serve(Launch launch, List<String> warnings, Streams streams) {
        Target target = launch.application().target();
        if (target == null) {
            throw new UsageException("no TARGET (expected: " + Target.EXPECTED + "; --help shows the options)");
        }
        ProxyTable.check(launch.server().proxies());
        try {
            return logged(target, launch, warnings, streams);
        } catch (StartException e) {
            complain(streams.err, e);
            if (launch.log().levelOrDefault().showsStackTraces() && e.getCause() != null) {
                e.getCause().printStackTrace(streams.err);
            }
            return ExitCode.START_FAILED;
        }
    }

    private int logged(Target target, Launch launch, List<String> warnings, Streams streams) {
        LogSetup log = log(launch, streams);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            warnings.forEach(LoggerFactory.getLogger(Main.class)::warn);
            ClassLoader loader = ApplicationClassPath.loader(launch.application(), Main.class.getClassLoader());
            thread.setContextClassLoader(loader);
            Application application = ApplicationLoader.load(target, launch, loader);
            return serve(application, launch, streams.out);
        } finally {
            thread.setContextClassLoader(before);
            log.close();
        }
    }

    private int serve(Application application, Launch launch, PrintStream out) {
        // Before anything is opened.
        Tls tls = launch.tls().tls();
        if (tls == null && launch.server().http3().enabled()) {
            throw new UsageException("http3: true (expected: ssl-certfile too, for HTTP/3 is always encrypted)");
        }
        try (AccessLogWriter writer = accessLog(launch, out)) {
            ServerConfig config = launch.server()
                    .withAddresses(launch.binding().addresses())
                    .withTls(tls)
                    .withAccessLog(writer == null ? AccessLog.NONE : writer);
            return ServerRun.run(starter, application, config, signals, halt);
        }
    }

    private static LogSetup log(Launch launch, Streams streams) {
        try {
            return LogSetup.install(launch.log(), streams.err, streams.colors);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable AccessLogWriter accessLog(Launch launch, PrintStream out) {
        if (!launch.accessLog().enabled()) {
            return null;
        }
        try {
            return AccessLogWriter.open(launch.accessLog(), out);
        } catch (IOException e) {
            throw new StartException("can't open the access log: " + e.getMessage(), e);
        }
    }

    private static void complain(PrintStream err, RuntimeException failure) {
        err.println(CommandLineSpec.NAME + ": " + failure.getMessage());
        err.flush();
    }
}

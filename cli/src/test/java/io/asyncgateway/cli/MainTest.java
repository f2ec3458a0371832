package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.HttpScope;
import io.asyncgateway.server.AccessLog;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.ServerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** The log of the process is one, so the tests of this class don't run at the same time as others of its kind. */
class MainTest {
    private static final String APP = ApplicationLoaderTest.class.getName() + "$Plain";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prot 8000 X | unknown option --prot (did you mean --port?)",
                "--prot=8000 X | unknown option --prot (did you mean --port?)",
                "--workers X | unknown option --workers",
                "-x | unknown option -x",
                "--port 70000 X | port: 70000 (expected: 0-65535)",
                "--port -1 X | port: -1 (expected: 0-65535)",
                "--port abc X | port: abc (expected: 0-65535)",
                "--port= X | port: empty (expected: 0-65535)",
                "X --port | port: no value (expected: PORT)",
                "--port --host x | port: no value (expected: PORT)",
                "A B | unexpected argument B (expected: one TARGET)",
                "a/b | target: a/b (expected: com.example.Main, com.example.Main:member or shop.war)",
                "--lifespan maybe X | lifespan: maybe (expected: auto, on, off)",
                "--transport kqueue X | transport: kqueue (expected: auto, epoll, io_uring, nio)",
                "--limit-request-line 1 X | limit-request-line: 1 (expected: 64-1048576)",
                "--limit-request-line 4kB X | limit-request-line: 4kB (expected: bytes, or a size such as 64k or 16MiB)",
                "--limit-request-line 4g X | limit-request-line: 4g (expected: bytes, or a size such as 64k or 16MiB)",
                "--limit-concurrency many X | limit-concurrency: many (expected: a whole number)",
                "--timeout-keep-alive soon X | timeout-keep-alive: soon (expected: seconds such as 5 or 0.5, or a time "
                        + "such as 500ms, 2m, 1h)",
                "--timeout-keep-alive -1 X | timeout-keep-alive: -1 (expected: more than 0, at most 365d)",
                "--ws-shutdown-code 1000 X | ws-shutdown-code: 1000 (expected: 1001 or 1012)",
                "--ws-per-message-deflate X | ws-per-message-deflate: X (expected: true or false)",
                "--root-path x X | root-path: x (expected: empty, or begins with / and does not end with it)",
                "--header novalue X | header: novalue (expected: NAME:VALUE)",
                "--bind 8000 X | bind: 8000 (expected: HOST:PORT, [IPV6]:PORT, :PORT, unix:PATH or fd://N; port 0-65535)",
                "--bind fd://x X | bind: fd://x (expected: HOST:PORT, [IPV6]:PORT, :PORT, unix:PATH or fd://N; port 0-65535)",
                "--fd -1 X | fd: -1 (expected: the number of a file descriptor)",
                "--uds-permissions 888 X | uds-permissions: 888 (expected: an octal number such as 660)",
                "--uds-owner a:b X | uds-owner: a:b (expected: a name or a number)",
                "--forwarded-allow-ips localhost X | forwarded-allow-ips: localhost (expected: an IP address, a network "
                        + "such as 10.0.0.0/8 or 2001:db8::/32, unix, or *)",
                "--proxy-protocol on X | proxy-protocol: on (expected: proxy-allow-from too, whose connections begin "
                        + "with a PROXY header)",
                "--set x X | set: x (expected: KEY=VALUE)",
                "--log-level loud X | log-level: loud (expected: trace, debug, info, warning, error, critical)",
                "--access-log-format combind X | access-log-format: combind (expected: common, combined, json, or a "
                        + "format of atoms such as %(h)s)",
                "--access-log-queue 0 X | access-log-queue: 0 (expected: 1-10000000)",
                "--config nowhere.yaml X | config: nowhere.yaml (expected: a file that exists)",
                "--class-path nowhere.jar X | class-path: nowhere.jar (expected: a jar, a directory or DIR/* that exists)",
                "--log-config nowhere.xml X | log-config: nowhere.xml (expected: a file that exists)",
            })
    void badUsageEndsWith2AndOneLine(String args, String message) {
        Command command = Command.withoutServer();

        int exitCode = command.run(args.split(" "));

        assertThat(command.err()).isEqualTo("async-gateway: " + message + System.lineSeparator());
        assertThat(command.out()).isEmpty();
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void withoutATargetThereIsNothingToDo() {
        Command command = Command.withoutServer();

        assertThat(command.run()).isEqualTo(2);
        assertThat(command.err())
                .isEqualTo(
                        "async-gateway: no TARGET (expected: com.example.Main, com.example.Main:member or shop.war; --help "
                                + "shows the options)" + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource({"--help", "-h", "X --help"})
    void helpEndsWith0(String args) {
        Command command = Command.withoutServer();

        assertThat(command.run(args.split(" "))).isZero();
        assertThat(command.out())
                .startsWith("Usage: async-gateway [options] TARGET")
                .isEqualTo(Usage.text());
        assertThat(command.err()).isEmpty();
    }

    @Test
    void versionIsALine() {
        Command command = Command.withoutServer();

        assertThat(command.run("--version")).isZero();
        assertThat(command.out()).startsWith("async-gateway ").contains("Java " + System.getProperty("java.version"));
        assertThat(command.out().lines()).hasSize(1);
    }

    @Test
    void anApplicationThatIsNotFoundEndsWith3AndOneLine() {
        Command command = Command.withoutServer();

        int exitCode = command.run(ApplicationLoaderTest.class.getName() + "$Pain");

        assertThat(exitCode).isEqualTo(3);
        assertThat(command.err())
                .isEqualTo("async-gateway: application not found: no class " + ApplicationLoaderTest.class.getName()
                        + "$Pain (did you mean " + APP + "?)" + System.lineSeparator());
    }

    @Test
    void aFailureAtTheStartEndsWith3AndOneLineWithoutAStackTrace() {
        Command command = failing();

        assertThat(command.run("--log-level", "error", APP)).isEqualTo(3);
        assertThat(command.err())
                .isEqualTo("async-gateway: 127.0.0.1:8000: address already in use" + System.lineSeparator());
    }

    @Test
    void debugShowsTheStackTraceOfAFailureAtTheStart() {
        Command command = failing();

        assertThat(command.run("--log-level", "debug", APP)).isEqualTo(3);
        assertThat(command.err())
                .contains("async-gateway: 127.0.0.1:8000: address already in use" + System.lineSeparator())
                .contains("java.io.IOException: EADDRINUSE")
                .contains("\tat ");
    }

    @Test
    void anUnforeseenFailureOfTheStartIsNamed() {
        Command command = new Command((application, config) -> Mono.error(new IllegalStateException("odd\nthing")));

        assertThat(command.run("--log-level", "error", APP)).isEqualTo(3);
        assertThat(command.err())
                .isEqualTo("async-gateway: the start failed: java.lang.IllegalStateException: odd thing"
                        + System.lineSeparator());
    }

    @Test
    void aRunPrintsTheAddressesAndHowToStop() throws Exception {
        FakeServer server = new FakeServer();
        Command command = new Command(server::start);
        CompletableFuture<Integer> end = command.begin(APP);
        await().until(() -> command.err().contains("running"));

        assertThat(command.err())
                .contains("INFO:     Async Gateway running on http://127.0.0.1:8000, http://[0:0:0:0:0:0:0:1]:8001, "
                        + "unix:/run/app.sock (Press CTRL+C to quit)" + System.lineSeparator());

        server.stopped.tryEmitEmpty();
        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(command.err()).contains("INFO:     Finished server process [");
    }

    @Test
    void theServerIsStartedWithWhatTheOptionsSay() throws Exception {
        FakeServer server = new FakeServer();
        server.stopped.tryEmitEmpty();
        Path file = Files.writeString(directory.resolve("a.yaml"), "target: " + APP + "\nlimit: {concurrency: 7}\n");
        Command command = new Command(server::start);

        int exitCode = command.run(
                Map.of("ASYNC_GATEWAY_CONFIG", file.toString(), "ASYNC_GATEWAY_SET", "a=b"),
                "--bind",
                "[::1]:9000",
                "--no-access-log");

        assertThat(exitCode).isZero();
        assertThat(server.application.get()).isInstanceOf(ApplicationLoaderTest.Plain.class);
        assertThat(server.config.get().limits().concurrentExchanges()).isEqualTo(7);
        assertThat(server.config.get().settings()).isEqualTo(Map.of("a", "b"));
        assertThat(server.config.get().addresses())
                .extracting(Addresses::format)
                .containsExactly("[::1]:9000");
        assertThat(server.config.get().accessLog()).isSameAs(AccessLog.NONE);
    }

    @Test
    void theApplicationsLoaderIsTheContextLoaderOfTheStart() throws Exception {
        CompiledClass.compile(directory, "Own", CompiledClass.application("Own"));
        FakeServer server = new FakeServer();
        server.stopped.tryEmitEmpty();
        AtomicBoolean seen = new AtomicBoolean();
        Command command = new Command((application, config) -> {
            seen.set(Thread.currentThread().getContextClassLoader()
                    == application.getClass().getClassLoader());
            return server.start(application, config);
        });
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        assertThat(command.run("--app-dir", directory.toString(), "Own")).isZero();

        assertThat(seen).isTrue();
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void theAccessLogIsOnStandardOutputAndWholeAtTheEnd() {
        FakeServer server = new FakeServer();
        Command command = new Command((application, config) -> {
            for (int i = 0; i < 1000; i++) {
                config.accessLog().ended(entry("/" + i));
            }
            server.stopped.tryEmitEmpty();
            return server.start(application, config);
        });

        assertThat(command.run("--access-log-format", "%(m)s %(U)s", APP)).isZero();

        assertThat(command.out().lines())
                .hasSize(1000)
                .startsWith("GET /0", "GET /1")
                .endsWith("GET /999");
    }

    @Test
    void anAccessLogThatCantBeOpenedEndsWith3() {
        Command command = Command.withoutServer();
        Path file = directory.resolve("nowhere/access.log");

        assertThat(command.run("--access-log-file", file.toString(), APP)).isEqualTo(3);
        assertThat(command.err())
                .isEqualTo("async-gateway: can't open the access log: " + file + " (No such file or directory)"
                        + System.lineSeparator());
    }

    @Test
    void theFirstSignalDrainsAndTheSecondForces() throws Exception {
        FakeServer server = new FakeServer();
        Command command = new Command(server::start);
        CompletableFuture<Integer> end = command.begin("--timeout-graceful-shutdown", "7", APP);
        await().until(() -> command.err().contains("running"));

        command.signal(Signals.StopSignal.TERM);
        assertThat(server.drains.scan(reactor.core.Scannable.Attr.TERMINATED)).isTrue();
        assertThat(server.forced.scan(reactor.core.Scannable.Attr.TERMINATED)).isFalse();
        command.signal(Signals.StopSignal.INT);
        assertThat(server.forced.scan(reactor.core.Scannable.Attr.TERMINATED)).isTrue();
        assertThat(command.halted).hasValue(-1);

        server.stopped.tryEmitEmpty();
        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(command.err())
                .contains(
                        "INFO:     SIGTERM: shutting down within 7s, exchanges in flight: 2, connections: 3 (again to "
                                + "force)")
                .contains("WARNING:  SIGINT again: forcing, exchanges aborted: 2");
    }

    @Test
    void aHangUpReadsCertificatesAgain() throws Exception {
        FakeServer server = new FakeServer();
        Command command = new Command(server::start);
        CompletableFuture<Integer> end = command.begin(APP);
        await().until(() -> command.err().contains("running"));

        command.hangUp();

        assertThat(server.reloads).hasValue(1);
        server.stopped.tryEmitEmpty();
        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(command.err()).contains("INFO:     SIGHUP: reading certificates again");
    }

    @Test
    void aKeyWithoutACertificateIsAMistake() {
        assertUsage("ssl-keyfile: server.key (expected: an ssl-certfile too)", "--ssl-keyfile", "server.key");
        assertUsage("http3: true (expected: ssl-certfile too, for HTTP/3 is always encrypted)", "--http3");
    }

    @Test
    void thereIsAKeyForEachCertificate() {
        assertUsage(
                "ssl-keyfile: 1 file (expected: none, or one for each ssl-certfile: 2)",
                "--ssl-certfile",
                "a.crt",
                "--ssl-certfile",
                "b.crt",
                "--ssl-keyfile",
                "a.key");
    }

    @Test
    void askingForCertificatesNeedsSomebodyToTrust() {
        assertUsage(
                "ssl-cert-reqs: required (expected: ssl-ca-certs too, for nobody could be trusted)",
                "--ssl-certfile",
                "a.crt",
                "--ssl-cert-reqs",
                "2");
    }

    @Test
    void aCipherSuiteThatIsNotKnownIsTold() {
        Command command = Command.withoutServer();
        assertThat(command.run("--ssl-ciphers", "RC4-SHA", APP)).isEqualTo(2);
        assertThat(command.err())
                .startsWith("async-gateway: ssl-ciphers: RC4-SHA (expected: of TLS_AES_128_GCM_SHA256, ");
    }

    private static void assertUsage(String message, String... options) {
        Command command = Command.withoutServer();
        String[] args = java.util.Arrays.copyOf(options, options.length + 1);
        args[options.length] = APP;
        assertThat(command.run(args)).isEqualTo(2);
        assertThat(command.err()).isEqualTo("async-gateway: " + message + System.lineSeparator());
    }

    @Test
    void theThirdSignalEndsTheProcessOnTheSpot() throws Exception {
        FakeServer server = new FakeServer();
        Command command = new Command(server::start);
        CompletableFuture<Integer> end = command.begin(APP);
        await().until(() -> command.err().contains("running"));

        command.signal(Signals.StopSignal.TERM);
        command.signal(Signals.StopSignal.TERM);
        command.signal(Signals.StopSignal.TERM);

        assertThat(command.halted).hasValue(143);
        server.stopped.tryEmitEmpty();
        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aSignalDuringTheStartCancelsIt() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        Command command =
                new Command((application, config) -> Mono.<RunningServer>never().doOnCancel(() -> cancelled.set(true)));
        CompletableFuture<Integer> end = command.begin(APP);
        await().until(command::listens);

        command.signal(Signals.StopSignal.INT);

        assertThat(end.get(10, TimeUnit.SECONDS)).isZero();
        await().untilTrue(cancelled);
        assertThat(command.err()).contains("INFO:     SIGINT while starting: stopping");
    }

    @Test
    void aFailedShutdownOfTheApplicationEndsWith1() throws Exception {
        FakeServer server = new FakeServer();
        server.stopped.tryEmitError(new ServerException("application shutdown failed: disk full", null));
        Command command = new Command(server::start);

        assertThat(command.run(APP)).isEqualTo(1);
        assertThat(command.err()).contains("ERROR:    application shutdown failed: disk full");
    }

    @Test
    void anUnknownVariableOfTheEnvironmentIsWarnedOf() {
        FakeServer server = new FakeServer();
        server.stopped.tryEmitEmpty();
        Command command = new Command(server::start);

        assertThat(command.run(Map.of("ASYNC_GATEWAY_PROT", "1"), APP)).isZero();
        assertThat(command.err())
                .contains("WARNING:  ASYNC_GATEWAY_PROT in the environment is no option, ignored (did you mean "
                        + "ASYNC_GATEWAY_PORT?)");
    }

    private static Command failing() {
        return new Command((application, config) -> Mono.error(
                new ServerException("127.0.0.1:8000: address already in use", new java.io.IOException("EADDRINUSE"))));
    }

    private static AccessLog.Entry entry(String target) {
        return new AccessLog.Entry(
                HttpScope.builder().target(target).build(), 200, 5, Instant.EPOCH, Duration.ofMillis(1), false);
    }
}

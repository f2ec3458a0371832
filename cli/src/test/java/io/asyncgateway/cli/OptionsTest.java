package io.asyncgateway.cli;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.cli.log.AccessLogFormat;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsTest {
    /** For each option a value that is not its default. */
    private static final Map<String, String> SAMPLES = Map.ofEntries(
            entry("target", "com.example.Main:app"),
            entry("interface", "application"),
            entry("app-dir", "classes"),
            entry("class-path", "lib/a.jar"),
            entry("factory", "true"),
            entry("lifespan", "off"),
            entry("set", "db.url=x=y"),
            entry("host", "0.0.0.0"),
            entry("port", "9000"),
            entry("uds", "/run/app.sock"),
            entry("fd", "5"),
            entry("bind", "[::1]:8001"),
            entry("uds-permissions", "660"),
            entry("uds-owner", "www-data"),
            entry("uds-group", "33"),
            entry("backlog", "100"),
            entry("reuse-port", "true"),
            entry("transport", "io_uring"),
            entry("event-loops", "2"),
            entry("ssl-certfile", "server.crt"),
            entry("ssl-keyfile", "server.key"),
            entry("ssl-keyfile-password", "secret"),
            entry("ssl-version", "1.3"),
            entry("ssl-ciphers", "ECDHE-RSA-AES128-GCM-SHA256"),
            entry("ssl-cert-reqs", "required"),
            entry("ssl-ca-certs", "ca.crt"),
            entry("ssl-provider", "jdk"),
            entry("ssl-handshake-timeout", "5"),
            entry("ssl-reload-interval", "none"),
            entry("proxy-headers", "false"),
            entry("forwarded-allow-ips", "10.0.0.0/8,unix"),
            entry("forwarded-headers", "forwarded"),
            entry("proxy-protocol", "v2"),
            entry("proxy-allow-from", "192.0.2.1"),
            entry("root-path", "/prefix"),
            entry("server-header", "false"),
            entry("date-header", "false"),
            entry("header", "X-Frame-Options: deny"),
            entry("http2", "false"),
            entry("h2-max-concurrent-streams", "7"),
            entry("h2-stream-window", "32k"),
            entry("h2-connection-window", "2MiB"),
            entry("h2-max-frame-size", "32k"),
            entry("h2-header-table-size", "0"),
            entry("h2-continuation-frames", "3"),
            entry("h2-flood-window", "1"),
            entry("h2-resets", "2"),
            entry("h2-pings", "3"),
            entry("h2-settings", "4"),
            entry("h2-empty-frames", "5"),
            entry("h2-keep-alive", "6"),
            entry("h2-goaway-grace", "500ms"),
            entry("http3", "true"),
            entry("quic-bind", "127.0.0.1:8443"),
            entry("h3-max-concurrent-streams", "7"),
            entry("h3-stream-window", "32k"),
            entry("h3-connection-window", "2MiB"),
            entry("h3-flood-window", "1"),
            entry("h3-resets", "2"),
            entry("h3-empty-frames", "5"),
            entry("h3-unidirectional-streams", "6"),
            entry("h3-idle-timeout", "7"),
            entry("h3-goaway-grace", "1"),
            entry("h3-handshakes-without-retry", "0"),
            entry("h3-alt-svc-max-age", "60"),
            entry("ws-max-size", "1MiB"),
            entry("ws-max-frame-size", "64k"),
            entry("ws-ping-interval", "none"),
            entry("ws-ping-timeout", "7"),
            entry("ws-limit-pings", "9"),
            entry("ws-close-timeout", "0.5"),
            entry("ws-per-message-deflate", "false"),
            entry("ws-compression-level", "1"),
            entry("ws-compression-contexts", "0"),
            entry("ws-compression-threshold", "1k"),
            entry("ws-shutdown-code", "1001"),
            entry("threads", "4"),
            entry("thread-queue", "8"),
            entry("thread-queue-timeout", "none"),
            entry("thread-deadline", "60"),
            entry("thread-idle-timeout", "5"),
            entry("thread-stuck-after", "5"),
            entry("thread-interrupt", "false"),
            entry("thread-local-reuse", "true"),
            entry("virtual-threads", "true"),
            entry("limit-concurrency", "1"),
            entry("limit-connections", "2"),
            entry("limit-request-line", "1024"),
            entry("limit-request-header-section", "16KiB"),
            entry("limit-request-fields", "50"),
            entry("limit-request-body", "1GiB"),
            entry("limit-request-body-rate", "1k"),
            entry("limit-response-rate", "none"),
            entry("limit-unread-body", "0"),
            entry("limit-inbound-window", "128k"),
            entry("limit-outbound-window", "128k"),
            entry("timeout-keep-alive", "2m"),
            entry("timeout-graceful-shutdown", "0"),
            entry("timeout-request-head", "500ms"),
            entry("timeout-body-gap", "5"),
            entry("timeout-response-gap", "90"),
            entry("timeout-request", "60"),
            entry("timeout-half-closed", "1"),
            entry("timeout-linger", "1"),
            entry("timeout-disconnect-grace", "0"),
            entry("log-level", "debug"),
            entry("log-config", "logback.xml"),
            entry("use-colors", "true"),
            entry("access-log", "false"),
            entry("access-log-format", "%(h)s"),
            entry("access-log-file", "access.log"),
            entry("access-log-queue", "10"));

    @TempDir
    Path directory;

    static Stream<String> options() {
        return settable().map(Option::name);
    }

    private static Stream<Option> settable() {
        return Options.all().stream().filter(option -> option.shape().settable() && !option.equals(Options.CONFIG));
    }

    @ParameterizedTest
    @MethodSource("options")
    void anOptionChangesTheSameOneComponentWhereverItIsGiven(String name) throws Exception {
        Option option = Options.named(name);
        String sample = Objects.requireNonNull(SAMPLES.get(name), () -> "no sample of " + name);

        Set<String> byCommandLine = changed(onCommandLine(option, sample));

        assertThat(byCommandLine).hasSize(1);
        assertThat(changed(inEnvironment(option, sample))).isEqualTo(byCommandLine);
        assertThat(changed(inProperties(option, sample))).isEqualTo(byCommandLine);
        assertThat(changed(inYaml(option, sample))).isEqualTo(byCommandLine);
    }

    @Test
    void everyComponentOfTheConfigurationHasAnOption() {
        Set<String> reached = settable()
                .flatMap(option -> changed(onCommandLine(option, SAMPLES.get(option.name()))).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> components = new TreeSet<>(components(Launch.defaults()).keySet());
        // They follow from other components of the launch: the binding and the access log's options.
        components.remove("server.addresses");
        components.remove("server.tls");
        components.remove("server.accessLog");
        // From systemd, in variables of its own.
        components.remove("binding.activated");
        // A command has one pool; the rest of it follows from --virtual-threads and --timeout-graceful-shutdown.
        components.removeAll(Set.of("workers.pool.name", "workers.pool.virtualThreads", "workers.pool.drainTimeout"));

        assertThat(reached).isEqualTo(components);
    }

    @ParameterizedTest
    @MethodSource("options")
    void aDefaultIsWrittenSoThatItCanBeGiven(String name) {
        Option option = Options.named(name);
        if (option.defaultText().isEmpty()) {
            return;
        }

        Launch launch = onCommandLine(option, option.defaultText());

        // Host, port and level say nothing until they are given.
        assertThat(changed(launch)).isSubsetOf("binding.host", "binding.port", "log.level");
        if (name.equals("host") || name.equals("port")) {
            assertThat(launch.binding().addresses())
                    .isEqualTo(Launch.defaults().server().addresses());
        }
    }

    @Test
    void theDefaultAddressIsTheServersOwn() {
        assertThat(Launch.defaults().binding().addresses())
                .isEqualTo(Launch.defaults().server().addresses());
    }

    @Test
    void helpShowsEachOptionWithItsDefault() {
        String help = unspaced(Usage.text());

        for (Option option : Options.all()) {
            String shown =
                    switch (option.shape()) {
                        case TARGET -> "[TARGET]";
                        case SWITCH -> "--[no-]" + option.name();
                        case ACTION -> "--" + option.name();
                        default -> "--" + option.name() + "=" + option.label();
                    };
            String byDefault = option.defaultText().isEmpty() ? "" : " Default: " + option.defaultText();
            assertThat(help).contains(unspaced(shown + option.description() + byDefault));
        }
    }

    /** Lines are broken anywhere. */
    private static String unspaced(String text) {
        return text.replaceAll("\\s", "");
    }

    @Test
    void helpHasALineForEachGroup() {
        for (OptionGroup group : OptionGroup.values()) {
            assertThat(Usage.text().lines()).contains(group.heading() + ":");
        }
    }

    @Test
    void uvicornsOptionsHaveUvicornsDefaults() {
        Map<String, String> uvicorn = Map.of(
                "host", "127.0.0.1",
                "port", "8000",
                "backlog", "2048",
                "lifespan", "auto",
                "ws-max-size", "16MiB",
                "ws-ping-interval", "20s",
                "ws-ping-timeout", "20s",
                "ws-per-message-deflate", "true",
                "timeout-keep-alive", "5s",
                "log-level", "info");

        uvicorn.forEach((name, value) ->
                assertThat(Options.named(name).defaultText()).as(name).isEqualTo(value));
    }

    private static Launch onCommandLine(Option option, String sample) {
        String[] args =
                switch (option.shape()) {
                    case TARGET -> new String[] {sample};
                    case SWITCH ->
                        new String[] {sample.equals("true") ? "--" + option.name() : "--no-" + option.name()};
                    default -> new String[] {"--" + option.name(), sample};
                };
        return Precedence.resolve(List.of(Arguments.parse(args).given()));
    }

    private static Launch inEnvironment(Option option, String sample) {
        Environment environment = Environment.of(Map.of(option.variable(), sample));
        assertThat(environment.warnings()).isEmpty();
        return Precedence.resolve(List.of(environment.given()));
    }

    private Launch inProperties(Option option, String sample) throws Exception {
        return inFile("test.properties", key(option, sample) + "=" + value(option, sample));
    }

    private Launch inYaml(Option option, String sample) throws Exception {
        return inFile("test.yaml", key(option, sample) + ": '" + value(option, sample) + "'");
    }

    private static String key(Option option, String sample) {
        return option.shape() == Shape.MAP ? "settings." + sample.substring(0, sample.indexOf('=')) : option.name();
    }

    private static String value(Option option, String sample) {
        return option.shape() == Shape.MAP ? sample.substring(sample.indexOf('=') + 1) : sample;
    }

    private Launch inFile(String name, String content) throws Exception {
        Path file = Files.writeString(directory.resolve(name), content);
        return Precedence.resolve(List.of(ConfigFile.read(file.toString())));
    }

    private static Set<String> changed(Launch launch) {
        Map<String, Object> before = components(Launch.defaults());
        Map<String, Object> after = components(launch);
        return after.keySet().stream()
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The values in a tree of records, by their paths; only our own records have components. */
    private static Map<String, Object> components(Record root) {
        Map<String, Object> components = new LinkedHashMap<>();
        collect("", root, components);
        return components;
    }

    private static void collect(String prefix, Record node, Map<String, Object> components) {
        for (RecordComponent component : node.getClass().getRecordComponents()) {
            String path = prefix + component.getName();
            Object value = read(component, node);
            if (value instanceof Record inner && !(value instanceof Target)) {
                collect(path + ".", inner, components);
            } else {
                components.put(path, value instanceof AccessLogFormat ? value.toString() : value);
            }
        }
    }

    private static Object read(RecordComponent component, Record node) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(node);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void thereIsASampleOfEachOption() {
        List<String> names = new ArrayList<>(options().toList());

        assertThat(SAMPLES.keySet()).containsExactlyInAnyOrderElementsOf(names);
    }
}

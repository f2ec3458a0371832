package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir
    Path directory;

    @Test
    void yamlKeysCanBeNestedOrFlat() throws Exception {
        Launch launch = launch("gateway.yaml", """
                target: com.example.Main:app
                limit:
                  request-line: 4k
                  request:
                    fields: 20
                timeout_keep_alive: 0.5
                ws.max-size: 1MiB
                access-log-format: '%(h)s "%(r)s"'
                lifespan: off
                bind:
                  - 127.0.0.1:1
                  - unix:/s
                header:
                  - x-frame-options: deny
                  - "server: mine"
                settings:
                  db:
                    url: jdbc:x
                    password: 0600
                  flag: on
                  empty:
                """);

        assertThat(launch.application().target()).hasToString("com.example.Main:app");
        assertThat(launch.server().limits().requestLine()).isEqualTo(4096);
        assertThat(launch.server().limits().headerFields()).isEqualTo(20);
        assertThat(launch.server().timeouts().keepAlive()).isEqualTo(Duration.ofMillis(500));
        assertThat(launch.server().webSocket().maxMessageSize()).isEqualTo(1 << 20);
        assertThat(launch.accessLog().format()).hasToString("%(h)s \"%(r)s\"");
        assertThat(launch.server().lifespan()).hasToString("OFF");
        assertThat(launch.binding().addresses())
                .extracting(Addresses::format)
                .containsExactly("127.0.0.1:1", "unix:/s");
        assertThat(launch.server().http().headers())
                .containsExactly(Map.entry("x-frame-options", "deny"), Map.entry("server", "mine"));
        assertThat(launch.server().settings())
                .containsOnly(
                        Map.entry("db.url", "jdbc:x"),
                        Map.entry("db.password", "0600"),
                        Map.entry("flag", "on"),
                        Map.entry("empty", ""));
    }

    @Test
    void propertiesSayTheSame() throws Exception {
        Launch launch = launch("gateway.properties", """
                # a comment
                limit.request.fields = 20
                limit-request-line: 4k
                bind = 127.0.0.1:1, unix:/s
                header = a: 1\\nb: 2
                settings.db.url = jdbc:x
                settings.Name = \u00fc
                """);

        assertThat(launch.server().limits().headerFields()).isEqualTo(20);
        assertThat(launch.server().limits().requestLine()).isEqualTo(4096);
        assertThat(launch.binding().addresses())
                .extracting(Addresses::format)
                .containsExactly("127.0.0.1:1", "unix:/s");
        assertThat(launch.server().http().headers()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
        assertThat(launch.server().settings()).containsOnly(Map.entry("db.url", "jdbc:x"), Map.entry("Name", "\u00fc"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.yaml | prot: 1 | FILE: unknown key prot (did you mean port?)",
                "a.yml | limit: {conections: 1} | FILE: unknown key limit.conections (did you mean limit-connections?)",
                "a.yaml | config: x | FILE: unknown key config (did you mean log-config?)",
                "a.yaml | set: x | FILE: unknown key set",
                "a.yaml | help: true | FILE: unknown key help",
                "a.yaml | setings: {a: b} | FILE: unknown key setings.a (did you mean settings?)",
                "a.yaml | port: 70000 | FILE: port: 70000 (expected: 0-65535)",
                "a.yaml | port: | FILE: port: empty (expected: 0-65535)",
                "a.yaml | port: [1, 2] | FILE: port: a list (expected: one value)",
                "a.yaml | limit: {request-line: 1} | FILE: limit.request-line: 1 (expected: 64-1048576)",
                "a.yaml | `{port: 1, 'port': 2}` | FILE: line 1: Duplicate field 'port'",
                "a.yaml | `{limit-connections: 1, limit: {connections: 2}}` | FILE: limit.connections: given twice",
                "a.yaml | bind: [[a]] | FILE: bind: nested (expected: texts)",
                "a.yaml | `header: [{a: b, c: d}]` | FILE: header: a map (expected: texts)",
                "a.yaml | header: [{}] | FILE: header: an empty map (expected: texts)",
                "a.yaml | settings: {a: [1]} | FILE: settings.a: a list (expected: a text)",
                "a.yaml | settings: text | FILE: settings: no map (expected: keys and values)",
                "a.yaml | `{host: &a x, uds: *a}` | FILE: uds: an alias (expected: a value)",
                "a.yaml | just text | FILE: no map (expected: keys and values)",
                "a.properties | prot=1 | FILE: unknown key prot (did you mean port?)",
                "a.properties | port=x | FILE: port: x (expected: 0-65535)",
                "a.properties | access-log=maybe | FILE: access-log: maybe (expected: true or false)",
                "a.properties | lifespan=x | FILE: lifespan: x (expected: auto, on, off)",
            })
    void aMistakeIsToldWithTheFileAndTheKey(String name, String content, String message) {
        assertThatThrownBy(() -> launch(name, content))
                .isInstanceOf(UsageException.class)
                .hasMessage(message.replace("FILE", directory.resolve(name).toString()));
    }

    @Test
    void brokenYamlIsToldInOneLineWithTheLine() {
        assertThatThrownBy(() -> launch("a.yaml", "port: 1\nbind: [\n"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("a.yaml: line 2: ")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void anEmptyFileSaysNothing() throws Exception {
        assertThat(launch("a.yaml", "")).isEqualTo(Launch.defaults());
        assertThat(launch("b.yaml", "# nothing\n")).isEqualTo(Launch.defaults());
        assertThat(launch("c.yaml", "settings:\n")).isEqualTo(Launch.defaults());
        assertThat(launch("d.properties", "")).isEqualTo(Launch.defaults());
    }

    @Test
    void aFileMustExistAndHaveAKnownFormat() {
        assertThatThrownBy(() -> ConfigFile.read("nowhere.yaml"))
                .hasMessage("config: nowhere.yaml (expected: a file that exists)");
        assertThatThrownBy(() -> ConfigFile.read("gateway.toml"))
                .hasMessage("config: gateway.toml (expected: a name that ends in .properties, .yaml or .yml)");
    }

    private Launch launch(String name, String content) throws Exception {
        Path file = Files.writeString(directory.resolve(name), content);
        return Precedence.resolve(List.of(ConfigFile.read(file.toString())));
    }
}

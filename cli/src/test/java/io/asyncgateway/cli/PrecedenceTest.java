package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecedenceTest {
    @TempDir
    Path directory;

    @Test
    void theEnvironmentComesBeforeTheFileAndTheCommandLineBeforeBoth() throws Exception {
        String file = "limit-concurrency: 1\nlimit-connections: 1\nlimit-request-fields: 1\n";
        Map<String, String> env =
                Map.of("ASYNC_GATEWAY_LIMIT_CONNECTIONS", "2", "ASYNC_GATEWAY_LIMIT_REQUEST_FIELDS", "2");

        Launch launch = resolve(file, env, "--limit-request-fields", "3");

        assertThat(launch.server().limits().concurrentExchanges()).isEqualTo(1);
        assertThat(launch.server().limits().connections()).isEqualTo(2);
        assertThat(launch.server().limits().headerFields()).isEqualTo(3);
    }

    @Test
    void ofAnOptionGivenTwiceOnTheCommandLineTheLastHolds() throws Exception {
        Launch launch = resolve("", Map.of(), "--port", "1", "--no-access-log", "--port=2", "--access-log");

        assertThat(launch.binding().port()).isEqualTo(2);
        assertThat(launch.accessLog().enabled()).isTrue();
    }

    @Test
    void aSwitchCanBeTurnedBackOn() throws Exception {
        Launch launch = resolve("access-log: false\ndate-header: off", Map.of("ASYNC_GATEWAY_DATE_HEADER", "true"));

        assertThat(launch.accessLog().enabled()).isFalse();
        assertThat(launch.server().http().dateHeader()).isTrue();
    }

    @Test
    void headersOfAHigherPlaceReplaceThoseOfALowerOne() throws Exception {
        Launch launch = resolve("header: ['a: 1', 'b: 2']", Map.of("ASYNC_GATEWAY_HEADER", "c: 3\nd: 4"));

        assertThat(launch.server().http().headers())
                .extracting(Map.Entry::getKey)
                .containsExactly("c", "d");
    }

    @Test
    void settingsOfAllPlacesAreJoinedByTheirKeys() throws Exception {
        String file = "settings:\n  a: file\n  b: file\n  c: file\n  nested:\n    key: 1.10\n";
        Map<String, String> env = Map.of("ASYNC_GATEWAY_SET", "b=env\nc=env", "ASYNC_GATEWAY_SET_DB_POOL__SIZE", "5");

        Launch launch = resolve(file, env, "--set", "c=line", "--set", "d=", "--set", "d=x=y");

        assertThat(launch.server().settings())
                .containsOnly(
                        Map.entry("a", "file"),
                        Map.entry("b", "env"),
                        Map.entry("c", "line"),
                        Map.entry("d", "x=y"),
                        Map.entry("nested.key", "1.10"),
                        Map.entry("db.pool_size", "5"));
    }

    @Test
    void hostAndPortCompleteEachOtherOverPlaces() throws Exception {
        assertThat(addresses("port: 1", Map.of("ASYNC_GATEWAY_HOST", "0.0.0.0")))
                .containsExactly("0.0.0.0:1");
        assertThat(addresses("host: '::'", Map.of(), "--port", "0")).containsExactly("[::]:0");
    }

    @Test
    void anAddressOfAHigherPlaceReplacesThoseOfALowerOne() throws Exception {
        assertThat(addresses("port: 1", Map.of(), "--uds", "/s")).containsExactly("unix:/s");
        assertThat(addresses("bind: ['a:1', 'b:2']\nuds: /s", Map.of(), "--port", "3"))
                .containsExactly("127.0.0.1:3");
        assertThat(addresses("bind: [a:1]", Map.of("ASYNC_GATEWAY_BIND", "b:2, c:3")))
                .containsExactly("b:2", "c:3");
    }

    @Test
    void allAddressesOfOnePlaceAreListenedOn() throws Exception {
        assertThat(addresses("", Map.of(), "-b", "a:1", "--bind=b:2", "--port", "3", "--uds", "/s", "-b", "a:1"))
                .containsExactly("127.0.0.1:3", "a:1", "b:2", "unix:/s");
    }

    private List<String> addresses(String yaml, Map<String, String> env, String... args) throws Exception {
        return resolve(yaml, env, args).binding().addresses().stream()
                .map(Addresses::format)
                .toList();
    }

    private Launch resolve(String yaml, Map<String, String> env, String... args) throws Exception {
        Path file = Files.writeString(directory.resolve("gateway.yaml"), yaml);
        return Precedence.resolve(List.of(
                ConfigFile.read(file.toString()),
                Environment.of(env).given(),
                Arguments.parse(args).given()));
    }
}

package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example",
                "example.org",
                "example.org:",
                "example.org:0",
                "example.org:80",
                "example.org:65535",
                "a-b_c~d!e$f&g'h(i)j*k+l;m=n",
                "%41%c3%BC.example",
                "127.0.0.1:8000",
                "[::1]",
                "[::1]:8000",
                "[2001:db8::7]",
                "[::ffff:192.0.2.1]:1"
            })
    void theFormsOfTheRfcAreHosts(String host) {
        assertThat(isHost(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":80",
                "a b",
                "a,b",
                "a/b",
                "a?b",
                "a#b",
                "a@b",
                "a\\b",
                "a\"b",
                "<a>",
                "a:b",
                "a:80:80",
                "a:65536",
                "a:99999",
                "a:000080",
                "a:-1",
                "a: 80",
                "%4",
                "%",
                "%zz",
                "a%4",
                "\u00fc",
                "a\u0000",
                "[::1",
                "[::1]8000",
                "[::1]:x",
                "[]",
                "[1]",
                "[g::1]",
                "[::1%eth0]",
                "[v1.x]",
                "::1",
                "]"
            })
    void anythingElseIsNot(String host) {
        assertThat(isHost(host)).isFalse();
    }

    private static boolean isHost(String host) {
        byte[] octets = ("x" + host + "x").getBytes(ISO_8859_1);
        return Host.isValid(octets, 1, octets.length - 1);
    }
}

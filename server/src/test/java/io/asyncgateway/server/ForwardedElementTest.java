package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The syntax of {@code Forwarded}, and of the nodes in it and in {@code X-Forwarded-For}. */
class ForwardedElementTest {
    private static List<ForwardedElement> parse(String... fields) throws HttpFailure {
        return ForwardedElement.parse(List.of(fields));
    }

    private static ForwardedElement element(String node, String proto, String host) {
        return new ForwardedElement(node, proto, host);
    }

    @Test
    void theExamplesOfTheRfcAreRead() throws Exception {
        assertThat(parse("for=\"_gazonk\"")).containsExactly(element("_gazonk", null, null));
        assertThat(parse("For=\"[2001:db8:cafe::17]:4711\""))
                .containsExactly(element("[2001:db8:cafe::17]:4711", null, null));
        assertThat(parse("for=192.0.2.60;proto=http;by=203.0.113.43"))
                .containsExactly(element("192.0.2.60", "http", null));
        assertThat(parse("for=192.0.2.43, for=198.51.100.17"))
                .containsExactly(element("192.0.2.43", null, null), element("198.51.100.17", null, null));
        assertThat(parse("for=_hidden, for=_SEVKISEK"))
                .containsExactly(element("_hidden", null, null), element("_SEVKISEK", null, null));
    }

    @Test
    void severalFieldsAreOneList() throws Exception {
        assertThat(parse("for=192.0.2.43", " for=\"[2001:db8::1]\" ;host=a ,, ;proto=https;"))
                .containsExactly(
                        element("192.0.2.43", null, null),
                        element("[2001:db8::1]", null, "a"),
                        element(null, "https", null));
    }

    @Test
    void aQuotedValueMayHoldWhatSeparates() throws Exception {
        assertThat(parse("host=\"a\\\"b,c;d=\\\\\";x=\"\"")).containsExactly(element(null, null, "a\"b,c;d=\\"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", ",,", ";", " ; , ;"})
    void aListMayBeEmpty(String field) throws Exception {
        assertThat(parse(field)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for",
                "for=",
                "=a",
                "for =a",
                "for= a",
                "for=a b",
                "for=\"a",
                "for=\"a\\",
                "for=\"a\"b",
                "for=[::1]",
                "for=1.2.3.4:80",
                "for=a=b",
                "for=a;for=b",
                "for=a;FOR=b",
                "for=a, for=\"b",
                "\"for\"=a",
                "for=\u00e4",
                "for=a/b"
            })
    void whatIsNoListOfPairsIsRefused(String field) {
        assertThatThrownBy(() -> parse(field)).isInstanceOf(HttpFailure.class);
        assertThatThrownBy(() -> parse("for=b", field)).isInstanceOf(HttpFailure.class);
    }

    @Test
    void anElementHasAtMost16Parameters() throws Exception {
        String most = IntStream.range(0, 16).mapToObj(i -> "p" + i + "=a").collect(Collectors.joining(";"));
        assertThat(parse(most + ", " + most)).hasSize(2);
        assertThatThrownBy(() -> parse(most + ";for=a"))
                .isInstanceOfSatisfying(HttpFailure.class, failure -> assertThat(failure.status())
                        .isEqualTo(400));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 0",
        "192.0.2.1:4711, 192.0.2.1, 4711",
        "192.0.2.1:_port, 192.0.2.1, 0",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1, 0",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:1, 0",
        "[2001:db8::1]:65535, 2001:db8:0:0:0:0:0:1, 65535",
        "[::ffff:192.0.2.1]:1, 192.0.2.1, 1"
    })
    void aNodeMayBeAnAddress(String text, String address, int port) {
        InetSocketAddress read = ForwardedNode.parse(text).socketAddress();

        assertThat(read.getAddress().getHostAddress()).isEqualTo(address);
        assertThat(read.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "UNKNOWN", "_hidden", "_a.B-9_", "unknown:80", "_hidden:_port", "unix:"})
    void aNodeMayBeNoAddress(String text) {
        ForwardedNode node = ForwardedNode.parse(text);

        assertThat(node.text()).isEqualTo(text);
        assertThat(node.socketAddress()).isNull();
        assertThat(node.isUnix()).isEqualTo(text.equals("unix:"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "example.com:80",
                "192.0.2.1:",
                "192.0.2.1:65536",
                "192.0.2.1:+1",
                "192.0.2.1:000080",
                "192.0.2.1:80:80",
                "192.0.2.01",
                "[192.0.2.1]",
                "[2001:db8::1",
                "[2001:db8::1]80",
                "[2001:db8::1]:",
                "[2001:db8::1]]",
                "2001:db8::1]",
                "a[::1]",
                "_",
                "_a b",
                "_a\u00e4",
                ":80",
                "unix:/run/x",
                "192.0.2.1, 192.0.2.2"
            })
    void anythingElseIsNoNode(String text) {
        assertThat(ForwardedNode.parse(text)).isNull();
    }
}

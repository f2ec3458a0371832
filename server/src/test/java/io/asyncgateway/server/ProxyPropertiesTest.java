package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Properties of everything that decides whom a request is taken for. */
class ProxyPropertiesTest {
    // ------------------------------------------------------------------------------------------------ fields

    @Property
    void whateverStandsInAFieldIsBelievedOrRefused(@ForAll("values") String value) {
        ForwardingInvariants.check(value);
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> piece = Arbitraries.of(
                "for=",
                "proto=",
                "host=",
                "by=",
                "https",
                "http",
                "192.0.2.1",
                "10.0.0.1",
                "\"[2001:db8::1]:80\"",
                "unknown",
                "_hidden",
                "unix:",
                "\"",
                "\\",
                ";",
                ",",
                " ",
                "=",
                "evil.example",
                "::1",
                "/a/b",
                "..",
                "%2e",
                "\t",
                "[",
                "]");
        return Arbitraries.oneOf(
                piece.list().ofMaxSize(12).map(pieces -> String.join("", pieces)),
                Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(60));
    }

    @Property
    void theClientIsTheRightMostAddressThatIsNotTrusted(
            @ForAll("addresses") List<String> written, @ForAll @IntRange(max = 9) int trusted) {
        StringBuilder chain = new StringBuilder();
        written.forEach(address -> chain.append(address).append(", "));
        chain.append("192.0.2.7");
        for (int i = 0; i < trusted; i++) {
            chain.append(", 10.1.2.").append(i);
        }

        Addresses addresses = ForwardingInvariants.resolve(
                Set.of(ForwardedHeader.X_FORWARDED_FOR), "x-forwarded-for", chain.toString());

        assertThat(ForwardingInvariants.client(addresses)).isEqualTo("192.0.2.7");
    }

    @Provide
    Arbitrary<List<String>> addresses() {
        return Arbitraries.of("10.0.0.1", "203.0.113.5", "::1", "unknown", "nonsense", "10.9.9.9")
                .list()
                .ofMaxSize(6);
    }

    @Property
    void anAddressIsReadBackFromItsText(@ForAll("octets") byte[] octets) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(octets);

        assertThat(IpLiteral.parse(address.getHostAddress())).isEqualTo(address);
    }

    @Provide
    Arbitrary<byte[]> octets() {
        return Arbitraries.of(4, 16)
                .flatMap(size -> Arbitraries.bytes().array(byte[].class).ofSize(size));
    }

    @Property
    void whatIsNoAddressOfTheJdksIsNoneOfOurs(@ForAll("literals") String text) throws UnknownHostException {
        InetAddress address = IpLiteral.parse(text);

        if (address != null) {
            assertThat(InetAddress.getByName(text)).isEqualTo(address);
        }
    }

    @Provide
    Arbitrary<String> literals() {
        return Arbitraries.strings()
                .withChars("0123456789abcdef:.")
                .ofMinLength(1)
                .ofMaxLength(45);
    }

    // ---------------------------------------------------------------------------------------------- the PROXY protocol

    @Property
    void aLineTellsWhatWasWritten(
            @ForAll("octets") byte[] source,
            @ForAll @IntRange(max = 65535) int from,
            @ForAll @IntRange(max = 65535) int to)
            throws Exception {
        InetAddress address = InetAddress.getByAddress(source);
        String host = address.getHostAddress();
        String line = "PROXY TCP" + (address instanceof java.net.Inet6Address ? "6" : "4") + " " + host + " " + host
                + " " + from + " " + to + "\r\n";

        ProxyHeader header = ProxyHeaderParser.parse(Unpooled.copiedBuffer(line, ISO_8859_1), ProxyProtocol.V1);

        assertThat(header)
                .isEqualTo(new ProxyHeader(
                        ProxyHeader.Kind.TOLD,
                        new InetSocketAddress(address, from),
                        new InetSocketAddress(address, to),
                        false));
        ProxyHeaderInvariants.check(line.getBytes(ISO_8859_1));
    }

    @Property
    void aDamagedHeaderKeepsTheInvariants(@ForAll("headers") byte[] header, @ForAll("damages") List<Damage> damages) {
        ProxyHeaderInvariants.check(Damage.all(damages, header));
    }

    @Property
    void whateverComesKeepsTheInvariants(@ForAll byte[] octets) {
        ProxyHeaderInvariants.check(octets);
    }

    @Provide
    Arbitrary<byte[]> headers() {
        Arbitrary<byte[]> lines = Arbitraries.of(
                        "PROXY TCP4 192.0.2.1 192.0.2.80 56324 443\r\n",
                        "PROXY TCP6 2001:db8::1 ::1 1 2\r\n",
                        "PROXY UNKNOWN\r\n")
                .map(line -> line.getBytes(ISO_8859_1));
        Arbitrary<byte[]> blocks = Combinators.combine(
                        Arbitraries.of(0x20, 0x21),
                        Arbitraries.of(0x00, 0x11, 0x21, 0x31),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(60))
                .as(ProxyPropertiesTest::block);
        return Arbitraries.oneOf(lines, blocks);
    }

    private static byte[] block(int command, int family, byte[] rest) {
        byte[] fixed = {
            '\r',
            '\n',
            '\r',
            '\n',
            0,
            '\r',
            '\n',
            'Q',
            'U',
            'I',
            'T',
            '\n',
            (byte) command,
            (byte) family,
            0,
            (byte) rest.length
        };
        return ClientFrames.concat(fixed, rest);
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        return Damage.some();
    }
}

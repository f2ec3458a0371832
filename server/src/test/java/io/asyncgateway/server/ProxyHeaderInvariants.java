package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What holds whatever a connection begins with that must begin with a header of the PROXY protocol. */
final class ProxyHeaderInvariants {
    private static final byte[] GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);

    private ProxyHeaderInvariants() {}

    static void check(byte[] octets) {
        for (ProxyProtocol version : new ProxyProtocol[] {ProxyProtocol.ON, ProxyProtocol.V1, ProxyProtocol.V2}) {
            checkParser(octets, version);
        }
        FuzzedConnection.check(
                ClientFrames.concat(octets, GET),
                config -> config.withProxies(
                        config.proxies().withProtocol(ProxyProtocol.ON).withProxyAllowFrom(TrustedProxies.of("*"))));
    }

    /** The first prefix that is a header decides, and is the same whatever follows; what is refused once stays so. */
    private static void checkParser(byte[] octets, ProxyProtocol version) {
        String whole = parse(octets, octets.length, version);
        String first = "more";
        for (int length = 0; length <= octets.length && first.equals("more"); length++) {
            first = parse(octets, length, version);
        }
        assertThat(first).isEqualTo(whole);
    }

    private static String parse(byte[] octets, int length, ProxyProtocol version) {
        ByteBuf input = Unpooled.wrappedBuffer(octets, 0, length);
        try {
            ProxyHeader header = ProxyHeaderParser.parse(input, version);
            if (header == null) {
                assertThat(input.readerIndex())
                        .as("octets read of an incomplete header")
                        .isZero();
                assertThat(length).isLessThan(16 + ProxyHeaderV2.MAX_LENGTH);
                return "more";
            }
            return header + " and then at " + input.readerIndex();
        } catch (ProxyHeaderException refused) {
            return "refused";
        }
    }
}

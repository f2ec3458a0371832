package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The syntax of both versions. */
class ProxyHeaderTest {
    private static final String REST = "GET / HTTP/1.1";

    private static ProxyHeader parse(String octets) throws ProxyHeaderException {
        return parse(octets.getBytes(ISO_8859_1), ProxyProtocol.ON);
    }

    /** Whole with something behind it, and each of its beginnings. */
    private static ProxyHeader parse(byte[] octets, ProxyProtocol expected) throws ProxyHeaderException {
        for (int length = 0; length < octets.length; length++) {
            ByteBuf part = Unpooled.wrappedBuffer(octets, 0, length);
            assertThat(ProxyHeaderParser.parse(part, expected)).isNull();
            assertThat(part.readableBytes()).isEqualTo(length);
        }
        ByteBuf whole = Unpooled.wrappedBuffer(octets, REST.getBytes(ISO_8859_1));
        ProxyHeader header = ProxyHeaderParser.parse(whole, expected);
        assertThat(whole.toString(ISO_8859_1)).isEqualTo(REST);
        return header;
    }

    private static void refused(String octets) {
        refused(octets.getBytes(ISO_8859_1), ProxyProtocol.ON);
    }

    private static void refused(byte[] octets, ProxyProtocol expected) {
        assertThatThrownBy(() -> ProxyHeaderParser.parse(Unpooled.wrappedBuffer(octets), expected))
                .isInstanceOf(ProxyHeaderException.class);
    }

    // ------------------------------------------------------------------------------------------------ version 1

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 192.0.2.80 56324 443, 192.0.2.1, 56324, 192.0.2.80, 443",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255, 65535, 255.255.255.255, 65535",
        "PROXY TCP4 0.0.0.0 0.0.0.0 0 0, 0.0.0.0, 0, 0.0.0.0, 0",
        "PROXY TCP6 2001:db8::1 ::1 1 2, 2001:db8::1, 1, ::1, 2",
        "PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.80 1 2, 192.0.2.1, 1, 192.0.2.80, 2"
    })
    void aLineTellsBothEnds(String line, String source, int sourcePort, String destination, int destinationPort)
            throws Exception {
        assertThat(parse(line + "\r\n"))
                .isEqualTo(new ProxyHeader(
                        ProxyHeader.Kind.TOLD,
                        new InetSocketAddress(source, sourcePort),
                        new InetSocketAddress(destination, destinationPort),
                        false));
    }

    @Test
    void theLongestLineIsRead() throws Exception {
        String address = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        String line = "PROXY UNKNOWN " + address + " " + address + " 65535 65535\r\n";

        assertThat(line).hasSize(ProxyHeaderParser.MAX_V1);
        assertThat(parse(line).kind()).isEqualTo(ProxyHeader.Kind.UNKNOWN);
        refused(line.replace("\r", " \r"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN whatever it says\r\n"})
    void aLineMayTellNothing(String line) throws Exception {
        assertThat(parse(line)).isEqualTo(ProxyHeader.unknown(false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PRI * HTTP/2.0\r\n",
                "proxy TCP4 192.0.2.1 192.0.2.80 1 2\r\n",
                "PROXY\tTCP4 192.0.2.1 192.0.2.80 1 2\r\n",
                "PROXY  TCP4 192.0.2.1 192.0.2.80 1 2\r\n",
                "PROXY TCP5 192.0.2.1 192.0.2.80 1 2\r\n",
                "PROXY UNKNOWNX\r\n",
                "PROXY TCP4\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.80 1\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.80 1 2 3\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.80 1 2 \r\n",
                "PROXY TCP4 192.0.2.1  192.0.2.80 1 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.80 +1 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.80 01 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.80 1 65536\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.80 1 -2\r\n",
                "PROXY TCP4 192.0.2.01 192.0.2.80 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 192.0.2.1 192.0.2.80 1 2\r\n",
                "PROXY TCP6 [::1] ::1 1 2\r\n",
                "PROXY TCP6 fe80::1%lo ::1 1 2\r\n",
                "PROXY TCP4 localhost 192.0.2.80 1 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.80 1 2\rX",
                "PROXY TCP4 192.0.2.1 192.0.2.80 1 2\n\r\n"
            })
    void whatIsNoLineIsRefused(String octets) {
        refused(octets);
    }

    @Test
    void whatIsNoHeaderIsRefusedAtItsFirstOctet() {
        refused("G");
        refused("\u0016");
        refused("\r\r");
        refused("PO");
    }

    // ------------------------------------------------------------------------------------------------ version 2

    private static byte[] version2(int command, int family, byte[]... parts) {
        ByteBuf header = Unpooled.buffer();
        header.writeBytes(new byte[] {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'});
        header.writeByte(command).writeByte(family);
        header.writeShort(Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(header::writeBytes);
        return Arrays.copyOf(header.array(), header.writerIndex());
    }

    private static byte[] octets(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return bytes;
    }

    private static final byte[] IPV4 = octets(192, 0, 2, 1, 192, 0, 2, 80, 0xdc, 0x04, 1, 0xbb);

    private static byte[] field(int type, byte[] value) {
        byte[] field = new byte[3 + value.length];
        field[0] = (byte) type;
        field[1] = (byte) (value.length >> 8);
        field[2] = (byte) value.length;
        System.arraycopy(value, 0, field, 3, value.length);
        return field;
    }

    private static ProxyHeader parse(byte[] octets) throws ProxyHeaderException {
        return parse(octets, ProxyProtocol.ON);
    }

    private static ProxyHeader told(SocketAddress source, SocketAddress destination, boolean secure) {
        return new ProxyHeader(ProxyHeader.Kind.TOLD, source, destination, secure);
    }

    @Test
    void aBlockTellsBothEnds() throws Exception {
        assertThat(parse(version2(0x21, 0x11, IPV4)))
                .isEqualTo(told(
                        new InetSocketAddress("192.0.2.1", 56324), new InetSocketAddress("192.0.2.80", 443), false));
        byte[] six = new byte[36];
        six[0] = 0x20;
        six[15] = 1;
        six[31] = 2;
        six[33] = 3;
        six[35] = 4;
        assertThat(parse(version2(0x21, 0x21, six)))
                .isEqualTo(told(new InetSocketAddress("2000::1", 3), new InetSocketAddress("::2", 4), false));
    }

    @Test
    void aUnixSocketIsTold() throws Exception {
        byte[] paths = new byte[216];
        System.arraycopy("/run/a".getBytes(ISO_8859_1), 0, paths, 0, 6);

        assertThat(parse(version2(0x21, 0x31, paths)))
                .isEqualTo(told(UnixDomainSocketAddress.of("/run/a"), null, false));
    }

    @Test
    void aConnectionOfTheProxyItselfTellsNothingWhateverItCarries() throws Exception {
        assertThat(parse(version2(0x20, 0x00))).isEqualTo(ProxyHeader.local());
        assertThat(parse(version2(0x20, 0x77, octets(1, 2, 3)))).isEqualTo(ProxyHeader.local());
    }

    @Test
    void anUnspecifiedFamilyTellsNothing() throws Exception {
        assertThat(parse(version2(0x21, 0x00))).isEqualTo(ProxyHeader.unknown(false));
    }

    @Test
    void theFieldOfTlsTellsOfTheClientsConnection() throws Exception {
        assertThat(parse(version2(0x21, 0x11, IPV4, field(0x20, octets(1, 0, 0, 0, 0))))
                        .secure())
                .isTrue();
        assertThat(parse(version2(0x21, 0x11, IPV4, field(0x20, octets(6, 0, 0, 0, 0))))
                        .secure())
                .isFalse();
        byte[] version = field(0x21, "TLSv1.3".getBytes(ISO_8859_1));
        byte[] tls = Arrays.copyOf(octets(1, 0, 0, 0, 0), 5 + version.length);
        System.arraycopy(version, 0, tls, 5, version.length);
        assertThat(parse(version2(0x21, 0x11, IPV4, field(0x04, new byte[9]), field(0x20, tls)))
                        .secure())
                .isTrue();
    }

    @Test
    void theChecksumIsChecked() throws Exception {
        byte[] header = version2(0x21, 0x11, IPV4, field(0x03, new byte[4]), field(0x04, new byte[2]));
        java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
        sum.update(header);
        for (int i = 0; i < 4; i++) {
            header[16 + 12 + 3 + i] = (byte) (sum.getValue() >> 24 - 8 * i);
        }

        assertThat(parse(header).kind()).isEqualTo(ProxyHeader.Kind.TOLD);
        header[16]++;
        refused(header, ProxyProtocol.ON);
    }

    @Test
    void aBlockHasABound() throws Exception {
        byte[] rest = field(0x04, new byte[ProxyHeaderV2.MAX_LENGTH - IPV4.length - 3]);

        assertThat(parse(version2(0x21, 0x11, IPV4, rest)).kind()).isEqualTo(ProxyHeader.Kind.TOLD);
        byte[] tooLong = version2(0x21, 0x11, IPV4, rest, field(0x04, new byte[0]));
        refused(Arrays.copyOf(tooLong, 16), ProxyProtocol.ON);
    }

    @Test
    void whatIsNoBlockIsRefused() {
        refused(version2(0x22, 0x11, IPV4), ProxyProtocol.ON);
        refused(version2(0x11, 0x11, IPV4), ProxyProtocol.ON);
        refused(version2(0x21, 0x12, IPV4), ProxyProtocol.ON);
        refused(version2(0x21, 0x41, IPV4), ProxyProtocol.ON);
        refused(version2(0x21, 0x11, Arrays.copyOf(IPV4, 11)), ProxyProtocol.ON);
        refused(version2(0x21, 0x21, IPV4), ProxyProtocol.ON);
        refused(version2(0x21, 0x11, IPV4, octets(4, 0)), ProxyProtocol.ON);
        refused(version2(0x21, 0x11, IPV4, octets(4, 0, 1)), ProxyProtocol.ON);
        refused(version2(0x21, 0x11, IPV4, field(0x20, octets(1, 0, 0, 0))), ProxyProtocol.ON);
        refused(version2(0x21, 0x11, IPV4, field(0x03, new byte[3])), ProxyProtocol.ON);
        byte[] tls = field(0x20, octets(1, 0, 0, 0, 0));
        refused(version2(0x21, 0x11, IPV4, tls, tls), ProxyProtocol.ON);
    }

    // ------------------------------------------------------------------------------------------------ which version

    @Test
    void theOtherVersionIsRefused() throws Exception {
        byte[] one = "PROXY UNKNOWN\r\n".getBytes(ISO_8859_1);
        byte[] two = version2(0x21, 0x11, IPV4);

        assertThat(parse(one, ProxyProtocol.V1)).isNotNull();
        assertThat(parse(two, ProxyProtocol.V2)).isNotNull();
        refused(one, ProxyProtocol.V2);
        refused(two, ProxyProtocol.V1);
    }
}

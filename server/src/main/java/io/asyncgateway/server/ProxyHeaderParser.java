package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of the PROXY protocol from the first octets of a connection (haproxy's {@code proxy-protocol.txt}, versions 1 and 2). Strict and
 * bounded, as everything is that decides whom the rest of the connection is taken for; Netty's own decoder takes signs and leading zeros in ports, and does not
 * check the checksum. Without state: it looks at everything again when more has come, of which there is little.
 */
final class ProxyHeaderParser {
    /** The longest line of version 1 with its CRLF, which is the specification's. */
    static final int MAX_V1 = 107;

    private static final byte[] V1 = "PROXY ".getBytes(US_ASCII);

    private ProxyHeaderParser() {}

    /**
     * Reads a header, and leaves what is behind it.
     *
     * @param expected which versions are one
     * @return the header, or {@code null} if more octets are needed; nothing was read then
     */
    static @Nullable ProxyHeader parse(ByteBuf octets, ProxyProtocol expected) throws ProxyHeaderException {
        if (!octets.isReadable()) {
            return null;
        }
        boolean first = octets.getByte(octets.readerIndex()) == V1[0];
        if (expected == (first ? ProxyProtocol.V2 : ProxyProtocol.V1)) {
            throw new ProxyHeaderException("no header of version " + (first ? 2 : 1));
        }
        return first ? line(octets) : ProxyHeaderV2.parse(octets);
    }

    /** Whether octets begin as a text does, as far as there are any. */
    static boolean begins(ByteBuf octets, byte[] with) {
        int length = Math.min(octets.readableBytes(), with.length);
        for (int i = 0; i < length; i++) {
            if (octets.getByte(octets.readerIndex() + i) != with[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable ProxyHeader line(ByteBuf octets) throws ProxyHeaderException {
        if (!begins(octets, V1)) {
            throw new ProxyHeaderException("no header of version 1");
        }
        int start = octets.readerIndex();
        int available = Math.min(octets.readableBytes(), MAX_V1);
        int end = octets.indexOf(start, start + available, (byte) '\r');
        if (end < 0) {
            if (available == MAX_V1) {
                throw new ProxyHeaderException("line of more than " + MAX_V1 + " octets");
            }
            return null;
        }
        if (end == start + available - 1) {
            if (available == MAX_V1) {
                throw new ProxyHeaderException("line of more than " + MAX_V1 + " octets");
            }
            return null;
        }
        if (octets.getByte(end + 1) != '\n') {
            throw new ProxyHeaderException("CR without LF");
        }
        ProxyHeader header = header(octets.toString(start, end - start, US_ASCII));
        octets.readerIndex(end + 2);
        return header;
    }

    private static ProxyHeader header(String line) throws ProxyHeaderException {
        if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
            return ProxyHeader.unknown(false);
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 6 || !parts[1].equals("TCP4") && !parts[1].equals("TCP6")) {
            throw new ProxyHeaderException("not a family, two addresses and two ports");
        }
        boolean six = parts[1].equals("TCP6");
        return new ProxyHeader(
                ProxyHeader.Kind.TOLD, address(parts[2], parts[4], six), address(parts[3], parts[5], six), false);
    }

    private static InetSocketAddress address(String host, String port, boolean six) throws ProxyHeaderException {
        InetAddress address = host.indexOf(':') >= 0 == six ? IpLiteral.parse(host) : null;
        if (address == null) {
            throw new ProxyHeaderException("no address of its family");
        }
        return new InetSocketAddress(address, port(port));
    }

    private static int port(String digits) throws ProxyHeaderException {
        boolean number = digits.length() >= 1
                && digits.length() <= 5
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        int port = number ? Integer.parseInt(digits) : -1;
        if (port < 0 || port > 65535) {
            throw new ProxyHeaderException("no port");
        }
        return port;
    }
}

package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Version 2 of the PROXY protocol: a fixed part, a block of addresses, and fields (TLVs) of which the checksum and that of TLS are looked at. */
final class ProxyHeaderV2 {
    /** Of addresses and fields. No proxy sends as much; the specification's own bound is what its sixteen bits can say. */
    static final int MAX_LENGTH = 4096;

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    /** Signature, version and command, family and transport, length. */
    private static final int FIXED = 16;

    private static final int VERSION_2_LOCAL = 0x20;
    private static final int VERSION_2_PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int UNIX_PATH = 108;

    private static final int FIELD_CHECKSUM = 0x03;
    private static final int FIELD_TLS = 0x20;
    private static final int CLIENT_CAME_OVER_TLS = 0x01;

    private ProxyHeaderV2() {}

    /** The header, or {@code null} if more octets are needed. */
    static @Nullable ProxyHeader parse(ByteBuf octets) throws ProxyHeaderException {
        if (!ProxyHeaderParser.begins(octets, SIGNATURE)) {
            throw new ProxyHeaderException("neither a header of version 1 nor one of version 2");
        }
        if (octets.readableBytes() < FIXED) {
            return null;
        }
        int start = octets.readerIndex();
        int command = octets.getUnsignedByte(start + 12);
        int family = octets.getUnsignedByte(start + 13);
        int length = octets.getUnsignedShort(start + 14);
        if (command != VERSION_2_LOCAL && command != VERSION_2_PROXY) {
            throw new ProxyHeaderException("neither LOCAL nor PROXY");
        }
        if (length > MAX_LENGTH) {
            throw new ProxyHeaderException(length + " octets (expected: 0-" + MAX_LENGTH + ")");
        }
        if (octets.readableBytes() < FIXED + length) {
            return null;
        }
        ByteBuf header = octets.readSlice(FIXED + length);
        return command == VERSION_2_LOCAL ? ProxyHeader.local() : header(header, family);
    }

    private static ProxyHeader header(ByteBuf header, int family) throws ProxyHeaderException {
        int size = addressesSize(family);
        if (header.readableBytes() < FIXED + size) {
            throw new ProxyHeaderException("addresses not complete");
        }
        boolean secure = fields(header, FIXED + size);
        if (family == UNSPECIFIED) {
            return ProxyHeader.unknown(secure);
        }
        header.skipBytes(FIXED);
        if (family == UNIX_STREAM) {
            return new ProxyHeader(ProxyHeader.Kind.TOLD, unix(header), unix(header), secure);
        }
        byte[] source = new byte[family == TCP_OVER_IPV4 ? 4 : 16];
        byte[] destination = new byte[source.length];
        header.readBytes(source).readBytes(destination);
        return new ProxyHeader(
                ProxyHeader.Kind.TOLD,
                new InetSocketAddress(IpLiteral.address(source), header.readUnsignedShort()),
                new InetSocketAddress(IpLiteral.address(destination), header.readUnsignedShort()),
                secure);
    }

    /** The datagram families are refused too: this is a stream. */
    private static int addressesSize(int family) throws ProxyHeaderException {
        return switch (family) {
            case UNSPECIFIED -> 0;
            case TCP_OVER_IPV4 -> 2 * (4 + 2);
            case TCP_OVER_IPV6 -> 2 * (16 + 2);
            case UNIX_STREAM -> 2 * UNIX_PATH;
            default -> throw new ProxyHeaderException("family and transport: " + family);
        };
    }

    /** A path up to its first zero; {@code null} where the socket has none, or one that is no path here. */
    private static @Nullable SocketAddress unix(ByteBuf header) {
        ByteBuf path = header.readSlice(UNIX_PATH);
        int length = path.bytesBefore((byte) 0);
        String text = path.toString(0, length < 0 ? UNIX_PATH : length, UTF_8);
        try {
            return text.isEmpty() ? null : UnixDomainSocketAddress.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Checks the fields; whether the client came over TLS. */
    private static boolean fields(ByteBuf header, int start) throws ProxyHeaderException {
        boolean checked = false;
        boolean told = false;
        boolean secure = false;
        int at = start;
        int end = header.writerIndex();
        while (at < end) {
            if (end - at < 3) {
                throw new ProxyHeaderException("field not complete");
            }
            int type = header.getUnsignedByte(at);
            int length = header.getUnsignedShort(at + 1);
            int value = at + 3;
            if (length > end - value || type == FIELD_CHECKSUM && checked || type == FIELD_TLS && told) {
                throw new ProxyHeaderException("field not complete, or repeated");
            }
            if (type == FIELD_CHECKSUM) {
                checked = true;
                checkSum(header, value, length);
            } else if (type == FIELD_TLS) {
                told = true;
                secure = tls(header, value, length);
            }
            at = value + length;
        }
        return secure;
    }

    /** The sum of the whole header in which the sum itself is zero. */
    private static void checkSum(ByteBuf header, int at, int length) throws ProxyHeaderException {
        byte[] whole = new byte[header.writerIndex()];
        header.getBytes(0, whole);
        CRC32C sum = new CRC32C();
        if (length == 4) {
            sum.update(whole, 0, at);
            sum.update(new byte[4]);
            sum.update(whole, at + 4, whole.length - at - 4);
        }
        if (length != 4 || (int) sum.getValue() != header.getInt(at)) {
            throw new ProxyHeaderException("checksum differs");
        }
    }

    /** One octet of bits, four of the result of the certificate's verification, and fields about it. */
    private static boolean tls(ByteBuf header, int at, int length) throws ProxyHeaderException {
        if (length < 5) {
            throw new ProxyHeaderException("field of TLS not complete");
        }
        return (header.getByte(at) & CLIENT_CAME_OVER_TLS) != 0;
    }
}

package io.asyncgateway.samples.chat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a client comes from, as far as it can't choose that freely: an IPv4 address, or the first 64 bits of an IPv6 address, the rest of which each
 * device makes up for itself (RFC 8981).
 *
 * @param prefix in hexadecimal digits
 */
record Network(String prefix) {
    private static final int IPV6_PREFIX_BYTES = 8;

    /** {@code null} where there is no IP address, as on a Unix socket. */
    static @Nullable Network of(@Nullable SocketAddress client) {
        if (!(client instanceof InetSocketAddress internet) || internet.getAddress() == null) {
            return null;
        }
        InetAddress address = internet.getAddress();
        byte[] octets = address.getAddress();
        return new Network(HexFormat.of()
                .formatHex(address instanceof Inet6Address ? Arrays.copyOf(octets, IPV6_PREFIX_BYTES) : octets));
    }
}

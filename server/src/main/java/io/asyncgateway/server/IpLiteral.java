package io.asyncgateway.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses as text, read strictly and never looked up. An octet with a leading zero is refused, since others read it as octal; so are
 * zones and abbreviated IPv4 addresses.
 */
final class IpLiteral {
    private static final int V4 = 4;
    private static final int V6 = 16;
    /** {@code 0000:0000:0000:0000:0000:ffff:255.255.255.255}. */
    private static final int LONGEST = 45;

    private IpLiteral() {}

    /** The address, an IPv4-mapped one as the IPv4 address that it is; {@code null} for anything else. */
    static @Nullable InetAddress parse(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        byte[] octets = text.indexOf(':') < 0 ? v4(text) : v6(text);
        return octets == null ? null : address(octets);
    }

    /** The octets of an address, four where it is an IPv4 address in an IPv6 disguise. */
    static byte[] octets(InetAddress address) {
        byte[] octets = address.getAddress();
        return isMapped(octets) ? Arrays.copyOfRange(octets, V6 - V4, V6) : octets;
    }

    private static boolean isMapped(byte[] octets) {
        if (octets.length != V6 || octets[10] != -1 || octets[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return true;
    }

    static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets); // which unwraps a mapped one too
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(octets.length + " octets (expected: 4 or 16)", e);
        }
    }

    private static byte @Nullable [] v4(String text) {
        byte[] octets = new byte[V4];
        int at = 0;
        for (int i = 0; i < V4; i++) {
            if (i > 0 && (at >= text.length() || text.charAt(at++) != '.')) {
                return null;
            }
            int start = at;
            int value = 0;
            while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
                value = value * 10 + text.charAt(at++) - '0';
            }
            if (at == start || value > 255 || at - start > 1 && text.charAt(start) == '0') {
                return null;
            }
            octets[i] = (byte) value;
        }
        return at == text.length() ? octets : null;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text, true);
            return all != null && all.length == V6 ? all : null;
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        if (head == null || tail == null || head.length + tail.length > V6 - 2) {
            return null;
        }
        byte[] octets = Arrays.copyOf(head, V6);
        System.arraycopy(tail, 0, octets, V6 - tail.length, tail.length);
        return octets;
    }

    /** Groups of up to four hexadecimal digits between colons; the last may be an IPv4 address. */
    private static byte @Nullable [] groups(String text, boolean mayEndInV4) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] groups = text.split(":", -1);
        byte[] octets = new byte[(groups.length + 1) * 2];
        int used = 0;
        for (int i = 0; i < groups.length; i++) {
            byte[] group = mayEndInV4 && i == groups.length - 1 && groups[i].indexOf('.') >= 0
                    ? v4(groups[i])
                    : group(groups[i]);
            if (group == null) {
                return null;
            }
            System.arraycopy(group, 0, octets, used, group.length);
            used += group.length;
        }
        return Arrays.copyOf(octets, used);
    }

    private static byte @Nullable [] group(String digits) {
        if (digits.isEmpty() || digits.length() > 4) {
            return null;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 0x80 ? Octets.hex((byte) c) : -1;
            if (digit < 0) {
                return null;
            }
            value = value << 4 | digit;
        }
        return new byte[] {(byte) (value >> 8), (byte) value};
    }
}

package io.asyncgateway.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One hop as a proxy names it (RFC 7239 section 6): {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}, {@code unknown}, {@code _hidden}.
 * Beyond the RFC, for {@code X-Forwarded-For}: an IPv6 address without brackets, and {@code unix:}, which nginx writes where it was reached over a
 * Unix domain socket.
 *
 * @param text as it came
 * @param address the address, or {@code null} where the name is none
 * @param port the port; 0 where none was told, or an obfuscated one
 */
record ForwardedNode(String text, @Nullable InetAddress address, int port) {
    private static final String UNIX = "unix:";

    /** The node of a name, or {@code null} if it is malformed. */
    static @Nullable ForwardedNode parse(String text) {
        if (text.equalsIgnoreCase("unknown") || text.equals(UNIX) || isObfuscated(text, 0)) {
            return new ForwardedNode(text, null, 0);
        }
        InetAddress whole = IpLiteral.parse(text);
        if (whole != null) {
            return new ForwardedNode(text, whole, 0);
        }
        return text.startsWith("[") ? bracketed(text) : withPort(text, text.indexOf(':'));
    }

    private static @Nullable ForwardedNode bracketed(String text) {
        int end = text.indexOf(']');
        int colon = text.indexOf(':');
        if (end < 0 || colon < 0 || colon > end) { // brackets are for IPv6 alone
            return null;
        }
        InetAddress address = IpLiteral.parse(text.substring(1, end));
        if (address == null) {
            return null;
        }
        return end == text.length() - 1 ? new ForwardedNode(text, address, 0) : node(text, address, end + 1);
    }

    private static @Nullable ForwardedNode withPort(String text, int colon) {
        if (colon < 0) {
            return null;
        }
        String name = text.substring(0, colon);
        InetAddress address = IpLiteral.parse(name);
        if (address == null && !name.equalsIgnoreCase("unknown") && !isObfuscated(name, 0)) {
            return null;
        }
        return node(text, address, colon);
    }

    private static @Nullable ForwardedNode node(String text, @Nullable InetAddress address, int colon) {
        if (text.charAt(colon) != ':') {
            return null;
        }
        if (isObfuscated(text, colon + 1)) {
            return new ForwardedNode(text, address, 0);
        }
        int port = port(text, colon + 1);
        return port < 0 ? null : new ForwardedNode(text, address, port);
    }

    /** A port of one to five digits, or -1. */
    private static int port(String text, int start) {
        int length = text.length() - start;
        if (length < 1 || length > 5) {
            return -1;
        }
        int port = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = port * 10 + c - '0';
        }
        return port <= 65535 ? port : -1;
    }

    /** {@code "_" 1*( ALPHA / DIGIT / "." / "_" / "-")}. */
    private static boolean isObfuscated(String text, int start) {
        if (text.length() < start + 2 || text.charAt(start) != '_') {
            return false;
        }
        for (int i = start + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "._-".indexOf(c) >= 0;
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    boolean isUnix() {
        return text.equals(UNIX);
    }

    @Nullable
    InetSocketAddress socketAddress() {
        return address == null ? null : new InetSocketAddress(address, port);
    }
}

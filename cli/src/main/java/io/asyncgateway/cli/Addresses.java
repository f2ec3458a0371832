package io.asyncgateway.cli;

import io.asyncgateway.server.InheritedSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Addresses to listen on: {@code 127.0.0.1:8000}, {@code [::1]:8000}, {@code :8000}, {@code unix:/run/app.sock}, {@code fd://3}. */
final class Addresses {
    static final String EXPECTED = "HOST:PORT, [IPV6]:PORT, :PORT, unix:PATH or fd://N; port 0-65535";

    private Addresses() {}

    static SocketAddress parse(String text) {
        if (text.startsWith("unix:")) {
            return unix(Path.of(text.substring("unix:".length())));
        }
        if (text.startsWith("fd://")) {
            return InheritedSocketAddress.of(descriptor(text.substring("fd://".length())));
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(text);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(text);
        }
        return tcp(host.isEmpty() ? "0.0.0.0" : host(host), port(text.substring(colon + 1)));
    }

    static UnixDomainSocketAddress unix(Path path) {
        if (path.toString().isEmpty()) {
            throw new IllegalArgumentException("path: empty (expected: the path of a socket)");
        }
        return UnixDomainSocketAddress.of(path);
    }

    static Integer descriptor(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(text);
        }
        return Integer.valueOf(text);
    }

    static InetSocketAddress tcp(String host, int port) {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** A host without the brackets of an IPv6 literal. */
    static String host(String text) {
        String host = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        boolean valid = !host.isEmpty() && host.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/' && c != '[');
        if (!valid) {
            throw new IllegalArgumentException(text);
        }
        return host;
    }

    static Integer port(String text) {
        int port = Integer.parseInt(text);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(text);
        }
        return port;
    }

    static String format(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix) {
            return "unix:" + unix.getPath();
        }
        if (address instanceof InetSocketAddress inet) {
            String host = inet.isUnresolved()
                    ? inet.getHostString()
                    : inet.getAddress().getHostAddress();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
        }
        return address.toString();
    }

    /** As one would type it into a browser, where that is possible. */
    static String url(SocketAddress address, boolean tls) {
        String scheme = tls ? "https://" : "http://";
        return (address instanceof InetSocketAddress ? scheme : "") + format(address);
    }
}

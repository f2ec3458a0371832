package io.asyncgateway.server;

/** The syntax of {@code Host} and of the authority in an absolute target: {@code uri-host [ ":" port ]} (RFC 9110 section 7.2). */
final class Host {
    private Host() {}

    static boolean isValid(byte[] octets, int start, int end) {
        if (start == end) {
            return true;
        }
        int afterHost = octets[start] == '[' ? endOfLiteral(octets, start, end) : endOfName(octets, start, end);
        return afterHost > start && isPort(octets, afterHost, end);
    }

    private static int endOfName(byte[] octets, int start, int end) {
        int i = start;
        while (i < end) {
            if (Octets.isName(octets[i])) {
                i++;
            } else if (octets[i] == '%'
                    && i + 2 < end
                    && Octets.hex(octets[i + 1]) >= 0
                    && Octets.hex(octets[i + 2]) >= 0) {
                i += 3;
            } else {
                break;
            }
        }
        return i;
    }

    /** IPv6 alone: of IPvFuture nothing was ever defined. */
    private static int endOfLiteral(byte[] octets, int start, int end) {
        int colons = 0;
        for (int i = start + 1; i < end; i++) {
            byte octet = octets[i];
            if (octet == ']') {
                return colons >= 2 ? i + 1 : -1;
            }
            if (octet == ':') {
                colons++;
            } else if (Octets.hex(octet) < 0 && octet != '.') {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isPort(byte[] octets, int start, int end) {
        if (start == end) {
            return true;
        }
        if (octets[start] != ':' || end - start > 6) {
            return false;
        }
        int port = 0;
        for (int i = start + 1; i < end; i++) {
            if (!Octets.isDigit(octets[i])) {
                return false;
            }
            port = port * 10 + octets[i] - '0';
        }
        return port <= 65535;
    }
}

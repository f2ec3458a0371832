package io.asyncgateway.cli.log;

import io.asyncgateway.api.RequestScope;
import io.asyncgateway.server.AccessLog.Entry;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What the access log says of an exchange, as plain text; {@code -} for what is not there. */
final class Facts {
    static final String ABSENT = "-";
    static final long PROCESS = ProcessHandle.current().pid();

    private Facts() {}

    /** The address without the port; no name is looked up. A peer on a Unix socket has none. */
    static String client(RequestScope scope) {
        if (!(scope.client() instanceof InetSocketAddress client)) {
            return ABSENT;
        }
        return client.isUnresolved()
                ? client.getHostString()
                : client.getAddress().getHostAddress();
    }

    static String header(RequestScope scope, String name) {
        String value = scope.headers().first(name);
        return value == null || value.isEmpty() ? ABSENT : value;
    }

    /** The user name of Basic authentication (RFC 7617), as Latin-1; never the password, and nothing of other schemes. */
    static String user(RequestScope scope) {
        String value = scope.headers().first("authorization");
        if (value == null || !value.regionMatches(true, 0, "basic ", 0, 6)) {
            return ABSENT;
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(value.substring(6).strip());
            String pair = new String(decoded, StandardCharsets.ISO_8859_1);
            int colon = pair.indexOf(':');
            return colon < 1 ? ABSENT : pair.substring(0, colon);
        } catch (IllegalArgumentException e) {
            return ABSENT;
        }
    }

    static long micros(Entry entry) {
        return Math.max(0, entry.duration().toNanos() / 1000);
    }
}

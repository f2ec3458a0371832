package io.asyncgateway.websocket;

import io.asyncgateway.api.WebSocketScope;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The usual handshakes, to be combined with {@link Handshake#and}.
 *
 * <pre>{@code
 * Handshake handshake = Handshakes.sameOrigin().and(Handshakes.subprotocols("chat.v2", "chat.v1"));
 * }</pre>
 *
 * <p><b>Why origins are checked.</b> A browser lets every page open a WebSocket to every server, and sends the cookies of that server along: the rules
 * that keep a foreign page from reading a response do not hold for WebSockets. So where a cookie says who the user is, any page that the user
 * visits could talk to the service in that user's name (cross-site WebSocket hijacking). What the page can't forge is {@code origin} (RFC 6455
 * section 10.2). A service that knows its users by a token in the first message or in the query needs no such check.
 */
public final class Handshakes {
    private Handshakes() {}

    /**
     * Lets everybody in. The default of a {@link WebSocketService}.
     *
     * @return a handshake
     */
    public static Handshake acceptAll() {
        return scope -> Mono.just(HandshakeResult.accept());
    }

    /**
     * Refuses pages of other hosts with 403: the authority of {@code origin} must be the {@code host} of the request, and where the connection
     * has TLS, the page must have come over TLS too. A client without an {@code Origin} is no browser, and let in. Behind a proxy that
     * changes {@code host} use {@link #allowedOrigins}.
     *
     * @return a handshake
     */
    public static Handshake sameOrigin() {
        return scope -> decide(scope, Handshakes::isSameOrigin);
    }

    /**
     * Refuses pages of origins other than these with 403. A client without an {@code Origin} field is no browser, and let in.
     *
     * @param origins scheme, host and port unless it is the scheme's own: {@code https://example.org}, {@code http://localhost:3000}
     * @return a handshake
     * @throws IllegalArgumentException if there is none, or one is no origin
     */
    public static Handshake allowedOrigins(String... origins) {
        Set<String> allowed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String origin : origins) {
            if (!origin.matches("[A-Za-z][A-Za-z0-9+.-]*://[^/?#@\\s]+")) {
                throw new IllegalArgumentException(
                        "origin: " + origin + " (expected: scheme://host or scheme://host:port, without a path)");
            }
            allowed.add(origin);
        }
        requireSome("origins", origins);
        return scope -> decide(scope, (request, origin) -> allowed.contains(origin));
    }

    /**
     * Chooses the first subprotocol of the client's list that the service speaks. A client that offers none gets none; one that offers others alone
     * is refused with 400, since it could not go on without (RFC 6455 section 4.1).
     *
     * @param supported what the service speaks
     * @return a handshake
     */
    public static Handshake subprotocols(String... supported) {
        return choose(supported, HandshakeResult.accept());
    }

    /**
     * The same, and a client that offers none is refused with 400.
     *
     * @param supported what the service speaks
     * @return a handshake
     */
    public static Handshake requiredSubprotocol(String... supported) {
        return choose(supported, HandshakeResult.refuse(400, "subprotocol required\n"));
    }

    private static Handshake choose(String[] supported, HandshakeResult ofNone) {
        requireSome("subprotocols", supported);
        List<String> spoken = List.of(supported);
        return scope -> {
            List<String> offered = scope.subprotocols();
            if (offered.isEmpty()) {
                return Mono.just(ofNone);
            }
            return Mono.just(offered.stream()
                    .filter(spoken::contains)
                    .findFirst()
                    .<HandshakeResult>map(chosen -> HandshakeResult.accept().withSubprotocol(chosen))
                    .orElseGet(() -> HandshakeResult.refuse(400, "subprotocol not supported\n")));
        };
    }

    private static void requireSome(String what, String[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException(what + ": " + Arrays.toString(values) + " (expected: at least one)");
        }
    }

    private interface OriginRule {
        boolean allows(WebSocketScope scope, String origin);
    }

    private static Mono<HandshakeResult> decide(WebSocketScope scope, OriginRule rule) {
        List<String> origins = scope.headers().all("origin");
        boolean allowed = origins.isEmpty() || origins.size() == 1 && rule.allows(scope, origins.get(0));
        return Mono.just(allowed ? HandshakeResult.accept() : HandshakeResult.refuse(403, "origin not allowed\n"));
    }

    private static boolean isSameOrigin(WebSocketScope scope, String origin) {
        @Nullable String host = scope.headers().first("host");
        int colon = origin.indexOf("://");
        if (host == null || colon < 0) {
            return false;
        }
        String scheme = origin.substring(0, colon).toLowerCase(Locale.ROOT);
        boolean secureEnough = scheme.equals("https")
                || scheme.equals("http") && scope.scheme().equals("ws");
        return secureEnough
                && withoutDefaultPort(origin.substring(colon + 3), scheme)
                        .equalsIgnoreCase(withoutDefaultPort(host, scheme));
    }

    private static String withoutDefaultPort(String authority, String scheme) {
        String port = scheme.equals("https") ? ":443" : ":80";
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }
}

package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The server's side of the opening handshake, over HTTP/1.1 (RFC 6455 section 4.2) and over a stream (RFC 8441 section 5). */
sealed interface WebSocketHandshake {
    /**
     * A request that asks for a WebSocket and may have it.
     *
     * @param key empty over a stream, which needs none
     */
    record Valid(String key, List<String> subprotocols, List<WebSocketExtension> extensions)
            implements WebSocketHandshake {
        /** The value of {@code Sec-WebSocket-Accept}. */
        String accept() {
            try {
                MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
                return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(US_ASCII)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-1", e);
            }
        }
    }

    /**
     * A request that asks for a WebSocket in a wrong way.
     *
     * @param headers fields that the answer needs
     * @param message for the body of the answer
     */
    record Refused(int status, Headers headers, String message) implements WebSocketHandshake {
        PlainResponse answer() {
            return PlainResponse.of(status, headers, message);
        }
    }

    /** The only version there is (RFC 6455 section 4.4). */
    String VERSION = "13";

    /** RFC 6455 section 1.3. */
    String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Far more than any client speaks. They are read before a request is admitted, so whoever offers more is not listened to. */
    int MOST_SUBPROTOCOLS = 64;

    /** What a 426 must name: the protocol to switch to (RFC 9110 section 15.5.22), and the version (RFC 6455 section 4.4). */
    Headers UPGRADE_REQUIRED = Headers.of("sec-websocket-version", VERSION, "upgrade", "websocket");

    /**
     * Looks at a request.
     *
     * @param hasBody whether a body is announced, by a content-length that is not 0 or by a transfer-encoding; whether more is to come on a stream
     * @return {@code null} for an ordinary request: one that doesn't name {@code websocket} in Upgrade, or does not list Upgrade in
     *     Connection, or is of HTTP/1.0, whose Upgrade is to be ignored (RFC 9110 section 7.8)
     */
    static @Nullable WebSocketHandshake of(HttpVersion version, String method, Headers headers, boolean hasBody) {
        if (version.compareTo(HttpVersion.HTTP_2) >= 0) {
            return overStream(headers, hasBody);
        }
        if (version != HttpVersion.HTTP_1_1
                || !lists(headers, "upgrade", "websocket")
                || !lists(headers, "connection", "upgrade")) {
            return null;
        }
        if (!method.equals("GET")) {
            return bad("method: " + method + " (expected for a WebSocket: GET)");
        }
        if (hasBody) {
            return bad("a WebSocket's request has no body");
        }
        List<String> versions = headers.all("sec-websocket-version");
        if (versions.size() != 1) {
            return bad("sec-websocket-version: " + number(versions.size()) + " (expected: " + VERSION + ")");
        }
        if (!versions.get(0).equals(VERSION)) {
            return new Refused(
                    426,
                    UPGRADE_REQUIRED,
                    "sec-websocket-version: " + shown(versions.get(0)) + " (expected: " + VERSION + ")");
        }
        List<String> keys = headers.all("sec-websocket-key");
        if (keys.size() != 1 || !isKey(keys.get(0))) {
            return bad("sec-websocket-key: " + (keys.size() == 1 ? "not valid" : number(keys.size()))
                    + " (expected: 16 bytes in base64)");
        }
        return withLists(headers, keys.get(0));
    }

    /** An extended CONNECT, which a {@link RequestSectionParser} has looked at. */
    private static WebSocketHandshake overStream(Headers headers, boolean isOpen) {
        if (!isOpen) {
            return bad("a WebSocket's request does not end its stream");
        }
        List<String> versions = headers.all("sec-websocket-version");
        if (versions.size() != 1 || !versions.get(0).equals(VERSION)) {
            String given = versions.size() == 1 ? shown(versions.get(0)) : number(versions.size());
            return new Refused(
                    400,
                    Headers.of("sec-websocket-version", VERSION),
                    "sec-websocket-version: " + given + " (expected: " + VERSION + ")");
        }
        return withLists(headers, "");
    }

    private static WebSocketHandshake withLists(Headers headers, String key) {
        try {
            List<String> subprotocols = subprotocols(headers.all("sec-websocket-protocol"));
            return new Valid(key, subprotocols, WebSocketExtension.parse(headers.all("sec-websocket-extensions")));
        } catch (IllegalArgumentException e) {
            return bad(String.valueOf(e.getMessage()));
        }
    }

    private static Refused bad(String message) {
        return new Refused(400, Headers.empty(), message);
    }

    private static String shown(String value) {
        return value.length() <= 20 && value.chars().allMatch(c -> isTokenCharacter((char) c)) ? value : "no number";
    }

    private static String number(int count) {
        return count == 0 ? "missing" : count + " fields";
    }

    /** Whether a field that is a list of tokens has one, in any case. */
    static boolean lists(Headers headers, String field, String token) {
        for (int i = 0, size = headers.size(); i < size; i++) {
            if (headers.name(i).equalsIgnoreCase(field)) {
                for (String element : headers.value(i).split(",", -1)) {
                    if (element.strip().equalsIgnoreCase(token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isKey(String key) {
        // 16 bytes are 22 characters and two of padding; the decoder alone would take them without.
        if (key.length() != 24 || !key.endsWith("==")) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The distinct names of all fields in their order.
     *
     * @throws IllegalArgumentException if one is no token, or there are more than {@link #MOST_SUBPROTOCOLS}
     */
    private static List<String> subprotocols(List<String> fieldValues) {
        if (fieldValues.isEmpty()) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>();
        for (String value : fieldValues) {
            for (String element : value.split(",", -1)) {
                String name = element.strip();
                if (!name.chars().allMatch(c -> isTokenCharacter((char) c))) {
                    throw new IllegalArgumentException("sec-websocket-protocol: not a list of tokens");
                }
                if (!name.isEmpty() && names.add(name) && names.size() > MOST_SUBPROTOCOLS) {
                    throw new IllegalArgumentException("sec-websocket-protocol: more than " + MOST_SUBPROTOCOLS
                            + " names (expected: at most " + MOST_SUBPROTOCOLS + ")");
                }
            }
        }
        return List.copyOf(names);
    }

    /** RFC 9110 section 5.6.2. */
    static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}

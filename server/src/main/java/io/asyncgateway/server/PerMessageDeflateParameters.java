package io.asyncgateway.server;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of permessage-deflate (RFC 7692 section 7.1), as a client offers them or as the server answers.
 *
 * @param serverNoContextTakeover the server compresses each message by itself
 * @param clientNoContextTakeover the client compresses each message by itself
 * @param serverMaxWindowBits 8 to 15, the base-2 logarithm of the server's window; 0 where it is not stated, which means 15
 * @param clientMaxWindowBits the same of the client; 0 also where the client leaves the number to the server
 */
record PerMessageDeflateParameters(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits) {
    static final String NAME = "permessage-deflate";
    static final int MAX_WINDOW_BITS = 15;
    private static final int MIN_WINDOW_BITS = 8;
    private static final int INVALID = -1;

    private static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    private static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

    /**
     * The parameters of an offer, or {@code null} where it is to be declined (RFC 7692 section 7.1): another extension, an unknown or
     * repeated parameter, or an invalid value.
     */
    static @Nullable PerMessageDeflateParameters ofOffer(WebSocketExtension offer) {
        if (!offer.name().equalsIgnoreCase(NAME)) {
            return null;
        }
        boolean serverFresh = false;
        boolean clientFresh = false;
        int serverBits = 0;
        int clientBits = 0;
        boolean clientBitsSeen = false;
        for (WebSocketExtension.Parameter parameter : offer.parameters()) {
            String value = parameter.value();
            boolean valid;
            switch (parameter.name().toLowerCase(Locale.ROOT)) {
                case SERVER_NO_CONTEXT_TAKEOVER -> {
                    valid = !serverFresh && value == null;
                    serverFresh = true;
                }
                case CLIENT_NO_CONTEXT_TAKEOVER -> {
                    valid = !clientFresh && value == null;
                    clientFresh = true;
                }
                case SERVER_MAX_WINDOW_BITS -> {
                    valid = serverBits == 0;
                    serverBits = value == null ? INVALID : windowBits(value);
                    valid &= serverBits != INVALID;
                }
                case CLIENT_MAX_WINDOW_BITS -> {
                    valid = !clientBitsSeen;
                    clientBitsSeen = true;
                    clientBits = value == null ? 0 : windowBits(value);
                    valid &= clientBits != INVALID;
                }
                default -> valid = false;
            }
            if (!valid) {
                return null;
            }
        }
        return new PerMessageDeflateParameters(serverFresh, clientFresh, serverBits, clientBits);
    }

    /** 8 to 15 in decimal without leading zeros (RFC 7692 sections 7.1.2.1 and 7.1.2.2). */
    private static int windowBits(String value) {
        for (int bits = MIN_WINDOW_BITS; bits <= MAX_WINDOW_BITS; bits++) {
            if (value.equals(Integer.toString(bits))) {
                return bits;
            }
        }
        return INVALID;
    }

    PerMessageDeflateParameters withoutContextTakeover() {
        return new PerMessageDeflateParameters(true, true, serverMaxWindowBits, clientMaxWindowBits);
    }

    PerMessageDeflateParameters withServerNoContextTakeover() {
        return new PerMessageDeflateParameters(true, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits);
    }

    /** How far back the server's compressor may refer, in bytes. */
    int serverWindow() {
        return 1 << (serverMaxWindowBits == 0 ? MAX_WINDOW_BITS : serverMaxWindowBits);
    }

    /** The value of {@code Sec-WebSocket-Extensions} in the server's answer. */
    String answer() {
        StringBuilder answer = new StringBuilder(NAME);
        if (serverNoContextTakeover) {
            answer.append("; ").append(SERVER_NO_CONTEXT_TAKEOVER);
        }
        if (clientNoContextTakeover) {
            answer.append("; ").append(CLIENT_NO_CONTEXT_TAKEOVER);
        }
        if (serverMaxWindowBits != 0) {
            answer.append("; ").append(SERVER_MAX_WINDOW_BITS).append('=').append(serverMaxWindowBits);
        }
        if (clientMaxWindowBits != 0) {
            answer.append("; ").append(CLIENT_MAX_WINDOW_BITS).append('=').append(clientMaxWindowBits);
        }
        return answer.toString();
    }
}

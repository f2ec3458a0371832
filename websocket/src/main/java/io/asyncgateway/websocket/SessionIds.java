package io.asyncgateway.websocket;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes the names of sessions. Its generator is seeded once, so that it never reads from the system on an event loop. */
final class SessionIds {
    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = seeded();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private SessionIds() {}

    /** 128 random bits in 22 characters. */
    static String next() {
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        return ENCODER.encodeToString(bits);
    }

    private static SecureRandom seeded() {
        try {
            SecureRandom random = SecureRandom.getInstance("DRBG");
            random.nextBytes(new byte[BYTES]);
            return random;
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }
}

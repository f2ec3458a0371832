package io.asyncgateway.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cipher suites that can be chosen, by their standard names and those of OpenSSL. Those with forward secrecy and authenticated encryption are on by
 * default; the others are for old clients. Suites without forward secrecy are not offered (RFC 9325 section 4.1).
 */
final class CipherSuites {
    private static final Map<String, String> BY_OPENSSL_NAME = new LinkedHashMap<>();

    static {
        BY_OPENSSL_NAME.put("TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256");
        BY_OPENSSL_NAME.put("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384");
        BY_OPENSSL_NAME.put("TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256");
        put("AES128-GCM-SHA256", "AES_128_GCM_SHA256");
        put("AES256-GCM-SHA384", "AES_256_GCM_SHA384");
        put("CHACHA20-POLY1305", "CHACHA20_POLY1305_SHA256");
    }

    /** In the order of preference. */
    static final List<String> DEFAULTS = List.copyOf(BY_OPENSSL_NAME.values());

    static {
        put("AES128-SHA256", "AES_128_CBC_SHA256");
        put("AES256-SHA384", "AES_256_CBC_SHA384");
        put("AES128-SHA", "AES_128_CBC_SHA");
        put("AES256-SHA", "AES_256_CBC_SHA");
    }

    private CipherSuites() {}

    private static void put(String openSsl, String standard) {
        for (String signature : List.of("ECDSA", "RSA")) {
            BY_OPENSSL_NAME.put("ECDHE-" + signature + "-" + openSsl, "TLS_ECDHE_" + signature + "_WITH_" + standard);
        }
    }

    /**
     * The standard name of a suite.
     *
     * @throws IllegalArgumentException if it can't be chosen
     */
    static String standardName(String name) {
        String standard = BY_OPENSSL_NAME.get(name);
        if (standard != null) {
            return standard;
        }
        if (BY_OPENSSL_NAME.containsValue(name)) {
            return name;
        }
        throw new IllegalArgumentException(
                "ciphers: " + name + " (expected: of " + String.join(", ", BY_OPENSSL_NAME.keySet()) + ")");
    }
}

package io.asyncgateway.api.testing;

/**
 * What a protocol, a client or a server may lack without breaking the contract. Rules that need a missing one are skipped, by name
 * ({@link ServerConformance#capabilities()}).
 */
public enum ConformanceCapability {
    /** A peer may close its own direction and still gets its answer (HTTP/1.1 over TCP). */
    HALF_CLOSE,
    /** The request header {@code expect: 100-continue} is answered with an interim response (RFC 9110 section 10.1.1). */
    EXPECT_CONTINUE,
    /** Interim responses 103 reach the client (RFC 8297). */
    EARLY_HINTS,
    /** Requests may carry trailer fields (RFC 9110 section 6.5). */
    REQUEST_TRAILERS,
    /** Responses may carry trailer fields. */
    RESPONSE_TRAILERS,
    /** WebSockets can be opened. */
    WEB_SOCKET
}

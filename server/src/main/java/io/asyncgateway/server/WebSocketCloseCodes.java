package io.asyncgateway.server;

/** Close codes (RFC 6455 section 7.4.1 and the IANA registry) that the server itself sends or reports. */
final class WebSocketCloseCodes {
    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    /** Never on the wire: the peer's close frame had no code. */
    static final int NO_STATUS = 1005;
    /** Never on the wire: the connection ended without a close frame. */
    static final int ABNORMAL = 1006;

    static final int INVALID_PAYLOAD = 1007;
    static final int POLICY_VIOLATION = 1008;
    static final int TOO_BIG = 1009;
    static final int INTERNAL_ERROR = 1011;

    private WebSocketCloseCodes() {}

    /** Whether an endpoint may send the code (RFC 6455 section 7.4.2): a registered one, or one for frameworks and applications. */
    static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }
}

package io.asyncgateway.server;

/**
 * The peer broke a rule or a limit: the code to close with, and why. It has no stack trace, because it is the peer who decides how many are
 * made. The message goes to the peer as the reason of the close frame and so has at most 123 ASCII characters and nothing of a payload in it.
 */
final class WebSocketProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    WebSocketProtocolException(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static WebSocketProtocolException protocolError(String message) {
        return new WebSocketProtocolException(WebSocketCloseCodes.PROTOCOL_ERROR, message);
    }

    static WebSocketProtocolException invalidPayload(String message) {
        return new WebSocketProtocolException(WebSocketCloseCodes.INVALID_PAYLOAD, message);
    }

    static WebSocketProtocolException tooBig(String what, long limit) {
        return new WebSocketProtocolException(
                WebSocketCloseCodes.TOO_BIG, what + " too big (expected: at most " + limit + " bytes)");
    }

    int code() {
        return code;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}

package io.asyncgateway.websocket;

/** A send of a session failed because too many wait already: the sender does not wait for its sends, or the peer does not read. Has no stack trace. */
public final class OutboundOverflowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutboundOverflowException(String message) {
        super(message, null, false, false);
    }
}

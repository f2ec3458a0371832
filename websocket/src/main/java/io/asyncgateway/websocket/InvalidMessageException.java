package io.asyncgateway.websocket;

import org.jspecify.annotations.Nullable;

/**
 * A message of the peer is not what was expected: no JSON, other fields, an unknown type. The peer's fault; a session whose handler fails with it
 * is closed with {@link #closeCode()}, and nothing is logged above debug. The message says what was wrong, never what the peer sent.
 */
public final class InvalidMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int closeCode;

    /**
     * A failure that closes with 1007.
     *
     * @param message what was wrong and what was expected; for the log; never sent to the peer
     */
    public InvalidMessageException(String message) {
        this(CloseStatus.INVALID_DATA, message, null);
    }

    InvalidMessageException(int closeCode, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.closeCode = closeCode;
    }

    /**
     * The code that answers the message.
     *
     * @return 1007, or 1003 for a binary message where text was expected
     */
    public int closeCode() {
        return closeCode;
    }
}

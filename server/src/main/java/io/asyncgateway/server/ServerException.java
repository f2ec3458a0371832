package io.asyncgateway.server;

import org.jspecify.annotations.Nullable;

/** The server could not start or not stop cleanly. The message is a line for the operator. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param message what failed and why; its first line is kept
     * @param cause what lies behind it, if anything
     */
    public ServerException(String message, @Nullable Throwable cause) {
        super(message.lines().findFirst().orElse(message), cause);
    }
}

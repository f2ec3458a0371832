package io.asyncgateway.websocket.redis;

import org.jspecify.annotations.Nullable;

/** Redis could not be reached, did not answer in time, or refused. What was to be done may have been done all the same. Has no stack trace of its own. */
public final class RedisUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An outage.
     *
     * @param message what was tried, and why it failed
     * @param cause what the client of Redis said
     */
    public RedisUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}

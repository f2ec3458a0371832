package io.asyncgateway.websocket.channel;

import org.jspecify.annotations.Nullable;

/** Something that a channel layer could not do. The subtypes say what; this type itself stands for a limit that is reached. */
public class ChannelLayerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with its message.
     *
     * @param message what could not be done, and why
     */
    public ChannelLayerException(String message) {
        this(message, null);
    }

    /**
     * A failure with its cause.
     *
     * @param message what could not be done, and why
     * @param cause what led to it
     */
    public ChannelLayerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Without a stack trace: for what belongs to normal operation and may come often. */
    ChannelLayerException(String message, @Nullable Throwable cause, boolean stackTrace) {
        super(message, cause, stackTrace, stackTrace);
    }
}

package io.asyncgateway.websocket.channel;

/** A value could not be written, or bytes are not those of such a value. The message names the type and the place, never the content. */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with its cause.
     *
     * @param message what could not be done
     * @param cause what led to it
     */
    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}

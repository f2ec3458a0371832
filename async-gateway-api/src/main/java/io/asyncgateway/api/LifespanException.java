package io.asyncgateway.api;

import org.jspecify.annotations.Nullable;

/** An application's start or stop has failed: what {@link LifespanRun} tells whoever has called it. Has no stack trace of its own. */
public final class LifespanException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what has failed.
     *
     * @param message a line for the operator
     * @param cause what the application has thrown; {@code null} where it has said so by an event
     */
    public LifespanException(String message, @Nullable Throwable cause) {
        super(message, cause, true, false);
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}

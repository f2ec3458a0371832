package io.asyncgateway.cli;

import org.jspecify.annotations.Nullable;

/** The server can't start. The message is a line for the operator; the process ends with {@link ExitCode#START_FAILED}. */
final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        this(message, null);
    }

    StartException(String message, @Nullable Throwable cause) {
        super(OneLine.of(message), cause);
    }
}

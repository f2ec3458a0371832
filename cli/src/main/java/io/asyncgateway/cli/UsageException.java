package io.asyncgateway.cli;

/** The options are wrong. The message is a line for the operator; the process ends with {@link ExitCode#USAGE}. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(OneLine.of(message));
    }
}

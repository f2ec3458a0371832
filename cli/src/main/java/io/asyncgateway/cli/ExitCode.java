package io.asyncgateway.cli;

/** What the process says to whoever started it. */
final class ExitCode {
    /** Stopped in order, also by a signal, also when it had to force; or help and version were asked for. */
    static final int OK = 0;

    /** The application's own shutdown failed. */
    static final int SHUTDOWN_FAILED = 1;

    /** The command line, the environment or the configuration file is wrong. */
    static final int USAGE = 2;

    /** The application can't be found or can't start, or an address can't be bound. */
    static final int START_FAILED = 3;

    private ExitCode() {}
}

package io.asyncgateway.cli.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether somebody reads standard error on a terminal. */
public final class Terminal {
    private Terminal() {}

    /** Whether colours are of use there. */
    public static boolean colored(Map<String, String> env) {
        boolean unwanted = !env.getOrDefault("NO_COLOR", "").isEmpty() || "dumb".equals(env.get("TERM"));
        return !unwanted && isTerminal();
    }

    // From JDK 22 on there can be a console without a terminal; then standard error gets colours where /proc does not
    // tell.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Path standardError = Path.of("/proc/self/fd/2");
        if (Files.isSymbolicLink(standardError)) {
            try {
                String target = Files.readSymbolicLink(standardError).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (IOException e) {
                return false;
            }
        }
        return System.console() != null && System.getenv("TERM") != null;
    }
}

package io.asyncgateway.server;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files of TLS are not good; the message says in a line which and why. */
final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TlsException(Path file, String problem, @Nullable Throwable cause) {
        this("tls: " + file + ": " + problem + because(cause), cause);
    }

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static TlsException unreadable(Path file, IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return new TlsException(file, "no such file", null);
        }
        if (failure instanceof AccessDeniedException) {
            return new TlsException(file, "permission denied", null);
        }
        return new TlsException(file, "not readable", failure);
    }

    private static String because(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    }
}

package io.asyncgateway.websocket.redis;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What Lettuce's failures say. */
final class Failures {
    private Failures() {}

    /** Without the wrappers of futures. */
    static Throwable unwrap(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** The messages of a failure and its innermost cause, without passwords. */
    static String text(Throwable failure) {
        Throwable outer = unwrap(failure);
        Throwable inner = outer;
        while (inner.getCause() != null && inner.getCause() != inner) {
            inner = inner.getCause();
        }
        String text = message(outer);
        if (inner != outer && !text.contains(message(inner))) {
            text += ": " + message(inner);
        }
        return RedisAddress.withoutPassword(text);
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message != null ? message : failure.getClass().getSimpleName();
    }

    static RedisUnavailableException unavailable(String what, Throwable failure) {
        Throwable cause = unwrap(failure);
        return new RedisUnavailableException(what + ": " + text(cause), cause);
    }
}

package io.asyncgateway.api.testing;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.SendEvent;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/** Holds a response to the {@code content-length} that its start announced (RFC 9110 section 8.6). */
final class ContentLength {
    private static final long NONE = -1;

    private final boolean head;
    private long announced = NONE;
    private long sent;

    /** For the method of the request: a response to HEAD announces the length of what it does not have. */
    ContentLength(String requestMethod) {
        head = requestMethod.equals("HEAD");
    }

    /**
     * Throws {@link ProtocolViolationException} where the event breaks the announcement, and {@link UncheckedIOException} where a file
     * can't be sent. Nothing has changed here then.
     */
    void check(SendEvent event) {
        if (event instanceof HttpEvent.ResponseStart start) {
            boolean bodiless = head || start.status() == 204 || start.status() == 304;
            long length = parse(start.headers());
            announced = bodiless ? NONE : length;
        } else if (event instanceof HttpEvent.ResponseBody part) {
            count(part.body().remaining(), !part.more());
        } else if (event instanceof HttpEvent.ResponseFile part) {
            count(size(part), !part.more());
        } else if (event instanceof HttpEvent.ResponseTrailers) {
            count(0, true);
        }
    }

    private void count(long bytes, boolean last) {
        long total = sent + bytes;
        if (announced != NONE && (total > announced || (last && total < announced))) {
            throw new ProtocolViolationException("send: a body of " + total + " bytes" + (last ? "" : " or more")
                    + " (expected: " + announced + ", as the content-length says)");
        }
        sent = total;
    }

    private static long parse(Headers headers) {
        List<String> values = headers.all("content-length");
        if (values.isEmpty()) {
            return NONE;
        }
        String value = values.get(0);
        boolean digits =
                !value.isEmpty() && value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (values.size() > 1 || !digits) {
            throw new ProtocolViolationException(
                    "send: content-length " + String.join(", ", values) + " (expected: one number of bytes)");
        }
        return Long.parseLong(value);
    }

    private static long size(HttpEvent.ResponseFile part) {
        try {
            long available = Files.size(part.file()) - part.offset();
            long length = part.length() == HttpEvent.ResponseFile.TO_END ? available : part.length();
            if (length < 0 || length > available) {
                throw new EOFException(part.file() + ": the range ends behind the end of the file");
            }
            return length;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

package io.asyncgateway.api.testing;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.SendEvent;
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
        if (!digits || values.stream().anyMatch(other -> !other.equals(value))) {
            throw new ProtocolViolationException(
                    "send: content-length " + String.join(", ", values) + " (expected: one number of bytes)");
        }
        return Long.parseLong(value);
    }

    private static long size(HttpEvent.ResponseFile part) {
        try {
            long available = Math.max(0, Files.size(part.file()) - part.offset());
            if (part.length() > available) {
                throw new ProtocolViolationException("send: a file of " + available + " bytes behind offset "
                        + part.offset() + " (expected: at least " + part.length() + ")");
            }
            return part.length() == HttpEvent.ResponseFile.TO_END ? available : part.length();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

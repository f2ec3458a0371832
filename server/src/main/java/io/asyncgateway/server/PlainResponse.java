package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the server answers in its own name: a status and its reason phrase as plain text, and nothing of what lies behind it.
 *
 * @param start status and fields
 * @param body the reason phrase and a line feed
 */
record PlainResponse(HttpEvent.ResponseStart start, ByteBuffer body) {
    /** At most one for each status there is. */
    private static final Map<Integer, PlainResponse> KNOWN = new ConcurrentHashMap<>();

    static PlainResponse of(int status) {
        return KNOWN.computeIfAbsent(status, PlainResponse::make);
    }

    /** The same with fields of an application's refusal; they win over those that are usual with the status. */
    static PlainResponse of(int status, Headers headers) {
        PlainResponse plain = of(status);
        if (headers.isEmpty()) {
            return plain;
        }
        Headers.Builder all = plain.start.headers().toBuilder();
        headers.forEach(field -> all.remove(field.getKey()));
        headers.forEach(field -> all.add(field.getKey(), field.getValue()));
        all.remove("content-length"); // the body is the server's
        return new PlainResponse(new HttpEvent.ResponseStart(status, all.build()), plain.body);
    }

    /** A text of our own in place of the reason phrase, and fields beside the content type. */
    static PlainResponse of(int status, Headers headers, String text) {
        Headers all = headers.toBuilder()
                .add("content-type", "text/plain; charset=utf-8")
                .build();
        byte[] octets = (text + "\n").getBytes(ISO_8859_1);
        return new PlainResponse(
                new HttpEvent.ResponseStart(status, all),
                ByteBuffer.wrap(octets).asReadOnlyBuffer());
    }

    private static PlainResponse make(int status) {
        Headers.Builder headers = Headers.builder().add("content-type", "text/plain; charset=utf-8");
        if (status == 503) {
            headers.add("retry-after", "1");
        }
        byte[] text = (StatusLine.reason(status) + "\n").getBytes(US_ASCII);
        return new PlainResponse(
                new HttpEvent.ResponseStart(status, headers.build()),
                ByteBuffer.wrap(text).asReadOnlyBuffer());
    }
}

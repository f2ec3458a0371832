package io.asyncgateway.api.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncgateway.api.HttpEvent;
import java.nio.ByteBuffer;

/** Bytes and the events around them. */
final class Payloads {
    private Payloads() {}

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer.duplicate()).toString();
    }

    /** Bytes that show where they were cut out, or put in the wrong place. */
    static byte[] pattern(long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = patternAt(offset + i);
        }
        return bytes;
    }

    static byte patternAt(long offset) {
        return (byte) (offset * 31 + offset / 251);
    }

    static HttpEvent.ResponseStart ok() {
        return new HttpEvent.ResponseStart(200);
    }

    static HttpEvent.ResponseBody more(String text) {
        return HttpEvent.ResponseBody.more(utf8(text));
    }

    static HttpEvent.ResponseBody last(String text) {
        return HttpEvent.ResponseBody.last(text);
    }
}

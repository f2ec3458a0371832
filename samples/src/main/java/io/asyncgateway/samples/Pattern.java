package io.asyncgateway.samples;

import java.nio.ByteBuffer;

/** Lines of 63 letters and digits, so that a client can tell where in a body it is. */
final class Pattern {
    private static final String LINE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-\n";

    private Pattern() {}

    /** So many bytes of it, read-only. */
    static ByteBuffer bytes(int size) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < size; i++) {
            bytes.put((byte) LINE.charAt(i % LINE.length()));
        }
        return bytes.flip().asReadOnlyBuffer();
    }
}

package io.asyncgateway.api;

import java.nio.ByteBuffer;

/** What the events do with buffers. */
final class Buffers {
    private Buffers() {}

    static ByteBuffer readOnly(ByteBuffer buffer) {
        return buffer.isReadOnly() ? buffer : buffer.asReadOnlyBuffer();
    }
}

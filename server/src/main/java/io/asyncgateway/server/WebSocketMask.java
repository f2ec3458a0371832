package io.asyncgateway.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Masking of a frame's payload (RFC 6455 section 5.3), eight octets at a time. */
final class WebSocketMask {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private WebSocketMask() {}

    /**
     * Masks or unmasks a range in place.
     *
     * @param key the masking key, its first octet lowest, so that the order in which the octets are used is that of the shifts
     * @return the key for the octets that follow the range
     */
    static int apply(byte[] bytes, int from, int to, int key) {
        long wide = (key & 0xFFFFFFFFL) | ((long) key << 32);
        int i = from;
        for (int end = to - Long.BYTES; i <= end; i += Long.BYTES) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ wide);
        }
        int rest = key;
        for (; i < to; i++) {
            bytes[i] ^= (byte) rest;
            rest = Integer.rotateRight(rest, Byte.SIZE);
        }
        return rest;
    }
}

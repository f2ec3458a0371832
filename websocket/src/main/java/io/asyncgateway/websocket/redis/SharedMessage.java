package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * A message in the list of a shared channel: {@code expiry: 8 bytes | node: 16 ASCII characters | number: 8 bytes | payload}. Node and number make each value
 * unique, so that a sender can take its own one back.
 */
final class SharedMessage {
    private static final int NODE_LENGTH = 16;
    private static final int HEADER = Long.BYTES + NODE_LENGTH + Long.BYTES;

    private final byte[] value;

    /** A value of the list. */
    SharedMessage(byte[] value) {
        this.value = value;
    }

    static SharedMessage of(long expiresAtMillis, String node, long number, ByteBuffer payload) {
        ByteBuffer value = ByteBuffer.allocate(HEADER + payload.remaining());
        value.putLong(expiresAtMillis)
                .put(node.getBytes(US_ASCII), 0, NODE_LENGTH)
                .putLong(number)
                .put(payload.duplicate());
        return new SharedMessage(value.array());
    }

    /** The whole, as it stands in the list; not to be changed. */
    byte[] value() {
        return value;
    }

    /** Nothing of ours: somebody else writes to this list. */
    boolean isMalformed() {
        return value.length < HEADER;
    }

    boolean isExpired(long nowMillis) {
        return ByteBuffer.wrap(value).getLong() <= nowMillis;
    }

    /** What no other message has. */
    String id() {
        return new String(value, Long.BYTES, NODE_LENGTH, US_ASCII)
                + ByteBuffer.wrap(value).getLong(HEADER - Long.BYTES);
    }

    ByteBuffer payload() {
        return ByteBuffer.wrap(value, HEADER, value.length - HEADER).slice().asReadOnlyBuffer();
    }
}

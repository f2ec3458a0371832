package io.asyncgateway.websocket.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What travels by pub/sub. In front of each message stands who sent it and its place in the <em>stream</em> of what that node has sent to that pub/sub channel, so
 * that a receiver sees what it did not get:
 *
 * <pre>
 * kind: 1 byte | node: 16 ASCII characters | stream: varint | number: varint | age of the stream in ms: varint
 * DIRECT alone:  length of the channel's name: 1 byte | name
 * payload
 * </pre>
 *
 * @param kind what it is
 * @param nodeHigh first half of the sender's id
 * @param nodeLow second half of the sender's id
 * @param stream which of the sender's streams
 * @param number of the message in the stream, from 1; of a MARK that of the last message
 * @param ageMillis how long ago the stream began
 * @param channel DIRECT alone: for whom it is
 * @param payload a view of the rest
 */
record Envelope(
        Kind kind,
        long nodeHigh,
        long nodeLow,
        long stream,
        long number,
        long ageMillis,
        @Nullable String channel,
        ByteBuffer payload) {
    /** What it is. The codes' upper half distinguishes this format from later ones. */
    enum Kind {
        /** To all members of the group whose pub/sub channel it is. */
        GROUP(0x10),
        /** To one channel of the node whose inbox it is. */
        DIRECT(0x11),
        /** No message; says how far the stream is. */
        MARK(0x12);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static @Nullable Kind of(byte code) {
            for (Kind kind : KINDS) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    private static final Kind[] KINDS = Kind.values();

    private static final int NODE_LENGTH = 16;

    static byte[] encode(
            Kind kind,
            byte[] node,
            long stream,
            long number,
            long ageMillis,
            @Nullable String channel,
            ByteBuffer payload) {
        int channelLength = channel == null ? 0 : 1 + channel.length();
        int numbers = varintLength(stream) + varintLength(number) + varintLength(ageMillis);
        byte[] bytes = new byte[1 + NODE_LENGTH + numbers + channelLength + payload.remaining()];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.put(kind.code).put(node, 0, NODE_LENGTH);
        putVarint(out, stream);
        putVarint(out, number);
        putVarint(out, ageMillis);
        if (channel != null) {
            out.put((byte) channel.length()).put(channel.getBytes(ISO_8859_1));
        }
        out.put(payload.duplicate());
        return bytes;
    }

    /** Null if it is not of this format. */
    static @Nullable Envelope decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            Kind kind = Kind.of(in.get());
            if (kind == null) {
                return null;
            }
            long high = in.getLong();
            long low = in.getLong();
            long stream = varint(in);
            long number = varint(in);
            long age = varint(in);
            String channel = null;
            if (kind == Kind.DIRECT) {
                byte[] name = new byte[in.get()];
                in.get(name);
                channel = new String(name, ISO_8859_1);
            }
            return new Envelope(
                    kind, high, low, stream, number, age, channel, in.slice().asReadOnlyBuffer());
        } catch (BufferUnderflowException | NegativeArraySizeException malformed) {
            return null;
        }
    }

    private static int varintLength(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    private static void putVarint(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }
}

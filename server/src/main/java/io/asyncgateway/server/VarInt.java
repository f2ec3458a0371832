package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;

/** A variable-length integer of QUIC (RFC 9000 section 16), read octet by octet, since a stream may be cut anywhere. */
final class VarInt {
    static final long LARGEST = (1L << 62) - 1;

    private long value;
    private int left;
    private boolean within;

    /** Reads on; {@code false} if more octets are needed. */
    boolean read(ByteBuf in) {
        if (!within) {
            if (!in.isReadable()) {
                return false;
            }
            int first = in.readUnsignedByte();
            value = first & 0x3f;
            left = (1 << (first >> 6)) - 1;
            within = true;
        }
        while (left > 0) {
            if (!in.isReadable()) {
                return false;
            }
            value = value << 8 | in.readUnsignedByte();
            left--;
        }
        within = false;
        return true;
    }

    /** What was read. */
    long value() {
        return value;
    }

    /** Whether octets are missing. */
    boolean isWithin() {
        return within;
    }

    /** The number of octets of a value. */
    static int size(long value) {
        if (value < 1 << 6) {
            return 1;
        }
        if (value < 1 << 14) {
            return 2;
        }
        return value < 1 << 30 ? 4 : 8;
    }

    static ByteBuf write(ByteBuf target, long value) {
        return switch (size(value)) {
            case 1 -> target.writeByte((int) value);
            case 2 -> target.writeShort((int) value | 0x4000);
            case 4 -> target.writeInt((int) value | 0x80000000);
            default -> target.writeLong(value | 0xc000000000000000L);
        };
    }
}

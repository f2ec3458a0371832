package io.asyncgateway.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 (RFC 3629) as it streams: the first octet that can't be right is refused when it comes, however the text is cut into pieces.
 * Shortest forms alone, no surrogates, nothing past U+10FFFF.
 *
 * <p>Between two octets of a character the state is how many are missing and the range in which the next must be; only the second octet of a
 * character has a narrower range than 80..BF (RFC 3629 section 4).
 */
final class Utf8Validator {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final int LOWEST = 0x80;
    private static final int HIGHEST = 0xBF;

    private int missing;
    private int lowest = LOWEST;
    private int highest = HIGHEST;

    /** Takes the octets of a range. Returns false at the first that is wrong; the validator is of no use then before a {@link #reset}. */
    boolean accept(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (missing == 0) {
                i = skipAscii(bytes, i, to);
                if (i < to && !lead(bytes[i++] & 0xFF)) {
                    return false;
                }
            } else {
                int octet = bytes[i++] & 0xFF;
                if (octet < lowest || octet > highest) {
                    return false;
                }
                lowest = LOWEST;
                highest = HIGHEST;
                missing--;
            }
        }
        return true;
    }

    /** Whether the text may end here: not in the middle of a character. */
    boolean isComplete() {
        return missing == 0;
    }

    void reset() {
        missing = 0;
        lowest = LOWEST;
        highest = HIGHEST;
    }

    private boolean lead(int octet) {
        if (octet < 0xC2 || octet > 0xF4) {
            return false;
        }
        if (octet < 0xE0) {
            missing = 1;
        } else if (octet < 0xF0) {
            missing = 2;
            lowest = octet == 0xE0 ? 0xA0 : LOWEST;
            highest = octet == 0xED ? 0x9F : HIGHEST;
        } else {
            missing = 3;
            lowest = octet == 0xF0 ? 0x90 : LOWEST;
            highest = octet == 0xF4 ? 0x8F : HIGHEST;
        }
        return true;
    }

    /** Returns the index of the first octet that is not ASCII, or {@code to}. */
    private static int skipAscii(byte[] bytes, int from, int to) {
        int i = from;
        for (int end = to - Long.BYTES; i <= end; i += Long.BYTES) {
            long high = (long) LONGS.get(bytes, i) & HIGH_BITS;
            if (high != 0) {
                return i + (Long.numberOfTrailingZeros(high) >>> 3);
            }
        }
        while (i < to && bytes[i] >= 0) {
            i++;
        }
        return i;
    }
}

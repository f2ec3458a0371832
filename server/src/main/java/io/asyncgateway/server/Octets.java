package io.asyncgateway.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The classes of octets in RFC 9110 and RFC 3986, and how to find the end of a run of them quickly. */
final class Octets {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    /** For each octet: itself in lower case where it may stand in a token (RFC 9110 section 5.6.2), 0 elsewhere. */
    private static final byte[] TOKEN = new byte[256];

    /** Where an octet may stand in a request target: visible ASCII but {@code #} (RFC 9112 section 3.2). */
    private static final boolean[] TARGET = new boolean[256];

    /** Where an octet may stand in a registered name: RFC 3986 section 3.2.2 without {@code ,} and without {@code %}. */
    private static final boolean[] NAME = new boolean[256];

    static {
        String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        (letters + "!#$%&'*+-.^_`|~").chars().forEach(c -> TOKEN[c] = (byte) Character.toLowerCase(c));
        (letters + "-._~!$&'()*+;=").chars().forEach(c -> NAME[c] = true);
        for (int c = 0x21; c < 0x7f; c++) {
            TARGET[c] = c != '#';
        }
    }

    private Octets() {}

    /** The octet in lower case, or 0 if it is not part of a token. */
    static byte token(byte octet) {
        return TOKEN[octet & 0xff];
    }

    static boolean isTarget(byte octet) {
        return TARGET[octet & 0xff];
    }

    static boolean isName(byte octet) {
        return NAME[octet & 0xff];
    }

    static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /**
     * The index of the first octet from {@code start} that may not stand in a field value (RFC 9110 section 5.5): a control other than HTAB, or
     * DEL; {@code end} if there is none.
     */
    static int endOfValue(byte[] octets, int start, int end) {
        int i = start;
        while (true) {
            // Eight at a time: a lane's high bit is set where its octet is below 0x20 or is 0x7f; a false alarm costs a
            // closer look.
            while (i <= end - 8) {
                long word = (long) LONGS.get(octets, i);
                long controls = (word - ONES * 0x20) & ~word;
                long deletes = ((word ^ ONES * 0x7f) - ONES) & ~(word ^ ONES * 0x7f);
                if (((controls | deletes) & HIGHS) != 0) {
                    break;
                }
                i += 8;
            }
            int stop = Math.min(end, i + 8);
            for (; i < stop; i++) {
                byte octet = octets[i];
                if (octet >= 0 && octet < ' ' && octet != '\t' || octet == 0x7f) {
                    return i;
                }
            }
            if (i == end) {
                return end;
            }
        }
    }

    /** Whether octets and a lower-case word are equal; the case of letters in the octets does not matter. */
    static boolean equalsIgnoreCase(byte[] octets, int start, int end, String word) {
        if (end - start != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            int octet = octets[start + i];
            int lower = octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
            if (lower != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}

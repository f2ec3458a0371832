package io.asyncgateway.server;

import java.util.Arrays;

/**
 * Encodes field sections with the static table alone (RFC 9204 section 4.5), so that none waits for another and a lost packet holds back nothing but its own stream.
 * Confined to its event loop.
 */
final class QpackEncoder {
    private static final int SMALLEST = 512;

    /** What it can be left with between two sections. */
    private static final int KEPT = 16 * 1024;

    private byte[] octets = new byte[SMALLEST];
    private int size;

    /** Begins a section, whose prefix says that it needs nothing of the dynamic table. */
    void begin() {
        if (octets.length > KEPT) {
            octets = new byte[SMALLEST];
        }
        octets[0] = 0;
        octets[1] = 0;
        size = 2;
    }

    /** The section. */
    byte[] octets() {
        return octets;
    }

    /** How many octets the section has. */
    int size() {
        return size;
    }

    void status(int status) {
        if (status == 200) {
            integer(0xc0, 6, 25);
        } else {
            field(":status", Integer.toString(status));
        }
    }

    /** A field; its name is in lower case. */
    void field(String name, String value) {
        int[] indices = QpackStaticTable.indicesOf(name);
        for (int index : indices) {
            if (QpackStaticTable.value(index).equals(value)) {
                integer(0xc0, 6, index);
                return;
            }
        }
        boolean secret = isSecret(name);
        if (indices.length > 0) {
            integer(secret ? 0x70 : 0x50, 4, indices[0]);
        } else {
            string(secret ? 0x30 : 0x20, 3, name);
        }
        string(0x00, 7, value);
    }

    /** What no intermediary may add to a table either (RFC 9204 section 7.1.3). */
    private static boolean isSecret(String name) {
        return switch (name) {
            case "set-cookie", "authorization", "proxy-authorization", "authentication-info" -> true;
            default -> false;
        };
    }

    private void string(int pattern, int prefix, String latin1) {
        int length = latin1.length();
        int encoded = Huffman.encodedSize(latin1);
        if (encoded < length) {
            integer(pattern | 1 << prefix, prefix, encoded);
            reserve(encoded);
            size = Huffman.encode(latin1, octets, size);
        } else {
            integer(pattern, prefix, length);
            reserve(length);
            copy(latin1, length);
        }
    }

    @SuppressWarnings("deprecation") // String.getBytes(int, int, byte[], int) is exactly Latin-1, without a copy.
    private void copy(String latin1, int length) {
        latin1.getBytes(0, length, octets, size);
        size += length;
    }

    /** RFC 9204 section 4.1.1, which is RFC 7541 section 5.1. */
    private void integer(int pattern, int prefix, int value) {
        reserve(6);
        int mask = (1 << prefix) - 1;
        if (value < mask) {
            octets[size++] = (byte) (pattern | value);
            return;
        }
        octets[size++] = (byte) (pattern | mask);
        int rest = value - mask;
        while (rest >= 0x80) {
            octets[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        octets[size++] = (byte) rest;
    }

    private void reserve(int more) {
        if (size + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, size + more));
        }
    }
}

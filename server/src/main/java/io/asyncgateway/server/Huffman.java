package io.asyncgateway.server;

/**
 * The Huffman code of HPACK (RFC 7541 section 5.2 and appendix B). The code is canonical: codes of one length ascend with their symbols, and the shorter come first, so
 * the lengths say everything.
 */
final class Huffman {
    /** The length of the code of each octet, and of the symbol that ends a string. */
    private static final byte[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28,
        28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15,
        6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22,
        20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23,
        23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22,
        22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26,
        27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27,
        26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30
    };

    private static final int END_OF_STRING = 256;

    private static final int LONGEST = 30;

    /** The code of each symbol, in the low bits. */
    private static final int[] CODES = codes();

    private static final int NIBBLE = 4;
    private static final int EMITS = 1 << 16;
    private static final int FAILS = 1 << 17;

    /** What four more bits lead to from each inner node of the tree: the next node, and an octet that has ended on the way. */
    private static final int[] STEPS = new int[256 << NIBBLE];

    /** Whether a string may end at a node: at most seven bits of padding, the first of the code that ends a string. */
    private static final boolean[] MAY_END = new boolean[256];

    static {
        buildSteps();
    }

    private Huffman() {}

    private static int[] codes() {
        int[] codes = new int[LENGTHS.length];
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
                if (LENGTHS[symbol] == length) {
                    codes[symbol] = code++;
                }
            }
        }
        return codes;
    }

    private static void buildSteps() {
        int[][] children = tree();
        for (int node = 0; node < children.length; node++) {
            for (int bits = 0; bits < 1 << NIBBLE; bits++) {
                STEPS[node << NIBBLE | bits] = step(children, node, bits);
            }
        }
        int node = 0;
        for (int padding = 0; padding < 8; padding++) {
            MAY_END[node] = true;
            node = children[node][1];
        }
    }

    /** The children of each inner node; a symbol is the complement of a negative number. */
    private static int[][] tree() {
        int[][] children = new int[256][2];
        int used = 1;
        for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
            int node = 0;
            for (int bit = LENGTHS[symbol] - 1; bit > 0; bit--) {
                int branch = CODES[symbol] >>> bit & 1;
                if (children[node][branch] == 0) {
                    children[node][branch] = used++;
                }
                node = children[node][branch];
            }
            children[node][CODES[symbol] & 1] = ~symbol;
        }
        return children;
    }

    private static int step(int[][] children, int from, int bits) {
        int node = from;
        int octet = 0;
        for (int bit = NIBBLE - 1; bit >= 0; bit--) {
            node = children[node][bits >>> bit & 1];
            if (node == ~END_OF_STRING) {
                return FAILS;
            }
            if (node < 0) { // at most once, for the shortest code has five bits
                octet = EMITS | ~node << 8;
                node = 0;
            }
        }
        return octet | node;
    }

    /** The most octets that so many encoded ones can stand for. */
    static int decodedSize(int encoded) {
        return (int) (encoded * 8L / 5);
    }

    /**
     * Decodes a string; the target has room for {@link #decodedSize}.
     *
     * @return the index after it in the target; -1 if it is not well-formed
     */
    static int decode(byte[] source, int start, int end, byte[] target, int at) {
        int node = 0;
        int to = at;
        for (int i = start; i < end; i++) {
            int step = STEPS[node << NIBBLE | source[i] >>> NIBBLE & 0xf];
            if ((step & EMITS) != 0) {
                target[to++] = (byte) (step >>> 8);
            }
            int second = STEPS[(step & 0xff) << NIBBLE | source[i] & 0xf];
            if ((second & EMITS) != 0) {
                target[to++] = (byte) (second >>> 8);
            }
            if (((step | second) & FAILS) != 0) {
                return -1;
            }
            node = second & 0xff;
        }
        return MAY_END[node] ? to : -1;
    }

    /** How many octets a string has when it is encoded. */
    static int encodedSize(String latin1) {
        long bits = 0;
        for (int i = 0; i < latin1.length(); i++) {
            bits += LENGTHS[latin1.charAt(i) & 0xff];
        }
        return (int) (bits + 7 >> 3);
    }

    /** Encodes a string; returns the index after it. */
    static int encode(String latin1, byte[] target, int at) {
        long bits = 0;
        int count = 0;
        int to = at;
        for (int i = 0; i < latin1.length(); i++) {
            int octet = latin1.charAt(i) & 0xff;
            bits = bits << LENGTHS[octet] | CODES[octet];
            count += LENGTHS[octet];
            while (count >= 8) {
                count -= 8;
                target[to++] = (byte) (bits >>> count);
            }
        }
        if (count > 0) {
            target[to++] = (byte) (bits << 8 - count | 0xff >>> count);
        }
        return to;
    }
}

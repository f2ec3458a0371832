package io.asyncgateway.server;

/** Reads deflate blocks (RFC 1951) as far as needed to know how far back their references go. */
final class DeflateDistances {
    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private final byte[] data;
    private int bit;
    private int longest;

    private DeflateDistances(byte[] data) {
        this.data = data;
    }

    /** The longest distance in a message whose last four octets, 00 00 FF FF, have been removed. */
    static int longest(byte[] message) {
        DeflateDistances blocks = new DeflateDistances(ClientFrames.concat(message, ClientFrames.hex("0000ffff")));
        while (blocks.bit < 8 * blocks.data.length) {
            blocks.block();
        }
        return blocks.longest;
    }

    private void block() {
        bits(1);
        switch (bits(2)) {
            case 0 -> {
                bit = (bit + 7) & ~7;
                int size = bits(16);
                bit += 16 + 8 * size;
            }
            case 1 -> codes(fixedLengths(), fill(new int[30], 0, 30, 5));
            case 2 -> dynamic();
            default -> throw new AssertionError("reserved block type");
        }
    }

    private static int[] fixedLengths() {
        int[] lengths = fill(new int[288], 0, 144, 8);
        fill(lengths, 144, 256, 9);
        fill(lengths, 256, 280, 7);
        return fill(lengths, 280, 288, 8);
    }

    private static int[] fill(int[] lengths, int from, int to, int value) {
        java.util.Arrays.fill(lengths, from, to, value);
        return lengths;
    }

    private void dynamic() {
        int literals = bits(5) + 257;
        int distances = bits(5) + 1;
        int count = bits(4) + 4;
        int[] meta = new int[19];
        for (int i = 0; i < count; i++) {
            meta[ORDER[i]] = bits(3);
        }
        int[] lengths = new int[literals + distances];
        for (int i = 0; i < lengths.length; ) {
            int symbol = symbol(meta);
            if (symbol < 16) {
                lengths[i++] = symbol;
            } else {
                int value = symbol == 16 ? lengths[i - 1] : 0;
                int repeat = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
                fill(lengths, i, i + repeat, value);
                i += repeat;
            }
        }
        codes(
                java.util.Arrays.copyOf(lengths, literals),
                java.util.Arrays.copyOfRange(lengths, literals, lengths.length));
    }

    private void codes(int[] literals, int[] distances) {
        for (int symbol = symbol(literals); symbol != 256; symbol = symbol(literals)) {
            if (symbol > 256) {
                int length = LENGTH_BASE[symbol - 257] + bits(LENGTH_EXTRA[symbol - 257]);
                int code = symbol(distances);
                int extra = Math.max(0, code / 2 - 1);
                int base = code < 4 ? code + 1 : 1 + ((2 + (code & 1)) << extra);
                longest = Math.max(longest, base + bits(extra));
                assert length >= 3;
            }
        }
    }

    /** One symbol of a canonical Huffman code; slow and short. */
    private int symbol(int[] lengths) {
        int code = 0;
        int first = 0;
        for (int length = 1; length < 16; length++) {
            code = code << 1 | bits(1);
            first <<= 1;
            int count = 0;
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length) {
                    if (code == first + count) {
                        return symbol;
                    }
                    count++;
                }
            }
            first += count;
        }
        throw new AssertionError("no such code");
    }

    private int bits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++, bit++) {
            value |= (data[bit >> 3] >> (bit & 7) & 1) << i;
        }
        return value;
    }
}

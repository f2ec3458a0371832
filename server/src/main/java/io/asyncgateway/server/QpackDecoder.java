package io.asyncgateway.server;

/**
 * Decodes the field sections of one connection (RFC 9204 section 4.5). The peer was told that there is no dynamic table, so a section stands for itself, and one that refers to that
 * table is broken. Whatever is wrong in one is an error of the connection (section 2.2). Confined to its event loop.
 *
 * <pre>
 *   1Txxxxxx  indexed field
 *   01NTxxxx  literal field with the name of another
 *   001NHxxx  literal field with a literal name
 *   0001xxxx, 0000xxxx  of the dynamic table
 * </pre>
 */
final class QpackDecoder {
    /** The octets of an integer behind its prefix: as many as 62 bits need. */
    private static final int MAX_INTEGER_OCTETS = 9;

    // The section that is being decoded
    private byte[] block = {};
    private int at;
    private int end;

    /**
     * Decodes a whole section.
     *
     * @param section gets the fields
     */
    void decode(byte[] octets, int start, int length, FieldSection section) throws Http3Failure {
        block = octets;
        at = start;
        end = start + length;
        prefix();
        while (at < end) {
            int first = block[at];
            if (first < 0) {
                boolean fromStatic = (first & 0x40) != 0;
                section.add(entry(fromStatic, integer(6)));
            } else if ((first & 0x40) != 0) {
                boolean fromStatic = (first & 0x10) != 0;
                HpackEntry named = entry(fromStatic, integer(4));
                int nameStart = section.size();
                section.reserve(named.nameLength());
                System.arraycopy(named.octets(), 0, section.octets(), nameStart, named.nameLength());
                value(section, nameStart, nameStart + named.nameLength());
            } else if ((first & 0x20) != 0) {
                int nameStart = section.size();
                value(section, nameStart, string(3, section, nameStart));
            } else {
                throw dynamic();
            }
        }
    }

    /** The required insert count and the base of the section (RFC 9204 section 4.5.1). */
    private void prefix() throws Http3Failure {
        if (end - at < 2) {
            throw broken("a section without its prefix");
        }
        if (integer(8) != 0) {
            throw dynamic();
        }
        if (at == end) {
            throw broken("a section without its base");
        }
        boolean negative = block[at] < 0;
        integer(7);
        if (negative) {
            throw broken("a base below zero");
        }
    }

    private static Http3Failure broken(String message) {
        return Http3Failure.ofConnection(Http3Error.QPACK_DECOMPRESSION_FAILED, message);
    }

    private static Http3Failure dynamic() {
        return broken("a reference to the dynamic table (expected: none, its capacity is 0)");
    }

    private static HpackEntry entry(boolean fromStatic, long index) throws Http3Failure {
        if (!fromStatic) {
            throw dynamic();
        }
        if (index >= QpackStaticTable.SIZE) {
            throw broken("index: " + index + " (expected: 0-" + (QpackStaticTable.SIZE - 1) + ")");
        }
        return QpackStaticTable.entry((int) index);
    }

    private void value(FieldSection section, int nameStart, int valueStart) throws Http3Failure {
        int valueEnd = string(7, section, valueStart);
        section.add(valueStart - nameStart, valueEnd - valueStart);
    }

    /** Decodes a string behind those octets of the section that were not added yet; returns the index after it. */
    private int string(int prefix, FieldSection section, int target) throws Http3Failure {
        if (at == end) {
            throw broken("a field without its value");
        }
        boolean huffman = (block[at] & 1 << prefix) != 0;
        long announced = integer(prefix);
        if (announced > end - at) {
            throw broken("a string that is longer than its section");
        }
        int length = (int) announced;
        int start = at;
        at += length;
        if (!huffman) {
            section.reserve(target - section.size() + length);
            System.arraycopy(block, start, section.octets(), target, length);
            return target + length;
        }
        section.reserve(target - section.size() + Huffman.decodedSize(length));
        int stringEnd = Huffman.decode(block, start, at, section.octets(), target);
        if (stringEnd < 0) {
            throw broken("a string that is not Huffman code");
        }
        return stringEnd;
    }

    /** RFC 9204 section 4.1.1, which is RFC 7541 section 5.1. */
    private long integer(int prefix) throws Http3Failure {
        int mask = (1 << prefix) - 1;
        long value = block[at++] & mask;
        if (value < mask) {
            return value;
        }
        for (int octets = 0; octets < MAX_INTEGER_OCTETS; octets++) {
            if (at == end) {
                throw broken("an integer without its end");
            }
            int octet = block[at++];
            value += (octet & 0x7fL) << 7 * octets;
            if (octet >= 0) {
                return checked(value);
            }
        }
        throw broken("an integer of more than 62 bits");
    }

    /** Too large a sum is negative. */
    private static long checked(long value) throws Http3Failure {
        if (value < 0 || value > VarInt.LARGEST) {
            throw broken("an integer of more than 62 bits");
        }
        return value;
    }
}

package io.asyncgateway.server;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the field blocks of one connection (RFC 7541). Whatever is wrong in one breaks the table that both peers keep, and with it the connection. Confined to its event
 * loop.
 *
 * <pre>
 *   1xxxxxxx  indexed field
 *   01xxxxxx  literal field, added to the table
 *   001xxxxx  new size of the table, at the beginning of a block
 *   0000xxxx  literal field
 *   0001xxxx  literal field that is never to be indexed
 * </pre>
 */
final class HpackDecoder {
    /** The size of a table before anything is agreed on (RFC 9113 section 6.5.2). */
    static final int DEFAULT_TABLE_SIZE = 4096;

    /** The octets of an integer behind its prefix; more of them say nothing that could be meant. */
    private static final int MAX_INTEGER_OCTETS = 4;

    private final HpackTable table = new HpackTable(DEFAULT_TABLE_SIZE);
    private int maxTableSize = DEFAULT_TABLE_SIZE;
    private boolean mustShrink;

    // The block that is being decoded
    private byte[] block = {};
    private int at;
    private int end;

    /** The peer knows how large the table may be from now on. */
    void maxTableSize(int size) {
        maxTableSize = size;
        mustShrink = table.maxSize() > size;
    }

    /**
     * Decodes a whole block.
     *
     * @param section gets the fields
     */
    void decode(byte[] octets, int start, int length, FieldSection section) throws Http2Failure {
        block = octets;
        at = start;
        end = start + length;
        boolean begun = false;
        while (at < end) {
            int first = block[at];
            if ((first & 0xe0) == 0x20) {
                if (begun) {
                    throw broken("a new size of the table behind a field");
                }
                resize(integer(5));
                continue;
            }
            if (mustShrink) {
                throw broken("the table was not made smaller, as was agreed");
            }
            begun = true;
            if (first < 0) {
                section.add(entry(integer(7)));
            } else if ((first & 0x40) != 0) {
                literal(integer(6), true, section);
            } else {
                literal(integer(4), false, section);
            }
        }
    }

    private static Http2Failure broken(String message) {
        return Http2Failure.ofConnection(Http2Error.COMPRESSION_ERROR, message);
    }

    private void resize(int size) throws Http2Failure {
        if (size > maxTableSize) {
            throw broken("size of the table: " + size + " (expected: at most " + maxTableSize + ")");
        }
        table.maxSize(size);
        mustShrink = false;
    }

    private HpackEntry entry(int index) throws Http2Failure {
        if (index > 0 && index <= HpackStaticTable.SIZE) {
            return HpackStaticTable.entry(index);
        }
        int dynamic = index - HpackStaticTable.SIZE - 1;
        if (dynamic < 0 || dynamic >= table.size()) {
            throw broken("index: " + index + " (expected: 1-" + (HpackStaticTable.SIZE + table.size()) + ")");
        }
        return table.entry(dynamic);
    }

    private void literal(int nameIndex, boolean indexed, FieldSection section) throws Http2Failure {
        int nameStart = section.size();
        int valueStart;
        if (nameIndex == 0) {
            valueStart = string(section, nameStart);
        } else {
            HpackEntry named = entry(nameIndex);
            section.reserve(named.nameLength());
            System.arraycopy(named.octets(), 0, section.octets(), nameStart, named.nameLength());
            valueStart = nameStart + named.nameLength();
        }
        int valueEnd = string(section, valueStart);
        int nameLength = valueStart - nameStart;
        if (indexed) {
            table.add(nameLength, section.octets(), nameStart, valueEnd);
        }
        section.add(nameLength, valueEnd - valueStart);
    }

    /** Decodes a string behind those octets of the section that were not added yet; returns the index after it. */
    private int string(FieldSection section, int target) throws Http2Failure {
        if (at == end) {
            throw broken("a field without its value");
        }
        boolean huffman = block[at] < 0;
        int length = integer(7);
        if (length > end - at) {
            throw broken("a string that is longer than its block");
        }
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

    /** RFC 7541 section 5.1. */
    private int integer(int prefix) throws Http2Failure {
        int mask = (1 << prefix) - 1;
        int value = block[at++] & mask;
        if (value < mask) {
            return value;
        }
        for (int octets = 0; octets < MAX_INTEGER_OCTETS; octets++) {
            if (at == end) {
                throw broken("an integer without its end");
            }
            int octet = block[at++];
            value += (octet & 0x7f) << 7 * octets;
            if (octet >= 0) {
                return value;
            }
        }
        throw broken("an integer of more than " + MAX_INTEGER_OCTETS + " octets");
    }

    /** The dynamic table: the newest entry is the first (RFC 7541 section 2.3.2). */
    private static final class HpackTable {
        private @Nullable HpackEntry[] ring = new HpackEntry[8];
        private int newest;
        private int count;
        private int octets;
        private int maxSize;

        HpackTable(int maxSize) {
            this.maxSize = maxSize;
        }

        int maxSize() {
            return maxSize;
        }

        void maxSize(int size) {
            maxSize = size;
            evict(0);
        }

        /** The number of entries. */
        int size() {
            return count;
        }

        HpackEntry entry(int index) {
            return Objects.requireNonNull(ring[newest - index & ring.length - 1]);
        }

        /** Adds what it copies; what does not fit at all empties the table, which is no error (RFC 7541 section 4.4). */
        void add(int nameLength, byte[] source, int start, int end) {
            int size = end - start + HpackEntry.OVERHEAD;
            evict(size);
            if (size > maxSize) {
                return;
            }
            if (count == ring.length) {
                grow();
            }
            newest = newest + 1 & ring.length - 1;
            ring[newest] = new HpackEntry(Arrays.copyOfRange(source, start, end), nameLength);
            count++;
            octets += size;
        }

        private void evict(int room) {
            while (count > 0 && octets + room > maxSize) {
                octets -= entry(--count).size();
                ring[newest - count & ring.length - 1] = null;
            }
        }

        private void grow() {
            @Nullable HpackEntry[] larger = new HpackEntry[2 * ring.length];
            for (int i = 0; i < count; i++) {
                larger[count - 1 - i] = entry(i);
            }
            ring = larger;
            newest = count - 1;
        }
    }
}

package io.asyncgateway.server;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the field blocks of one connection (RFC 7541). A field that may come again is added to the table that both peers keep, and is one or two octets from then on.
 * Confined to its event loop.
 */
final class HpackEncoder {
    /** A larger table costs memory for each connection and gains next to nothing. */
    private static final int MAX_TABLE_SIZE = 4096;

    /** A field that would take more than this part of the table is not worth what it drives out. */
    private static final int LARGEST_SHARE = 4;

    private static final int SMALLEST = 512;

    /** What it can be left with between two blocks. */
    private static final int KEPT = 16 * 1024;

    /** How a field goes out that is not in a table. */
    private enum Indexing {
        ADDED,
        /** Its value is another each time. */
        NOT_ADDED,
        /** It is a secret: no intermediary may add it either (RFC 7541 section 7.1.3). */
        NEVER
    }

    private byte[] octets = new byte[SMALLEST];
    private int size;

    // The dynamic table
    private int maxSize = HpackDecoder.DEFAULT_TABLE_SIZE;
    private int smallestSince = maxSize;
    private int announced = maxSize;
    private int tableSize;
    private final @Nullable Entry[] buckets = new Entry[64];
    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    private int added;

    private static final class Entry {
        final String name;
        final String value;
        final int hash;
        final int number;

        @Nullable
        Entry inBucket;

        @Nullable
        Entry newer;

        Entry(String name, String value, int hash, int number) {
            this.name = name;
            this.value = value;
            this.hash = hash;
            this.number = number;
        }

        int size() {
            return name.length() + value.length() + HpackEntry.OVERHEAD;
        }
    }

    /** The peer's table may have this size from now on, which the next block says. */
    void maxTableSize(long allowed) {
        maxSize = (int) Math.min(allowed, MAX_TABLE_SIZE);
        smallestSince = Math.min(smallestSince, maxSize);
        evict(0);
    }

    /** Begins a block. */
    void begin() {
        size = 0;
        if (octets.length > KEPT) {
            octets = new byte[SMALLEST];
        }
        if (smallestSince < maxSize && smallestSince < announced) {
            integer(0x20, 5, smallestSince);
        }
        if (announced != maxSize || smallestSince < announced) {
            integer(0x20, 5, maxSize);
        }
        announced = maxSize;
        smallestSince = maxSize;
    }

    /** The block. */
    byte[] octets() {
        return octets;
    }

    /** How many octets the block has. */
    int size() {
        return size;
    }

    void status(int status) {
        int index =
                switch (status) {
                    case 200 -> 8;
                    case 204 -> 9;
                    case 206 -> 10;
                    case 304 -> 11;
                    case 400 -> 12;
                    case 404 -> 13;
                    case 500 -> 14;
                    default -> 0;
                };
        if (index != 0) {
            integer(0x80, 7, index);
        } else {
            field(":status", Integer.toString(status));
        }
    }

    /** A length, which is another each time. */
    void contentLength(long length) {
        integer(0x00, 4, HpackStaticTable.indexOf("content-length"));
        string(Long.toString(length));
    }

    /** A field; its name is in lower case. */
    void field(String name, String value) {
        Indexing indexing = indexing(name);
        int hash = 31 * name.hashCode() + value.hashCode();
        if (indexing == Indexing.ADDED) {
            Entry known = find(name, value, hash);
            if (known != null) {
                integer(0x80, 7, HpackStaticTable.SIZE + added - known.number);
                return;
            }
            int fieldSize = name.length() + value.length() + HpackEntry.OVERHEAD;
            if (fieldSize <= maxSize / LARGEST_SHARE) {
                literal(0x40, 6, name, value);
                add(name, value, hash, fieldSize);
                return;
            }
        }
        literal(indexing == Indexing.NEVER ? 0x10 : 0x00, 4, name, value);
    }

    private static Indexing indexing(String name) {
        return switch (name) {
            case "set-cookie", "authorization", "proxy-authorization", "authentication-info" -> Indexing.NEVER;
            case "content-length", "content-range", "etag", "last-modified", "location", "age", "expires", ":path" ->
                Indexing.NOT_ADDED;
            default -> Indexing.ADDED;
        };
    }

    private @Nullable Entry find(String name, String value, int hash) {
        for (Entry entry = buckets[bucket(hash)]; entry != null; entry = entry.inBucket) {
            if (entry.hash == hash && entry.value.equals(value) && entry.name.equals(name)) {
                return entry;
            }
        }
        return null;
    }

    private int bucket(int hash) {
        return (hash ^ hash >>> 16) & buckets.length - 1;
    }

    private void add(String name, String value, int hash, int fieldSize) {
        evict(fieldSize);
        Entry entry = new Entry(name, value, hash, added++);
        entry.inBucket = buckets[bucket(hash)];
        buckets[bucket(hash)] = entry;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.newer = entry;
        }
        newest = entry;
        tableSize += fieldSize;
    }

    private void evict(int room) {
        while (oldest != null && tableSize + room > maxSize) {
            Entry gone = oldest;
            remove(gone);
            tableSize -= gone.size();
            oldest = gone.newer;
            if (oldest == null) {
                newest = null;
            }
        }
    }

    /** The oldest entry is the last of its bucket. */
    private void remove(Entry gone) {
        int bucket = bucket(gone.hash);
        Entry before = Objects.requireNonNull(buckets[bucket]);
        if (before == gone) {
            buckets[bucket] = null;
            return;
        }
        while (before.inBucket != gone) {
            before = Objects.requireNonNull(before.inBucket);
        }
        before.inBucket = null;
    }

    private void literal(int pattern, int prefix, String name, String value) {
        int index = HpackStaticTable.indexOf(name);
        integer(pattern, prefix, index);
        if (index == 0) {
            string(name);
        }
        string(value);
    }

    private void string(String latin1) {
        int length = latin1.length();
        int encoded = Huffman.encodedSize(latin1);
        if (encoded < length) {
            integer(0x80, 7, encoded);
            reserve(encoded);
            size = Huffman.encode(latin1, octets, size);
        } else {
            integer(0x00, 7, length);
            reserve(length);
            copy(latin1, length);
        }
    }

    @SuppressWarnings("deprecation") // String.getBytes(int, int, byte[], int) is exactly Latin-1, without a copy.
    private void copy(String latin1, int length) {
        latin1.getBytes(0, length, octets, size);
        size += length;
    }

    /** RFC 7541 section 5.1. */
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

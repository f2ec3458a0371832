package io.asyncgateway.server;

import java.util.Arrays;

/**
 * A section of fields, header or trailer, as it comes out of HPACK: one array of octets and the bounds of each name and value in it. What exceeds a limit is noted and
 * left out, since the decoder must go on for the sake of its table. Reused for all sections of one event loop.
 */
final class FieldSection {
    /** What it can be left with between two sections. */
    private static final int KEPT = 64 * 1024;

    private static final int SMALLEST = 1024;

    private final int maxSize;
    private final int maxFields;

    private byte[] octets = new byte[SMALLEST];
    private int size;
    private int[] bounds = new int[16 * RequestFields.STRIDE];
    private int used;
    private long listSize;
    private boolean tooLarge;

    /**
     * An empty section.
     *
     * @param maxSize octets of names and values, with the overhead of each field (RFC 9113 section 6.5.2)
     * @param maxFields the number of fields, without pseudo-header fields
     */
    FieldSection(int maxSize, int maxFields) {
        this.maxSize = maxSize;
        this.maxFields = maxFields + MAX_PSEUDO_HEADERS;
    }

    /** A request has no more of them, or it is malformed. */
    private static final int MAX_PSEUDO_HEADERS = 5;

    /** Begins anew. */
    void clear() {
        size = 0;
        used = 0;
        listSize = 0;
        tooLarge = false;
        if (octets.length > KEPT) {
            octets = new byte[SMALLEST];
        }
    }

    /** Makes room for so many octets, which are written into {@link #octets()} from {@link #size()} on, name first; {@link #add} takes them over. */
    void reserve(int more) {
        if (size + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, size + more));
        }
    }

    /** A field was written. */
    void add(int nameLength, int valueLength) {
        listSize += nameLength + valueLength + HpackEntry.OVERHEAD;
        if (tooLarge || listSize > maxSize || used == maxFields * RequestFields.STRIDE) {
            tooLarge = true;
            return;
        }
        if (used == bounds.length) {
            bounds = Arrays.copyOf(bounds, used * 2);
        }
        bounds[used] = size;
        bounds[used + 1] = size + nameLength;
        bounds[used + 2] = size + nameLength;
        size += nameLength + valueLength;
        bounds[used + 3] = size;
        used += RequestFields.STRIDE;
    }

    /** A whole field, from a table. */
    void add(HpackEntry entry) {
        byte[] field = entry.octets();
        if (!tooLarge) {
            reserve(field.length);
            System.arraycopy(field, 0, octets, size, field.length);
        }
        add(entry.nameLength(), field.length - entry.nameLength());
    }

    /** Whether a limit was exceeded, so that fields are missing. */
    boolean isTooLarge() {
        return tooLarge;
    }

    byte[] octets() {
        return octets;
    }

    /** How many octets the fields have that were taken. */
    int size() {
        return size;
    }

    /** The number of fields. */
    int fields() {
        return used / RequestFields.STRIDE;
    }

    int nameStart(int field) {
        return bounds[field * RequestFields.STRIDE];
    }

    int nameEnd(int field) {
        return bounds[field * RequestFields.STRIDE + 1];
    }

    int valueStart(int field) {
        return bounds[field * RequestFields.STRIDE + 2];
    }

    int valueEnd(int field) {
        return bounds[field * RequestFields.STRIDE + 3];
    }

    /** Copies the bounds of a field into an array of {@link RequestFields}. */
    void copyBounds(int field, int[] target, int at) {
        System.arraycopy(bounds, field * RequestFields.STRIDE, target, at, RequestFields.STRIDE);
    }

    /** A copy of the octets that the bounds are of, with room for more behind them. */
    byte[] copyOfOctets(int more) {
        return Arrays.copyOf(octets, size + more);
    }
}

package io.asyncgateway.server;

import java.util.Arrays;

/**
 * Parses a section of fields, header or trailer (RFC 9112 section 5), from octets in memory. Strict: each line ends with CRLF, no white space before the
 * colon, no line folding, no control octets. What a proxy could read differently is refused.
 *
 * <p>Reused for all messages of one connection.
 */
final class FieldParser {
    private final int maxFields;

    private byte[] octets = new byte[0];
    private int[] bounds = new int[16 * RequestFields.STRIDE];
    private int used;
    private int end;

    FieldParser(int maxFields) {
        this.maxFields = maxFields;
    }

    /**
     * Parses from the first field line to the empty line.
     *
     * @return whether the section is complete; {@link #end()} and {@link #fields()} tell more then
     */
    boolean parse(byte[] source, int start, int limit) throws HttpFailure {
        octets = source;
        used = 0;
        int at = start;
        while (true) {
            if (at >= limit) {
                return false;
            }
            if (source[at] == '\r') {
                if (at + 1 == limit) {
                    return false;
                }
                if (source[at + 1] != '\n') {
                    throw new HttpFailure(400, "CR without LF in the fields");
                }
                end = at + 2;
                return true;
            }
            at = line(at, limit);
            if (at < 0) {
                return false;
            }
        }
    }

    /** Parses one field line; returns the index after it, or -1 if it is not complete. */
    private int line(int start, int limit) throws HttpFailure {
        byte[] source = octets;
        int nameEnd = start;
        byte lower = 0;
        while (nameEnd < limit && (lower = Octets.token(source[nameEnd])) != 0) {
            source[nameEnd++] = lower;
        }
        if (nameEnd == limit) {
            return -1;
        }
        if (source[nameEnd] != ':' || nameEnd == start) {
            throw new HttpFailure(400, "field line: not a token before the colon");
        }
        int valueStart = nameEnd + 1;
        while (valueStart < limit && (source[valueStart] == ' ' || source[valueStart] == '\t')) {
            valueStart++;
        }
        int lineEnd = Octets.endOfValue(source, valueStart, limit);
        if (lineEnd >= limit - 1) {
            if (lineEnd == limit - 1 && source[lineEnd] != '\r') {
                throw new HttpFailure(400, "field value: control octet");
            }
            return -1;
        }
        if (source[lineEnd] != '\r' || source[lineEnd + 1] != '\n') {
            throw new HttpFailure(400, "field value: control octet");
        }
        int valueEnd = lineEnd;
        while (valueEnd > valueStart && (source[valueEnd - 1] == ' ' || source[valueEnd - 1] == '\t')) {
            valueEnd--;
        }
        add(start, nameEnd, valueStart, valueEnd);
        return lineEnd + 2;
    }

    private void add(int nameStart, int nameEnd, int valueStart, int valueEnd) throws HttpFailure {
        if (used == maxFields * RequestFields.STRIDE) {
            throw new HttpFailure(431, "more than " + maxFields + " fields");
        }
        if (used == bounds.length) {
            bounds = Arrays.copyOf(bounds, used * 2);
        }
        bounds[used] = nameStart;
        bounds[used + 1] = nameEnd;
        bounds[used + 2] = valueStart;
        bounds[used + 3] = valueEnd;
        used += RequestFields.STRIDE;
    }

    /** The index after the empty line. */
    int end() {
        return end;
    }

    /** The number of fields. */
    int size() {
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

    /** A view over the octets that were parsed, which the caller gives up. */
    RequestFields fields() {
        return new RequestFields(octets, Arrays.copyOf(bounds, used));
    }

    /** A view over a copy of the octets that were parsed, from the first of the array to the end of the section. */
    RequestFields copyOfFields() {
        return new RequestFields(Arrays.copyOf(octets, end), Arrays.copyOf(bounds, used));
    }
}

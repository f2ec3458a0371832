package io.asyncgateway.server;

/**
 * A field in a table of HPACK.
 *
 * @param octets name and value; shared, never changed
 * @param nameLength how many of them are the name
 */
@SuppressWarnings("ArrayRecordComponent") // entries are not compared
record HpackEntry(byte[] octets, int nameLength) {
    /** What each entry counts beside its octets (RFC 7541 section 4.1). */
    static final int OVERHEAD = 32;

    int size() {
        return octets.length + OVERHEAD;
    }
}

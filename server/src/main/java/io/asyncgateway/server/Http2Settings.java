package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;

/** The settings of RFC 9113 section 6.5.2 and RFC 8441 section 3: what the peer says of itself, and what the server says. Confined to its event loop. */
final class Http2Settings {
    /** Octets of one setting. */
    static final int ENTRY = 6;

    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;
    static final int ENABLE_CONNECT_PROTOCOL = 8;

    static final int DEFAULT_WINDOW = 65_535;
    static final int LARGEST_WINDOW = Integer.MAX_VALUE;
    static final int DEFAULT_FRAME_SIZE = 16_384;
    static final int LARGEST_FRAME_SIZE = 16_777_215;

    private long headerTableSize = HpackDecoder.DEFAULT_TABLE_SIZE;
    private long smallestTableSize = headerTableSize;
    private int initialWindow = DEFAULT_WINDOW;
    private int maxFrameSize = DEFAULT_FRAME_SIZE;

    /** Takes what a SETTINGS frame of the peer says. Unknown settings are ignored, and those that concern what a server does not do. */
    void update(ByteBuf octets, int length) throws Http2Failure {
        smallestTableSize = Long.MAX_VALUE;
        for (int read = 0; read < length; read += ENTRY) {
            update(octets.readUnsignedShort(), octets.readUnsignedInt());
        }
    }

    private void update(int setting, long value) throws Http2Failure {
        switch (setting) {
            case HEADER_TABLE_SIZE -> {
                headerTableSize = value;
                smallestTableSize = Math.min(smallestTableSize, value);
            }
            case ENABLE_PUSH, ENABLE_CONNECT_PROTOCOL -> check(value <= 1, Http2Error.PROTOCOL_ERROR, setting, value);
            case INITIAL_WINDOW_SIZE -> {
                check(value <= LARGEST_WINDOW, Http2Error.FLOW_CONTROL_ERROR, setting, value);
                initialWindow = (int) value;
            }
            case MAX_FRAME_SIZE -> {
                boolean valid = value >= DEFAULT_FRAME_SIZE && value <= LARGEST_FRAME_SIZE;
                check(valid, Http2Error.PROTOCOL_ERROR, setting, value);
                maxFrameSize = (int) value;
            }
            default -> {}
        }
    }

    private static void check(boolean valid, Http2Error error, int setting, long value) throws Http2Failure {
        if (!valid) {
            throw Http2Failure.ofConnection(error, "setting " + setting + ": " + value);
        }
    }

    long headerTableSize() {
        return headerTableSize;
    }

    /** The smallest of those that the last frame has set, which may be several: to it the table shrinks first (RFC 7541 section 4.2). */
    long smallestTableSize() {
        return Math.min(smallestTableSize, headerTableSize);
    }

    int initialWindow() {
        return initialWindow;
    }

    int maxFrameSize() {
        return maxFrameSize;
    }

    /** Writes the server's own. */
    static void write(ByteBuf octets, Http2Options options, Limits limits) {
        setting(octets, HEADER_TABLE_SIZE, options.headerTableSize());
        setting(octets, MAX_CONCURRENT_STREAMS, options.maxConcurrentStreams());
        setting(octets, INITIAL_WINDOW_SIZE, options.streamWindow());
        setting(octets, MAX_FRAME_SIZE, options.maxFrameSize());
        setting(octets, MAX_HEADER_LIST_SIZE, limits.headerSection());
        setting(octets, ENABLE_CONNECT_PROTOCOL, 1);
    }

    /** How many octets {@link #write} writes. */
    static final int WRITTEN = 6 * ENTRY;

    private static void setting(ByteBuf octets, int setting, int value) {
        octets.writeShort(setting).writeInt(value);
    }
}

package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;

/**
 * What the peer says on its two streams of QPACK where there is no dynamic table in either direction (RFC 9204 section 4.3 and 4.4): next to nothing may be said. Confined to its event
 * loop.
 *
 * <pre>
 *   encoder stream: 001xxxxx  capacity of the table, which can be 0 alone; anything else is about entries that can't be
 *   decoder stream: 01xxxxxx  a stream is cancelled, which frees nothing; anything else is about entries that were never sent
 * </pre>
 */
final class QpackStreams {
    private static final int MAX_INTEGER_OCTETS = 10;

    private final Http3FloodGuard guard;
    private final Http3Error error;
    private final int allowed;
    private final int pattern;
    private final int prefix;
    private final boolean zero;
    private boolean within;
    private int octets;

    private QpackStreams(Http3FloodGuard guard, Http3Error error, int allowed, int pattern, int prefix, boolean zero) {
        this.guard = guard;
        this.error = error;
        this.allowed = allowed;
        this.pattern = pattern;
        this.prefix = prefix;
        this.zero = zero;
    }

    /** The stream on which the peer fills the table of the server. */
    static QpackStreams ofEncoder(Http3FloodGuard guard) {
        return new QpackStreams(guard, Http3Error.QPACK_ENCODER_STREAM_ERROR, 0xe0, 0x20, 5, true);
    }

    /** The stream on which the peer says what it knows of its own. */
    static QpackStreams ofDecoder(Http3FloodGuard guard) {
        return new QpackStreams(guard, Http3Error.QPACK_DECODER_STREAM_ERROR, 0xc0, 0x40, 6, false);
    }

    /** Reads everything that is given. */
    void read(ByteBuf in) throws Http3Failure {
        guard.skipped(in.readableBytes());
        while (in.isReadable()) {
            int octet = in.readUnsignedByte();
            if (within) {
                within = octet >= 0x80;
                octets++;
                if (octets > MAX_INTEGER_OCTETS) {
                    throw Http3Failure.ofConnection(error, "an integer without its end");
                }
            } else {
                begin(octet);
            }
        }
    }

    private void begin(int first) throws Http3Failure {
        if ((first & allowed) != pattern) {
            throw Http3Failure.ofConnection(error, "of the dynamic table (expected: none, its capacity is 0)");
        }
        int mask = (1 << prefix) - 1;
        int value = first & mask;
        if (zero && value != 0) {
            throw Http3Failure.ofConnection(error, "a capacity other than 0");
        }
        within = value == mask;
        octets = 0;
    }
}

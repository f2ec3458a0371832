package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/** The octets that a client of HTTP/2 begins with, which are no request of HTTP/1 (RFC 9113 section 3.4). */
final class Http2Preface {
    private static final byte[] OCTETS = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    static final int LENGTH = OCTETS.length;

    private Http2Preface() {}

    /** Whether what has come is the beginning of one, or all of it. */
    static boolean mayBegin(ByteBuf octets) {
        int start = octets.readerIndex();
        for (int i = 0, length = Math.min(LENGTH, octets.readableBytes()); i < length; i++) {
            if (octets.getByte(start + i) != OCTETS[i]) {
                return false;
            }
        }
        return true;
    }
}

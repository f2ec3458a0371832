package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a chunked body around its data (RFC 9112 section 7.1): size lines with extensions, which are validated and ignored, the CRLF after data, and
 * trailers. Reused for all bodies of one connection.
 */
final class ChunkParser {
    private static final int MAX_LINE = 4 * 1024;
    /** Of all extensions of one body together: more is a way to keep a server busy (RFC 9112 section 7.1.1). */
    private static final int MAX_EXTENSIONS = 16 * 1024;
    /** Sixteen would be all of 63 bits; leading zeros are allowed within them. */
    private static final int MAX_DIGITS = 15;
    /** Fields of framing and routing, which mean nothing in a trailer (RFC 9110 section 6.5.1) and could be taken for the header's. */
    private static final Set<String> FORBIDDEN = Set.of(
            "transfer-encoding",
            "content-length",
            "host",
            "trailer",
            "te",
            "connection",
            "content-encoding",
            "content-type",
            "content-range");

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final FieldParser fields;
    private final int maxSection;
    private int extensions;

    ChunkParser(Limits limits) {
        this.fields = new FieldParser(limits.headerFields());
        this.maxSection = limits.headerSection();
    }

    void reset() {
        extensions = 0;
    }

    /** The size of the next chunk, or -1 if its line is not complete. */
    long size(ByteBuf octets) throws HttpFailure {
        int start = octets.readerIndex();
        int limit = start + Math.min(octets.readableBytes(), MAX_LINE);
        int lineFeed = octets.indexOf(start, limit, (byte) '\n');
        if (lineFeed < 0) {
            if (limit - start == MAX_LINE) {
                throw new HttpFailure(400, "chunk size line of more than " + MAX_LINE + " octets");
            }
            return -1;
        }
        int end = lineFeed - 1;
        if (end < start || octets.getByte(end) != '\r') {
            throw new HttpFailure(400, "chunk size line: LF without CR");
        }
        long size = 0;
        int at = start;
        int digit;
        while (at < end && (digit = Octets.hex(octets.getByte(at))) >= 0) {
            size = size << 4 | digit;
            at++;
        }
        if (at == start || at - start > MAX_DIGITS) {
            throw new HttpFailure(400, "chunk size: " + (at - start) + " digits (expected: 1-" + MAX_DIGITS + ")");
        }
        extensions += end - at;
        if (extensions > MAX_EXTENSIONS) {
            throw new HttpFailure(400, "chunk extensions of more than " + MAX_EXTENSIONS + " octets");
        }
        ChunkExtensions.check(octets, at, end);
        octets.readerIndex(lineFeed + 1);
        return size;
    }

    /** Skips the CRLF after a chunk's data; {@code false} if it is not complete. */
    boolean endOfData(ByteBuf octets) throws HttpFailure {
        int start = octets.readerIndex();
        if (octets.getByte(start) != '\r' || octets.readableBytes() > 1 && octets.getByte(start + 1) != '\n') {
            throw new HttpFailure(400, "chunk data: not followed by CRLF");
        }
        if (octets.readableBytes() == 1) {
            return false;
        }
        octets.skipBytes(2);
        return true;
    }

    /** The last part of the body, with its trailers, or {@code null} if their section is not complete. */
    HttpEvent.@Nullable Request trailers(ByteBuf octets) throws HttpFailure {
        int start = octets.readerIndex();
        if (octets.readableBytes() >= 2 && octets.getByte(start) == '\r' && octets.getByte(start + 1) == '\n') {
            octets.skipBytes(2);
            return HttpEvent.Request.empty();
        }
        byte[] copy = new byte[Math.min(octets.readableBytes(), maxSection + 1)];
        octets.getBytes(start, copy);
        boolean complete = fields.parse(copy, 0, copy.length);
        if (copy.length > maxSection && (!complete || fields.end() > maxSection)) {
            throw new HttpFailure(431, "trailer section of more than " + maxSection + " octets");
        }
        if (!complete) {
            return null;
        }
        octets.skipBytes(fields.end());
        return new HttpEvent.Request(EMPTY, false, permitted(fields.fields()));
    }

    private static Headers permitted(Headers trailers) {
        Headers.Builder builder = Headers.builder();
        for (int i = 0; i < trailers.size(); i++) {
            if (!FORBIDDEN.contains(trailers.name(i))) {
                builder.add(trailers.name(i), trailers.value(i));
            }
        }
        return builder.build();
    }
}

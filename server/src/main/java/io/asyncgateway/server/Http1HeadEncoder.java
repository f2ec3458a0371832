package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.asyncgateway.api.Headers;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Encodes heads of HTTP/1.1 into an array that is reused for all connections of an event loop, together with the body where that is small. Names and
 * values were validated where they were made ({@link Headers}), so they are copied as they are. Confined to its event loop.
 */
final class Http1HeadEncoder extends HeadEncoder {
    private static final byte[] SERVER = ascii("server: async-gateway\r\n");
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] UPGRADE = ascii("connection: upgrade\r\n");
    private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("content-length: ");

    /** What an encoder can be left with between two heads. */
    private static final int KEPT = 64 * 1024;

    private byte[] octets = new byte[4 * 1024];
    private int size;

    Http1HeadEncoder(HttpOptions options, DateClock clock, AlternativeService alternative) {
        super(options, clock, alternative);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** What framing and connection say in the head. */
    enum Connection {
        DEFAULT,
        CLOSE,
        KEEP_ALIVE
    }

    /** The coding {@code chunked} in place of a length. */
    static final long CHUNKED_LENGTH = -2;

    /** Begins anew with a status line, the application's fields, and the server's own. */
    Http1HeadEncoder response(int status, Headers headers, long length, Connection connection) {
        if (octets.length > KEPT) {
            octets = new byte[4 * 1024];
        }
        size = 0;
        raw(StatusLine.of(status));
        responseFields(headers);
        framing(length, connection);
        if (status == 426) {
            raw(UPGRADE); // which goes with the Upgrade field that a 426 must have (RFC 9110 section 15.5.22)
        }
        crlf();
        return this;
    }

    /** An interim response: a status line and fields alone. */
    Http1HeadEncoder interim(int status, Headers headers) {
        size = 0;
        raw(StatusLine.of(status));
        return section(headers);
    }

    /** The last chunk and the trailers after it. */
    Http1HeadEncoder lastChunk(Headers trailers) {
        size = 0;
        octet('0');
        crlf();
        return section(trailers);
    }

    /** The handshake of another protocol: a status line, fixed fields, and the application's. */
    Http1HeadEncoder switching(Headers fixed, Headers headers) {
        size = 0;
        raw(StatusLine.of(101));
        for (int i = 0, count = fixed.size(); i < count; i++) {
            field(fixed.name(i), fixed.value(i));
        }
        serverFields(headers.contains("date"), headers.contains("server"));
        return section(headers);
    }

    private Http1HeadEncoder section(Headers headers) {
        applicationFields(headers);
        crlf();
        return this;
    }

    @Override
    boolean isFraming(String name) {
        return switch (name.length()) {
            case 10 -> name.equals("connection") || name.equals("keep-alive");
            case 14 -> name.equals("content-length");
            case 17 -> name.equals("transfer-encoding");
            default -> false;
        };
    }

    @Override
    void date(DateClock clock) {
        raw(clock.line());
    }

    @Override
    void server() {
        raw(SERVER);
    }

    private void framing(long length, Connection connection) {
        if (length >= 0) {
            raw(CONTENT_LENGTH);
            number(length);
            crlf();
        } else if (length == CHUNKED_LENGTH) {
            raw(CHUNKED);
        }
        if (connection != Connection.DEFAULT) {
            raw(connection == Connection.CLOSE ? CLOSE : KEEP_ALIVE);
        }
    }

    /** Appends octets of a body, which keeps its position. */
    Http1HeadEncoder body(ByteBuffer body, int offset, int length) {
        reserve(length);
        body.get(body.position() + offset, octets, size, length);
        size += length;
        return this;
    }

    @SuppressWarnings("deprecation") // String.getBytes(int, int, byte[], int) is exactly Latin-1, without a copy.
    @Override
    void field(String name, String value) {
        int nameLength = name.length();
        int valueLength = value.length();
        reserve(nameLength + valueLength + 4);
        byte[] target = octets;
        int at = size;
        name.getBytes(0, nameLength, target, at);
        at += nameLength;
        target[at++] = ':';
        target[at++] = ' ';
        value.getBytes(0, valueLength, target, at);
        at += valueLength;
        target[at++] = '\r';
        target[at++] = '\n';
        size = at;
    }

    private void raw(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, octets, size, source.length);
        size += source.length;
    }

    private void number(long value) {
        reserve(20);
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = size + digits - 1; i >= size; i--) {
            octets[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    private void octet(char c) {
        reserve(1);
        octets[size++] = (byte) c;
    }

    private void crlf() {
        reserve(2);
        octets[size++] = '\r';
        octets[size++] = '\n';
    }

    private void reserve(int more) {
        if (size + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, size + more));
        }
    }

    /** Copies what was encoded to the output. */
    void writeTo(OutputBuffer output) {
        output.room(size).writeBytes(octets, 0, size);
    }
}

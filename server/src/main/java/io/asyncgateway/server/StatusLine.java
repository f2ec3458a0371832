package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** Status lines of HTTP/1.1, encoded once. */
final class StatusLine {
    private static final byte[] @Nullable [] LINES = new byte[600][];

    private StatusLine() {}

    /** The line with its CRLF; the array is shared and must not be changed. */
    static byte[] of(int status) {
        byte[] line = LINES[status];
        if (line == null) {
            line = ("HTTP/1.1 " + status + " " + reason(status) + "\r\n").getBytes(ISO_8859_1);
            LINES[status] = line;
        }
        return line;
    }

    /** The phrase of RFC 9110, whose names for some statuses are newer than Netty's. */
    static String reason(int status) {
        return switch (status) {
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 416 -> "Range Not Satisfiable";
            case 422 -> "Unprocessable Content";
            default -> HttpResponseStatus.valueOf(status).reasonPhrase();
        };
    }
}

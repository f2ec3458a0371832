package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code date} field (RFC 9110 section 6.6.1), formatted once a second and not at each response. */
final class DateClock {
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private volatile byte[] line = format();

    /** The whole field line with its CRLF; the array is shared and must not be changed. */
    byte[] line() {
        return line;
    }

    /** Called once a second. */
    void tick() {
        line = format();
    }

    private static byte[] format() {
        return ("date: " + IMF_FIXDATE.format(Instant.now()) + "\r\n").getBytes(ISO_8859_1);
    }
}

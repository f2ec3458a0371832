package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time to within a second, and the {@code date} field (RFC 9110 section 6.6.1), formatted once a second and not at each response. */
final class DateClock {
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private volatile Instant now = Instant.now();
    private volatile byte[] line = format(now);

    /** The time of the last tick; the same object until the next. */
    Instant now() {
        return now;
    }

    /** The whole field line with its CRLF; the array is shared and must not be changed. */
    byte[] line() {
        return line;
    }

    /** Called once a second. */
    void tick() {
        Instant time = Instant.now();
        now = time;
        line = format(time);
    }

    private static byte[] format(Instant time) {
        return ("date: " + IMF_FIXDATE.format(time) + "\r\n").getBytes(ISO_8859_1);
    }
}

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

    private volatile Tick last = new Tick(Instant.now());

    /** The time of the last tick; the same object until the next. */
    Instant now() {
        return last.time;
    }

    /** The field's value; the same object until the next tick. */
    String value() {
        return last.value;
    }

    /** The whole field line of HTTP/1 with its CRLF; the array is shared and must not be changed. */
    byte[] line() {
        return last.line;
    }

    /** Called once a second. */
    void tick() {
        last = new Tick(Instant.now());
    }

    private static final class Tick {
        final Instant time;
        final String value;
        final byte[] line;

        Tick(Instant time) {
            this.time = time;
            this.value = IMF_FIXDATE.format(time);
            this.line = ("date: " + value + "\r\n").getBytes(ISO_8859_1);
        }
    }
}

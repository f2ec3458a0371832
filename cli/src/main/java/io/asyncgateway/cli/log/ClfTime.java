package io.asyncgateway.cli.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time of the common log format, {@code [10/Oct/2000:13:55:36 -0700]}, in the zone of the system. */
final class ClfTime {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss Z']'", Locale.ENGLISH);

    private static volatile Second last = new Second(Long.MIN_VALUE, "");

    private ClfTime() {}

    private record Second(long epoch, String text) {}

    static String format(Instant time) {
        Second cached = last;
        if (cached.epoch != time.getEpochSecond()) {
            cached = new Second(time.getEpochSecond(), FORMAT.format(time.atZone(ZoneId.systemDefault())));
            last = cached;
        }
        return cached.text;
    }
}

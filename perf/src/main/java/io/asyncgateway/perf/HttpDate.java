package io.asyncgateway.perf;

import io.netty.channel.EventLoopGroup;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The value of {@code date}, made once a second. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private volatile AsciiString value = format();

    HttpDate(EventLoopGroup loops) {
        Future<?> unused = loops.next().scheduleAtFixedRate(() -> value = format(), 1, 1, TimeUnit.SECONDS);
    }

    AsciiString value() {
        return value;
    }

    private static AsciiString format() {
        return AsciiString.cached(FORMAT.format(Instant.now()));
    }
}

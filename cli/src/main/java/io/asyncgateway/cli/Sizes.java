package io.asyncgateway.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes: {@code 65536}, {@code 64k}, {@code 64KiB}, {@code 16M}. Units are powers of 1024. */
final class Sizes {
    static final String EXPECTED = "bytes, or a size such as 64k or 16MiB";

    // Not kB and MB: half the world reads them as powers of 1000.
    private static final Pattern SYNTAX =
            Pattern.compile("(\\d{1,19})\\s*(?:([kmg])(?:ib)?|b)?", Pattern.CASE_INSENSITIVE);

    private Sizes() {}

    static long parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        String unit = matcher.group(2);
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit == null ? 1 : factor(unit));
    }

    private static long factor(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "k" -> 1L << 10;
            case "m" -> 1L << 20;
            default -> 1L << 30;
        };
    }

    /** The largest unit that leaves a whole number; plain below 1 KiB. */
    static String format(long bytes) {
        String[] units = {"GiB", "MiB", "KiB"};
        for (int i = 0; i < units.length; i++) {
            long factor = 1L << (30 - 10 * i);
            if (bytes >= factor && bytes % factor == 0) {
                return bytes / factor + units[i];
            }
        }
        return Long.toString(bytes);
    }
}

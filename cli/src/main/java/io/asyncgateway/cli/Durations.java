package io.asyncgateway.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times: seconds as in {@code 5} and {@code 0.5}, or with a unit as in {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}. */
final class Durations {
    static final String EXPECTED = "seconds such as 5 or 0.5, or a time such as 500ms, 2m, 1h";

    private static final Pattern SYNTAX = Pattern.compile("(-?\\d{1,12}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h|d)?");

    private Durations() {}

    static Duration parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        String unit = matcher.group(2);
        BigDecimal seconds = new BigDecimal(matcher.group(1)).multiply(factor(unit == null ? "s" : unit));
        BigDecimal nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9);
        return Duration.ofSeconds(seconds.longValue(), nanos.longValue());
    }

    private static BigDecimal factor(String unit) {
        return switch (unit) {
            case "ms" -> new BigDecimal("0.001");
            case "m" -> new BigDecimal(60);
            case "h" -> new BigDecimal(3600);
            case "d" -> new BigDecimal(86400);
            default -> BigDecimal.ONE;
        };
    }

    /** In days where they are whole, else in seconds, or in milliseconds where those are not whole. */
    static String format(Duration duration) {
        if (duration.toDays() > 0 && duration.equals(Duration.ofDays(duration.toDays()))) {
            return duration.toDays() + "d";
        }
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}

package io.asyncgateway.cli;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An option as somebody gave it.
 *
 * @param option which
 * @param name its name where it was given, for messages: {@code port}, {@code ASYNC_GATEWAY_PORT}, {@code gateway.yaml: port}
 * @param texts the values, at least one
 */
record Given(Option option, String name, List<String> texts) {
    private static final Pattern DURATION = Pattern.compile("\\bPT[0-9HMS.]+\\b");

    private static final Pattern EXPECTED = Pattern.compile("\\(expected: (.*)\\)$", Pattern.DOTALL);

    Given {
        texts = List.copyOf(texts);
    }

    String last() {
        return texts.get(texts.size() - 1);
    }

    /** Runs what reads a text; says where and what it was if that refuses it. */
    <T> T reading(String text, String expected, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            String shown = text.isEmpty() ? "empty" : text;
            throw new UsageException(name + ": " + shown + " (expected: " + expected(e, expected) + ")");
        }
    }

    /** The records of the configuration know best what they accept, but not under which name it was given. */
    private static String expected(RuntimeException refusal, String otherwise) {
        Matcher matcher = EXPECTED.matcher(String.valueOf(refusal.getMessage()));
        return matcher.find()
                ? DURATION.matcher(matcher.group(1))
                        .replaceAll(found -> Durations.format(Duration.parse(found.group())))
                : otherwise;
    }
}

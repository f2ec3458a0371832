package io.asyncgateway.samples;

import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Send;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A whole number from the query of a request: {@code n} of {@code /big?n=1000}.
 *
 * @param name its name
 * @param text its value as received; {@code null} where it is missing
 * @param max the largest value that is served
 */
record QueryNumber(String name, @Nullable String text, long max) {
    private static final int LONGEST_SHOWN = 40;
    private static final int DIGITS_OF_LONG = 18;

    /** The first value of the name in the query. */
    static QueryNumber of(HttpScope scope, String name, long max) {
        for (String pair : scope.queryString().split("&", -1)) {
            if (pair.startsWith(name) && pair.startsWith("=", name.length())) {
                return new QueryNumber(name, pair.substring(name.length() + 1), max);
            }
        }
        return new QueryNumber(name, null, max);
    }

    /** Goes on with the number, or answers 400 with what was wrong and what was expected. */
    Mono<Void> use(Send send, LongFunction<Mono<Void>> handler) {
        if (text != null && isNumber(text)) {
            long value = Long.parseLong(text);
            if (value <= max) {
                return handler.apply(value);
            }
        }
        return Http.respond(send, 400, name + ": " + shown() + " (expected: 0-" + max + ")\n");
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() <= DIGITS_OF_LONG
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private String shown() {
        if (text == null) {
            return "missing";
        }
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }
}

package io.asyncgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The options in the environment: {@code ASYNC_GATEWAY_PORT=9000}. An empty variable counts as none. Settings of the application stand in
 * {@code ASYNC_GATEWAY_SET}, one {@code KEY=VALUE} on each line, or each in a variable of its own: {@code ASYNC_GATEWAY_SET_DB_URL} is
 * {@code db.url} ({@code __} for an underscore).
 */
final class Environment {
    static final String PREFIX = "ASYNC_GATEWAY_";
    private static final String SET_PREFIX = PREFIX + "SET_";

    private final List<Given> given;
    private final List<String> unknown;

    private Environment(List<Given> given, List<String> unknown) {
        this.given = given;
        this.unknown = unknown;
    }

    static Environment of(Map<String, String> variables) {
        Map<String, String> ours = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isEmpty()) {
                ours.put(name, value);
            }
        });
        List<Given> given = new ArrayList<>();
        settings(ours, given);
        for (Option option : Options.all()) {
            String value = option.shape().settable() ? ours.remove(option.variable()) : null;
            if (value != null) {
                given.add(new Given(option, option.variable(), option.shape().split(value)));
            }
        }
        return new Environment(List.copyOf(given), List.copyOf(ours.keySet()));
    }

    private static void settings(Map<String, String> ours, List<Given> given) {
        ours.forEach((name, value) -> {
            if (name.startsWith(SET_PREFIX) && name.length() > SET_PREFIX.length()) {
                String key = name.substring(SET_PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace("__", "\0")
                        .replace('_', '.')
                        .replace('\0', '_');
                given.add(new Given(Options.named("set"), name, List.of(key + "=" + value)));
            }
        });
        ours.keySet().removeIf(name -> name.startsWith(SET_PREFIX));
    }

    List<Given> given() {
        return given;
    }

    /** The file of {@code ASYNC_GATEWAY_CONFIG}. */
    @Nullable
    String config() {
        return given.stream()
                .filter(one -> one.option().equals(Options.CONFIG))
                .map(Given::last)
                .findFirst()
                .orElse(null);
    }

    /**
     * A line for each variable that is none of ours. Not an error: container platforms put variables of this form into the environment
     * by themselves.
     */
    List<String> warnings() {
        List<String> known = Options.all().stream()
                .filter(option -> option.shape().settable())
                .map(Option::variable)
                .toList();
        return unknown.stream()
                .map(name -> OneLine.of(name + " in the environment is no option, ignored" + Nearest.hint(name, known)))
                .toList();
    }
}

package io.asyncgateway.perf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The options of {@link Compare}. Each has a bound, so that a run ends.
 *
 * @param gateway whether our server is measured beside raw Netty
 * @param scenarios which scenarios
 * @param rounds rounds of each server in each scenario
 * @param seconds the length of a round
 * @param warmup seconds of load before the first round
 * @param connections connections of the load generator
 * @param jvmOptions the same for both servers
 */
record Options(
        boolean gateway,
        List<Scenario> scenarios,
        int rounds,
        int seconds,
        int warmup,
        int connections,
        List<String> jvmOptions) {
    static final String USAGE = """
            Usage: perf/run Compare [options]
              --raw-only              leave our server out
              --scenarios LIST        of %s
                                      (default: all)
              --rounds N              rounds of each server in each scenario, 1-100 (default: 9)
              --seconds N             length of a round, 1-60 (default: 3)
              --warmup N              seconds of load before the first round, 1-120 (default: 10)
              --connections N         connections of the load generator, 1-1000 (default: 64)
              --jvm-option OPTION     for both servers; may be repeated""".formatted(Scenario.labels());

    private static final List<String> JVM_OPTIONS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC");
    private static final Set<String> NAMES =
            Set.of("--scenarios", "--rounds", "--seconds", "--warmup", "--connections", "--jvm-option");
    private static final String RAW_ONLY = "--raw-only";

    static Options of(String... args) {
        Map<String, String> values = new HashMap<>();
        List<String> jvmOptions = new ArrayList<>(JVM_OPTIONS);
        for (int i = 0; i < args.length; i++) {
            String name = args[i];
            if (name.equals(RAW_ONLY)) {
                values.put(name, "");
            } else if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("option: " + name + " (expected: one of those below)");
            } else if (i + 1 == args.length) {
                throw new IllegalArgumentException(name + ": no value (expected: one)");
            } else {
                i++;
                values.put(name, args[i]);
                if (name.equals("--jvm-option")) {
                    jvmOptions.add(args[i]);
                }
            }
        }
        return new Options(
                !values.containsKey(RAW_ONLY),
                scenarios(values.getOrDefault("--scenarios", Scenario.labels())),
                number(values, "--rounds", 9, 100),
                number(values, "--seconds", 3, 60),
                number(values, "--warmup", 10, 120),
                number(values, "--connections", 64, 1000),
                jvmOptions);
    }

    private static List<Scenario> scenarios(String labels) {
        return Arrays.stream(labels.split(",", -1)).map(Scenario::of).toList();
    }

    private static int number(Map<String, String> values, String name, int byDefault, int max) {
        String value = values.getOrDefault(name, Integer.toString(byDefault));
        int number = value.matches("\\d{1,4}") ? Integer.parseInt(value) : 0;
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1-" + max + ")");
        }
        return number;
    }
}

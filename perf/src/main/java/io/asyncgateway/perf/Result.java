package io.asyncgateway.perf;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The rounds of one scenario.
 *
 * @param bar the largest ratio that is good enough
 * @param raw raw Netty's, or another baseline's
 * @param gateway ours, round by round beside them; empty where raw Netty alone was measured
 */
record Result(String scenario, double bar, List<Cost> raw, List<Cost> gateway) {
    static final String HEADING =
            "scenario    raw Netty: µs (user)   gateway: µs (user)   ratio (lowest-highest)   bar";

    Result(Scenario scenario, List<Cost> raw, List<Cost> gateway) {
        this(scenario.label(), scenario.bar(), raw, gateway);
    }

    @Override
    public String toString() {
        String baseline = String.format(
                Locale.ROOT, "%-11s %8.2f (%5.2f)", scenario, median(raw, Cost::total), median(raw, Cost::user));
        if (gateway.isEmpty()) {
            return baseline;
        }
        double[] ratios = ratios();
        double ratio = median(ratios);
        return baseline
                + String.format(
                        Locale.ROOT,
                        "       %8.2f (%5.2f)     %5.2f  (%.2f-%.2f)        %.2f %s",
                        median(gateway, Cost::total),
                        median(gateway, Cost::user),
                        ratio,
                        ratios[0],
                        ratios[ratios.length - 1],
                        bar,
                        ratio <= bar ? "met" : "MISSED");
    }

    /** Of each pair of rounds, in ascending order: what disturbs the machine disturbs both of a pair. */
    private double[] ratios() {
        return IntStream.range(0, gateway.size())
                .mapToDouble(i -> gateway.get(i).total() / raw.get(i).total())
                .sorted()
                .toArray();
    }

    private static double median(List<Cost> rounds, ToDoubleFunction<Cost> value) {
        return median(rounds.stream().mapToDouble(value).sorted().toArray());
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

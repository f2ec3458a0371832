package io.asyncgateway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which of the places where an option is given holds: file &lt; environment &lt; command line. */
final class Precedence {
    private Precedence() {}

    /** Applies what holds to the defaults. The places are in rising order. */
    static Launch resolve(List<List<Given>> places) {
        Map<Option, List<Given>> holding = new LinkedHashMap<>();
        for (List<Given> place : places) {
            giveWay(holding.keySet(), place);
            for (Given given : place) {
                if (given.option().shape() != Shape.MAP) {
                    holding.put(given.option(), List.of(given));
                } else {
                    holding.computeIfAbsent(given.option(), option -> new ArrayList<>())
                            .add(given);
                }
            }
        }
        Launch launch = Launch.defaults();
        for (List<Given> all : holding.values()) {
            launch = apply(launch, all);
        }
        return launch;
    }

    private static Launch apply(Launch launch, List<Given> all) {
        Given last = all.get(all.size() - 1);
        if (all.size() == 1) {
            return last.option().effect().on(launch, last);
        }
        // Each is read under its own name first, so that a message names the place.
        all.forEach(given -> given.option().effect().on(launch, given));
        List<String> texts =
                all.stream().flatMap(given -> given.texts().stream()).toList();
        return last.option().effect().on(launch, new Given(last.option(), last.name(), texts));
    }

    /**
     * A place that says where to listen says it alone, so that a socket in the command line does not come on top of a port in the file.
     * Only host and port complete each other over places.
     */
    private static void giveWay(Set<Option> lower, List<Given> place) {
        Set<String> names = place.stream()
                .map(given -> given.option().name())
                .filter(AddressTable.BINDING::contains)
                .collect(Collectors.toSet());
        if (names.isEmpty()) {
            return;
        }
        boolean completes = names.contains("host") || names.contains("port");
        lower.removeIf(option -> switch (option.name()) {
            case "uds", "bind" -> true;
            case "host", "port" -> !completes;
            default -> false;
        });
    }
}

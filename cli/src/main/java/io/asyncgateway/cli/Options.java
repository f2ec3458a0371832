package io.asyncgateway.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of all options, in the order of the help. */
final class Options {
    static final Option HELP = Option.action("help", "", Shape.ACTION, "Shows this text and ends.");

    static final Option VERSION = Option.action("version", "", Shape.ACTION, "Shows the version and ends.");

    /** Not a key of the file itself. */
    static final Option CONFIG = Option.action(
            "config",
            "FILE",
            Shape.VALUE,
            "A file with options: .properties, .yaml or .yml. The environment and the command line come before it.");

    private static final List<Option> ALL = Stream.of(
                    ApplicationTable.options(),
                    AddressTable.options(),
                    UnixSocketTable.options(),
                    TlsTable.options(),
                    ProxyTable.options(),
                    HttpTable.options(),
                    Http2Table.options(),
                    Http3Table.options(),
                    WebSocketTable.options(),
                    WorkersTable.options(),
                    LimitsTable.options(),
                    TimeoutsTable.options(),
                    LoggingTable.options(),
                    List.of(CONFIG, VERSION, HELP))
            .flatMap(List::stream)
            .toList();

    private static final Map<String, Option> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Option::name, Function.identity()));

    private Options() {}

    static List<Option> all() {
        return ALL;
    }

    static Option named(String name) {
        Option option = BY_NAME.get(name);
        if (option == null) {
            throw new IllegalArgumentException("option: " + name + " (expected: a name of the table)");
        }
        return option;
    }
}

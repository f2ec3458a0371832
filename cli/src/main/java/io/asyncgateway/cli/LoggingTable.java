package io.asyncgateway.cli;

import io.asyncgateway.cli.log.AccessLogFormat;
import io.asyncgateway.cli.log.LogLevel;
import java.util.List;
import java.util.Locale;

/** The options of the log and of the access log. */
final class LoggingTable {
    private static final ValueType<LogLevel> LEVEL = new ValueType<>(
            "LEVEL", "trace, debug, info, warning, error, critical", LogLevel::parse, level -> level.name()
                    .toLowerCase(Locale.ROOT));

    private static final ValueType<AccessLogFormat> FORMAT =
            new ValueType<>("FORMAT", "a format", AccessLogFormat::named, AccessLogFormat::toString);

    private LoggingTable() {}

    static List<Option> options() {
        return List.of(
                Option.withoutDefault(
                                OptionGroup.LOGGING,
                                "log-level",
                                LEVEL,
                                (launch, value) -> launch.withLog(log -> log.withLevel(value)),
                                "What is logged, to standard error: trace, debug, info, warning, error or critical. "
                                        + "With debug failures show their stack traces.")
                        .defaulting(LEVEL.write(Launch.defaults().log().levelOrDefault())),
                Option.withoutDefault(
                        OptionGroup.LOGGING,
                        "log-config",
                        Values.FILE,
                        (launch, value) -> launch.withLog(log -> log.withConfigFile(value)),
                        "A configuration file of Logback, instead of the built-in log."),
                Option.withoutDefault(
                                OptionGroup.LOGGING,
                                "use-colors",
                                Values.BOOLEAN,
                                (launch, value) -> launch.withLog(log -> log.withColors(value)),
                                "Colour the levels. Without this option: on a terminal, unless NO_COLOR is set.")
                        .shaped(Shape.SWITCH),
                Option.onOff(
                        OptionGroup.LOGGING,
                        "access-log",
                        launch -> launch.accessLog().enabled(),
                        (launch, value) -> launch.withAccessLog(log -> log.withEnabled(value)),
                        "Write a line for each request and WebSocket when it has ended, whatever the log level."),
                Option.of(
                        OptionGroup.LOGGING,
                        "access-log-format",
                        FORMAT,
                        launch -> launch.accessLog().format(),
                        (launch, value) -> launch.withAccessLog(log -> log.withFormat(value)),
                        "common, combined, json, or a text with gunicorn's atoms, as %(h)s for the letter h: "
                                + AccessLogFormat.ATOMS + "."),
                Option.of(
                        OptionGroup.LOGGING,
                        "access-log-file",
                        Values.FILE,
                        launch -> launch.accessLog().file(),
                        (launch, value) -> launch.withAccessLog(log -> log.withFile(value)),
                        "Where the access log is appended; - is standard output."),
                Option.of(
                        OptionGroup.LOGGING,
                        "access-log-queue",
                        Values.NUMBER,
                        launch -> launch.accessLog().queue(),
                        (launch, value) -> launch.withAccessLog(log -> log.withQueue(value)),
                        "Entries that wait to be written, each with its request's head; past it they are dropped and "
                                + "counted."));
    }
}

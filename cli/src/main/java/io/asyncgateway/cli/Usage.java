package io.asyncgateway.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The text of {@code --help}. */
final class Usage {
    private static final int WIDTH = 110;
    private static final int LABELS = 36;

    private Usage() {}

    static String text() {
        CommandSpec spec = CommandLineSpec.build();
        spec.usageMessage()
                .width(WIDTH)
                .longOptionsMaxWidth(LABELS)
                .sortOptions(false)
                .customSynopsis(CommandLineSpec.NAME + " [options] TARGET")
                .description("Serves an application over HTTP and WebSocket.%n")
                .footer(
                        "",
                        "SIZE is in bytes, or 64k, 16MiB. SECONDS is 5 or 0.5, or 500ms, 2m, 1h.",
                        "",
                        "Each option can also be set in the environment, as ASYNC_GATEWAY_PORT=9000, or in the file of",
                        "--config, as port: 9000. The command line comes before the environment, and that before the file.",
                        "The application's own settings stand in the file's section settings.",
                        "",
                        "SIGINT and SIGTERM stop the server when what is in flight is answered; a second one forces.",
                        "Exit codes: 0 stopped in order, 1 the application's shutdown failed, 2 wrong options,",
                        "3 could not start.");
        return new CommandLine(spec).getUsageMessage(Ansi.OFF);
    }
}

package io.asyncgateway.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The options on the command line.
 *
 * @param given the options, without actions and {@code --config}
 * @param config the file of {@code --config}
 * @param help whether {@code --help} is among them
 * @param version whether {@code --version} is among them
 */
record Arguments(List<Given> given, @Nullable String config, boolean help, boolean version) {
    static Arguments parse(String... args) {
        CommandLine command = new CommandLine(CommandLineSpec.build());
        try {
            return of(command.parseArgs(args));
        } catch (UnmatchedArgumentException e) {
            throw new UsageException(unmatched(e.getUnmatched().get(0)));
        } catch (MissingParameterException e) {
            throw new UsageException(e.getMissing().stream()
                    .findFirst()
                    .map(missing -> name((OptionSpec) missing) + ": no value (expected: " + missing.paramLabel() + ")")
                    .orElseGet(() -> String.valueOf(e.getMessage())));
        } catch (ParameterException e) {
            // A value for what takes none, as in --help=true.
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static Arguments of(ParseResult result) {
        List<Given> given = new ArrayList<>();
        String config = null;
        for (Option option : Options.all()) {
            if (option.equals(Options.CONFIG)) {
                config = result.matchedOptionValue("--config", (String) null);
            } else if (option.shape() == Shape.TARGET) {
                for (PositionalParamSpec target : result.matchedPositionals()) {
                    given.add(new Given(option, option.name(), List.of((String) target.getValue())));
                }
            } else if (option.shape() != Shape.ACTION && result.hasMatchedOption(CommandLineSpec.dashed(option))) {
                Object value = result.matchedOptionValue(CommandLineSpec.dashed(option), (Object) "");
                given.add(new Given(option, option.name(), texts(value)));
            }
        }
        return new Arguments(
                List.copyOf(given), config, result.hasMatchedOption("--help"), result.hasMatchedOption("--version"));
    }

    private static List<String> texts(Object value) {
        return value instanceof List<?> values
                ? values.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(value));
    }

    private static String unmatched(String argument) {
        if (!argument.startsWith("-")) {
            return "unexpected argument " + argument + " (expected: one TARGET)";
        }
        String name = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        return "unknown option " + name + Nearest.hint(name, CommandLineSpec.names());
    }

    private static String name(OptionSpec option) {
        return option.longestName().substring(2);
    }
}

package io.asyncgateway.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The table of options as picocli knows it. Built without annotations: reflection over them would slow the start. */
final class CommandLineSpec {
    static final String NAME = "async-gateway";

    private CommandLineSpec() {}

    static CommandSpec build() {
        CommandSpec spec = CommandSpec.create().name(NAME);
        spec.interpolateVariables(false);
        spec.parser().expandAtFiles(false).overwrittenOptionsAllowed(true);
        for (OptionGroup group : OptionGroup.values()) {
            ArgGroupSpec.Builder heading = ArgGroupSpec.builder()
                    .heading("%n" + group.heading() + ":%n")
                    .validate(false)
                    .exclusive(false);
            Options.all().stream()
                    .filter(option -> option.group() == group && option.shape() != Shape.TARGET)
                    .forEach(option -> heading.addArg(spec(option)));
            spec.addArgGroup(heading.build());
        }
        spec.addPositional(target(Options.named("target")));
        return spec;
    }

    static String dashed(Option option) {
        return "--" + option.name();
    }

    private static OptionSpec spec(Option option) {
        OptionSpec.Builder builder = OptionSpec.builder(names(option)).description(description(option));
        builder = switch (option.shape()) {
            // Arity 0, so that `--no-access-log=true` is an error and not `true`.
            case SWITCH ->
                builder.type(Boolean.class).arity("0").negatable(true).fallbackValue("true");
            case ACTION -> builder.type(boolean.class).arity("0");
            case WORDS, LINES, MAP ->
                builder.type(List.class).auxiliaryTypes(String.class).arity("1").paramLabel(option.label());
            default -> builder.type(String.class).arity("1").paramLabel(option.label());
        };
        return builder.build();
    }

    private static String[] names(Option option) {
        return switch (option.name()) {
            case "help" -> new String[] {"-h", "--help"};
            case "bind" -> new String[] {"-b", "--bind"};
            default -> new String[] {dashed(option)};
        };
    }

    private static PositionalParamSpec target(Option option) {
        return PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(String.class)
                .paramLabel(option.label())
                .description(description(option))
                .build();
    }

    private static String description(Option option) {
        return option.description() + (option.defaultText().isEmpty() ? "" : " Default: " + option.defaultText());
    }

    /** All names, as they would be typed. */
    static List<String> names() {
        return Options.all().stream()
                .filter(option -> option.shape() != Shape.TARGET)
                .flatMap(option -> option.shape() == Shape.SWITCH
                        ? Arrays.stream(new String[] {dashed(option), "--no-" + option.name()})
                        : Arrays.stream(new String[] {dashed(option)}))
                .toList();
    }
}

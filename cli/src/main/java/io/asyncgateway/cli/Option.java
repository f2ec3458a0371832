package io.asyncgateway.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One option, wherever it is given.
 *
 * @param name as on the command line, without the dashes; also its key in a file
 * @param group where it stands in the help
 * @param shape how it is given
 * @param label the name of its value in the help
 * @param defaultText its default as it would be written; empty where that says nothing
 * @param description what it means; for the help and the documentation
 * @param effect what it changes
 */
record Option(
        String name,
        OptionGroup group,
        Shape shape,
        String label,
        String defaultText,
        String description,
        Effect effect) {

    /** Changes what is launched. */
    @FunctionalInterface
    interface Effect {
        Launch on(Launch launch, Given given);
    }

    /** The name in the environment. */
    String variable() {
        return Environment.PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** An option with one value, whose default is that of the configuration. */
    static <T> Option of(
            OptionGroup group,
            String name,
            ValueType<T> type,
            Function<Launch, T> get,
            BiFunction<Launch, T, Launch> set,
            String description) {
        return withoutDefault(group, name, type, set, description).defaulting(type.write(get.apply(Launch.defaults())));
    }

    static <T> Option withoutDefault(
            OptionGroup group, String name, ValueType<T> type, BiFunction<Launch, T, Launch> set, String description) {
        Effect effect = (launch, given) ->
                given.reading(given.last(), type.expected(), () -> set.apply(launch, type.read(given.last())));
        return new Option(name, group, Shape.VALUE, type.label(), "", description, effect);
    }

    static Option onOff(
            OptionGroup group,
            String name,
            Function<Launch, Boolean> get,
            BiFunction<Launch, Boolean, Launch> set,
            String description) {
        return of(group, name, Values.BOOLEAN, get, set, description).shaped(Shape.SWITCH);
    }

    /** An option with several values. */
    static <T> Option several(
            OptionGroup group,
            String name,
            Shape shape,
            ValueType<T> type,
            BiFunction<Launch, List<T>, Launch> set,
            String description) {
        Effect effect = (launch, given) -> {
            List<T> values = given.texts().stream()
                    .map(text -> given.reading(text, type.expected(), () -> type.read(text)))
                    .toList();
            return given.reading(String.join(" ", given.texts()), type.expected(), () -> set.apply(launch, values));
        };
        return new Option(name, group, shape, type.label(), "", description, effect);
    }

    /** An option that the command sees to before there is anything to launch. */
    static Option action(String name, String label, Shape shape, String description) {
        return new Option(name, OptionGroup.GENERAL, shape, label, "", description, (launch, given) -> launch);
    }

    Option defaulting(String text) {
        return new Option(name, group, shape, label, text, description, effect);
    }

    Option shaped(Shape other) {
        return new Option(name, group, other, label, defaultText, description, effect);
    }
}

package io.asyncgateway.cli;

import java.util.function.Function;

/**
 * How the value of an option is written.
 *
 * @param label its name in the help
 * @param expected what a text that can't be read is answered with
 * @param reader reads a text; an {@link IllegalArgumentException} says that it can't
 * @param writer writes a value so that the reader would read it
 */
record ValueType<T>(String label, String expected, Function<String, T> reader, Function<T, String> writer) {
    T read(String text) {
        return reader.apply(text);
    }

    String write(T value) {
        return writer.apply(value);
    }
}

package io.asyncgateway.cli;

import java.util.Arrays;
import java.util.List;

/** How an option is given, and what several of it mean. */
enum Shape {
    /** The argument that stands alone. */
    TARGET,
    /** {@code --name VALUE}; of several the last one holds. */
    VALUE,
    /** {@code --name} and {@code --no-name}; elsewhere {@code true} and {@code false}. */
    SWITCH,
    /** Several values, between white space or commas in the environment and in a properties file. */
    WORDS,
    /** Several values, each on a line of its own in the environment and in a properties file. */
    LINES,
    /** Several {@code KEY=VALUE}, which add to those of the places below; each on a line of its own in the environment. */
    MAP,
    /** Does something else than serving. On the command line alone. */
    ACTION;

    boolean repeatable() {
        return this == WORDS || this == LINES || this == MAP;
    }

    /** Whether it can stand in the environment and in a file. */
    boolean settable() {
        return this != ACTION;
    }

    /** The values in one text of the environment or of a properties file. */
    List<String> split(String text) {
        if (!repeatable()) {
            return List.of(text);
        }
        return Arrays.stream(text.split(this == WORDS ? "[,\\s]+" : "\\R"))
                .filter(part -> !part.isBlank())
                .toList();
    }
}

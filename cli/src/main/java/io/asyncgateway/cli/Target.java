package io.asyncgateway.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the application is: {@code com.example.Main}, or {@code com.example.Main:member}, or a member of a member.
 *
 * @param className the class, with dots before nested ones too
 * @param members the path from its static member to the application; empty for its constructor
 */
record Target(String className, List<String> members) {
    static final String EXPECTED = "com.example.Main or com.example.Main:member";

    private static final Pattern SYNTAX = Pattern.compile("name(\\.name)*(:name(\\.name)*)?"
            .replace("name", "[\\p{javaJavaIdentifierStart}][\\p{javaJavaIdentifierPart}]*"));

    Target {
        members = List.copyOf(members);
    }

    static Target parse(String text) {
        if (!SYNTAX.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        int colon = text.indexOf(':');
        return colon < 0
                ? new Target(text, List.of())
                : new Target(
                        text.substring(0, colon),
                        List.of(text.substring(colon + 1).split("\\.")));
    }

    @Override
    public String toString() {
        return Stream.concat(
                        Stream.of(className), members.isEmpty() ? Stream.empty() : Stream.of(String.join(".", members)))
                .collect(Collectors.joining(":"));
    }
}

package io.asyncgateway.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the application is: {@code com.example.Main}, or {@code com.example.Main:member}, or a member of a member; or a file:
 * {@code shop.war}.
 *
 * @param className the class, with dots before nested ones too
 * @param members the path from its static member to the application; empty for its constructor
 * @param file the file (or directory) in place of a class; known by its end
 */
record Target(
        String className, List<String> members, @Nullable Path file) {
    static final String EXPECTED = "com.example.Main, com.example.Main:member or shop.war";

    /** The end of the name of a file. A class of that name can be given as {@code com.example.war:member} alone. */
    private static final String ARCHIVE = ".war";

    private static final Pattern SYNTAX = Pattern.compile("name(\\.name)*(:name(\\.name)*)?"
            .replace("name", "[\\p{javaJavaIdentifierStart}][\\p{javaJavaIdentifierPart}]*"));

    Target {
        members = List.copyOf(members);
    }

    Target(String className, List<String> members) {
        this(className, members, null);
    }

    static Target parse(String text) {
        if (text.toLowerCase(Locale.ROOT).endsWith(ARCHIVE)) {
            return new Target("", List.of(), Path.of(text));
        }
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
        if (file != null) {
            return file.toString();
        }
        return members.isEmpty() ? className : className + ":" + String.join(".", members);
    }
}

package io.asyncgateway.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names of the classes on the class path, for a hint when one is not found. Nothing of it is loaded. */
final class ClassNames {
    /** Enough for the jars of a large application; a hint is not worth more. */
    private static final int MOST = 100_000;

    private ClassNames() {}

    /** A class with the same simple name in another package, or one whose name is a few typing mistakes away. */
    static Optional<String> nearest(String name, ClassLoader loader) {
        List<String> names = all(loader);
        String simple = simple(name);
        Optional<String> elsewhere = names.stream()
                .filter(each -> simple(each).equalsIgnoreCase(simple))
                .findFirst();
        return elsewhere.isPresent() ? elsewhere : Nearest.typed(name, names);
    }

    private static String simple(String name) {
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }

    private static List<String> all(ClassLoader loader) {
        List<String> names = new ArrayList<>();
        for (Path entry : entries(loader)) {
            try {
                if (Files.isDirectory(entry)) {
                    ofDirectory(entry, names);
                } else if (Files.isRegularFile(entry)) {
                    ofJar(entry, names);
                }
            } catch (IOException | UncheckedIOException ignored) {
                // An entry that can't be read gives no hint.
            }
        }
        return names;
    }

    private static List<Path> entries(ClassLoader loader) {
        List<Path> entries = new ArrayList<>();
        if (loader instanceof URLClassLoader child) {
            for (URL url : child.getURLs()) {
                try {
                    entries.add(Path.of(url.toURI()));
                } catch (URISyntaxException | IllegalArgumentException ignored) {
                    // Nor does one that is no file.
                }
            }
        }
        for (String entry : System.getProperty("java.class.path", "").split(Pattern.quote(File.pathSeparator), -1)) {
            entries.add(Path.of(entry));
        }
        return entries;
    }

    private static void ofDirectory(Path directory, List<String> names) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.limit(MOST).forEach(file -> add(directory.relativize(file).toString(), names));
        }
    }

    private static void ofJar(Path jar, List<String> names) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            file.stream().limit(MOST).forEach(entry -> add(entry.getName(), names));
        }
    }

    /** Anonymous and local classes, and what is no class of the application's package tree, are left out. */
    private static void add(String file, List<String> names) {
        if (file.endsWith(".class") && names.size() < MOST && !file.startsWith("META-INF")) {
            String name = file.substring(0, file.length() - ".class".length())
                    .replace('/', '.')
                    .replace(File.separatorChar, '.');
            if (!name.matches(".*\\$\\d.*") && !name.endsWith("-info")) {
                names.add(name);
            }
        }
    }
}

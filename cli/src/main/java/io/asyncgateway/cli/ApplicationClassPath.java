package io.asyncgateway.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The entries of {@code --app-dir} and {@code --class-path}, as a class loader below the server's own. */
final class ApplicationClassPath {
    private ApplicationClassPath() {}

    /** A loader of the application's classes: the parent itself where there are no entries. */
    static ClassLoader loader(ApplicationOptions options, ClassLoader parent) {
        Set<Path> entries = entries(options);
        if (entries.isEmpty()) {
            return parent;
        }
        List<URL> urls = new ArrayList<>();
        for (Path entry : entries) {
            try {
                urls.add(entry.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new UsageException("class-path: " + entry + ": " + e.getMessage());
            }
        }
        // Open as long as the process: the application may load a class at any time.
        return new URLClassLoader("application", urls.toArray(new URL[0]), parent);
    }

    static Set<Path> entries(ApplicationOptions options) {
        Set<Path> entries = new LinkedHashSet<>();
        Path appDir = options.appDir();
        if (appDir != null) {
            if (!Files.isDirectory(appDir)) {
                throw new UsageException("app-dir: " + appDir + " (expected: a directory that exists)");
            }
            entries.add(appDir.toAbsolutePath());
            entries.addAll(jars(appDir));
        }
        for (String path : options.classPath()) {
            for (String entry : path.split(Pattern.quote(File.pathSeparator), -1)) {
                add(entry, entries);
            }
        }
        return entries;
    }

    private static void add(String entry, Set<Path> entries) {
        boolean all = entry.equals("*") || entry.endsWith("/*") || entry.endsWith(File.separator + "*");
        Path path = Path.of(all ? entry.substring(0, entry.length() - 1) : entry);
        if (entry.isEmpty() || !Files.exists(path.toAbsolutePath())) {
            throw new UsageException("class-path: " + (entry.isEmpty() ? "an empty entry" : entry)
                    + " (expected: a jar, a directory or DIR/* that exists)");
        }
        if (all) {
            entries.addAll(jars(path));
        } else {
            entries.add(path.toAbsolutePath());
        }
    }

    private static List<Path> jars(Path directory) {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory.toAbsolutePath(), "*.{jar,JAR}")) {
            found.forEach(jars::add);
        } catch (IOException | UncheckedIOException e) {
            throw new UsageException("class-path: " + directory + ": " + e);
        }
        jars.sort(null);
        return jars;
    }
}

package io.asyncgateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The options in a file. Keys are the names of the options, flat ({@code limit-concurrency}) or nested at any dash
 * ({@code limit: {concurrency: ...}}, {@code limit.concurrency}); the section {@code settings} is the application's own.
 */
final class ConfigFile {
    static final String SETTINGS = "settings";

    private ConfigFile() {}

    /**
     * A value of a file.
     *
     * @param path the keys that lead to it, from the outside
     * @param texts its text, or the texts of a list
     * @param list whether it is a list
     */
    record Entry(List<String> path, List<String> texts, boolean list) {
        Entry {
            path = List.copyOf(path);
            texts = List.copyOf(texts);
        }
    }

    static List<Given> read(String name) {
        Path file = Path.of(name);
        String lower = name.toLowerCase(Locale.ROOT);
        try {
            if (lower.endsWith(".properties")) {
                return given(name, PropertiesFile.read(Files.readString(file), name));
            }
            if (lower.endsWith(".yaml") || lower.endsWith(".yml")) {
                return given(name, YamlFile.read(Files.readString(file), name));
            }
        } catch (NoSuchFileException e) {
            throw new UsageException("config: " + name + " (expected: a file that exists)");
        } catch (IOException e) {
            throw new UsageException("config: " + name + ": " + e);
        }
        throw new UsageException("config: " + name + " (expected: a name that ends in .properties, .yaml or .yml)");
    }

    private static List<Given> given(String file, Collection<Entry> entries) {
        List<Given> given = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Entry entry : entries) {
            String key = String.join(".", entry.path());
            if (key.equals(SETTINGS) && !entry.list() && entry.texts().get(0).isEmpty()) {
                continue;
            }
            Given one = key.startsWith(SETTINGS + ".")
                    ? setting(file, key.substring(SETTINGS.length() + 1), entry)
                    : option(file, key, entry);
            boolean setting = one.option().shape() == Shape.MAP;
            if (!seen.add(setting ? key : one.option().name())) {
                throw new UsageException(file + ": " + key + ": given twice");
            }
            given.add(one);
        }
        return given;
    }

    private static Given setting(String file, String key, Entry entry) {
        if (entry.list()) {
            throw new UsageException(file + ": " + SETTINGS + "." + key + ": a list (expected: a text)");
        }
        return new Given(
                Options.named("set"),
                file + ": " + SETTINGS + "." + key,
                List.of(key + "=" + entry.texts().get(0)));
    }

    private static Given option(String file, String key, Entry entry) {
        if (key.equals(SETTINGS)) {
            throw new UsageException(file + ": " + SETTINGS + ": no map (expected: keys and values)");
        }
        String name = key.replace('.', '-').replace('_', '-');
        Option option = Options.all().stream()
                .filter(candidate -> candidate.name().equals(name) && isKey(candidate))
                .findFirst()
                .orElseThrow(() -> new UsageException(file + ": unknown key " + key + Nearest.hint(name, keys())));
        if (entry.list() && !option.shape().repeatable()) {
            throw new UsageException(file + ": " + key + ": a list (expected: one value)");
        }
        List<String> texts = entry.list()
                ? entry.texts()
                : option.shape().split(entry.texts().get(0));
        return new Given(option, file + ": " + key, texts);
    }

    static boolean isKey(Option option) {
        return option.shape().settable() && option.shape() != Shape.MAP && !option.equals(Options.CONFIG);
    }

    private static List<String> keys() {
        return Stream.concat(Options.all().stream().filter(ConfigFile::isKey).map(Option::name), Stream.of(SETTINGS))
                .toList();
    }
}

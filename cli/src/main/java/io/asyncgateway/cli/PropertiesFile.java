package io.asyncgateway.cli;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Properties;

/** A configuration file in the format of {@link Properties}, in UTF-8. */
final class PropertiesFile {
    private PropertiesFile() {}

    static List<ConfigFile.Entry> read(String content, String file) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(content));
        } catch (IllegalArgumentException e) {
            throw new UsageException(file + ": " + e.getMessage());
        }
        return properties.stringPropertyNames().stream()
                .sorted()
                .map(key -> new ConfigFile.Entry(
                        List.of(key), List.of(properties.getProperty(key).strip()), false))
                .toList();
    }
}

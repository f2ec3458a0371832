package io.asyncgateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A configuration file in YAML. Read as a stream of tokens and not as a tree, so that values stay as they are written: {@code off},
 * {@code 0600} and {@code 1.10} are no boolean and no numbers.
 */
final class YamlFile {
    private final YAMLParser parser;
    private final String file;
    private final List<ConfigFile.Entry> entries = new ArrayList<>();

    private YamlFile(YAMLParser parser, String file) {
        this.parser = parser;
        this.file = file;
    }

    static List<ConfigFile.Entry> read(String content, String file) throws IOException {
        YAMLFactory factory = YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (YAMLParser parser = factory.createParser(content)) {
            return new YamlFile(parser, file).document();
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new UsageException(file + ": line " + line + ": " + e.getOriginalMessage());
        }
    }

    private List<ConfigFile.Entry> document() throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            return entries;
        }
        if (first != JsonToken.START_OBJECT) {
            throw refused(List.of(), "no map (expected: keys and values)");
        }
        map(List.of());
        if (parser.nextToken() != null) {
            throw refused(List.of(), "a second document (expected: one)");
        }
        return entries;
    }

    private void map(List<String> path) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            List<String> inner = new ArrayList<>(path);
            inner.add(parser.currentName());
            switch (parser.nextToken()) {
                case START_OBJECT -> map(inner);
                case START_ARRAY -> entries.add(new ConfigFile.Entry(inner, list(inner), true));
                default -> entries.add(new ConfigFile.Entry(inner, List.of(scalar(inner)), false));
            }
        }
    }

    private List<String> list(List<String> path) throws IOException {
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(parser.currentToken() == JsonToken.START_OBJECT ? pair(path) : item(path));
        }
        return texts;
    }

    /** {@code - x-frame-options: deny} is a map to YAML, and a header to whoever wrote it. */
    private String pair(List<String> path) throws IOException {
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            throw refused(path, "an empty map (expected: texts)");
        }
        String name = parser.currentName();
        parser.nextToken();
        String pair = name + ":" + item(path);
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw refused(path, "a map (expected: texts)");
        }
        return pair;
    }

    private String item(List<String> path) throws IOException {
        if (!parser.currentToken().isScalarValue()) {
            throw refused(path, "nested (expected: texts)");
        }
        return scalar(path);
    }

    private String scalar(List<String> path) throws IOException {
        if (parser.isCurrentAlias()) {
            throw refused(path, "an alias (expected: a value)");
        }
        return parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getText();
    }

    private UsageException refused(List<String> path, String what) {
        return new UsageException(file + ": " + (path.isEmpty() ? "" : String.join(".", path) + ": ") + what);
    }
}

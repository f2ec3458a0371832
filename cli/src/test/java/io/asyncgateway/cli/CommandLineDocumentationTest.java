package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.cli.log.AtomTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/command-line.md} to the code. With {@code -Ddocs.update=true} its tables are written anew. */
class CommandLineDocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final Path FILE = ROOT.resolve(Path.of("docs", "command-line.md"));

    private static final Pattern WORD = Pattern.compile("(?<![\\w-])--(?:\\[no-])?([a-z][a-z0-9-]*)");

    /** Options that are not ours, and what stands in the same line then. */
    private static final Map<String, String> OF_OTHER_TOOLS = Map.of(
            "add-opens", "java.base",
            "dos", ".ci/conformance",
            "http2-prior-knowledge", "curl",
            "now", "systemctl",
            "prefix", "npm",
            "tls", ".ci/conformance",
            "unix-socket", "curl");

    @Test
    void theTableOfOptionsIsThatOfTheCode() throws Exception {
        assertSection("options", options());
    }

    @Test
    void theTableOfAtomsIsThatOfTheCode() throws Exception {
        assertSection("atoms", AtomTable.markdown());
    }

    /** In prose too, where nobody else would notice that an option has another name. */
    @Test
    void everyOptionThatTheDocumentationNamesExists() throws Exception {
        List<String> unknown = new ArrayList<>();
        for (Path file : documents()) {
            boolean comparison = false;
            for (String line : Files.readAllLines(file)) {
                comparison = line.startsWith("#") ? line.startsWith("## Coming from ") : comparison;
                Matcher words = WORD.matcher(comparison ? behindTheFirstColumn(line) : line);
                while (words.find()) {
                    if (!exists(words.group(1)) && !isOfAnotherTool(words.group(1), line)) {
                        unknown.add(file + ": --" + words.group(1));
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    /** The first has the options of others. */
    private static String behindTheFirstColumn(String line) {
        return line.substring(Math.max(0, line.indexOf(" | ")));
    }

    private static List<Path> documents() throws IOException {
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(Files::isRegularFile).forEach(files::add);
        }
        return files;
    }

    private static boolean exists(String word) {
        String name = word.startsWith("no-") ? word.substring(3) : word;
        return Options.all().stream()
                .anyMatch(option ->
                        option.name().equals(word) || option.name().equals(name) && option.shape() == Shape.SWITCH);
    }

    private static boolean isOfAnotherTool(String word, String line) {
        String tool = OF_OTHER_TOOLS.get(word);
        return tool != null && line.contains(tool);
    }

    private static void assertSection(String name, String expected) throws IOException {
        String text = Files.readString(FILE);
        String begin = "<!-- " + name + " -->\n";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf("<!-- /" + name + " -->");
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(FILE, text.substring(0, from) + expected + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to)).isEqualTo(expected);
    }

    private static String options() {
        StringBuilder table = new StringBuilder();
        for (OptionGroup group : OptionGroup.values()) {
            table.append("### ").append(group.heading()).append("\n\n");
            table.append("| option | environment | default | meaning |\n|---|---|---|---|\n");
            Options.all().stream()
                    .filter(option -> option.group() == group)
                    .forEach(option -> table.append(row(option)));
            table.append('\n');
        }
        return table.substring(0, table.length() - 1);
    }

    private static String row(Option option) {
        String variable = option.shape().settable() ? code(option.variable()) : "";
        String byDefault = option.defaultText().isEmpty() ? "" : code(option.defaultText());
        return "| " + code(option(option)) + " | " + variable + " | " + byDefault + " | " + cell(option.description())
                + " |\n";
    }

    private static String option(Option option) {
        return switch (option.shape()) {
            case TARGET -> option.label();
            case SWITCH -> "--[no-]" + option.name();
            case ACTION -> "--" + option.name();
            default -> "--" + option.name() + " " + option.label();
        };
    }

    private static String code(String text) {
        return "`" + cell(text) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}

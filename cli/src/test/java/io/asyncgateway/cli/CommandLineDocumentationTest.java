package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.cli.log.AtomTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/command-line.md} to the code. With {@code -Ddocs.update=true} its tables are written anew. */
class CommandLineDocumentationTest {
    private static final Path FILE = Path.of("..", "docs", "command-line.md");

    @Test
    void theTableOfOptionsIsThatOfTheCode() throws Exception {
        assertSection("options", options());
    }

    @Test
    void theTableOfAtomsIsThatOfTheCode() throws Exception {
        assertSection("atoms", AtomTable.markdown());
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

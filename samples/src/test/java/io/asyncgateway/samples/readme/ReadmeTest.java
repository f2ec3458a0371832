package io.asyncgateway.samples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    /** Surefire runs in the folder of the module. */
    private static final Path ROOT = Path.of("..");

    @Test
    void theExampleOfTheReadmeIsTheOneThatCompilesHere() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String source = Files.readString(Path.of("src/test/java/io/asyncgateway/samples/readme/Greeter.java"));
        String example = between(readme, "```java\n", "```");

        assertThat(source).endsWith(example);
        assertThat(example.lines().count()).isLessThanOrEqualTo(20);
    }

    @Test
    void everyFileThatTheReadmeLinksToIsThere() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));

        assertThat(readme.lines().flatMap(line -> java.util.regex.Pattern.compile("]\\(([^)]+)\\)")
                        .matcher(line)
                        .results()
                        .map(match -> match.group(1))))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(ROOT.resolve(target)).exists());
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}

package io.asyncgateway.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogSetupTest {
    private static final String EOL = System.lineSeparator();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    private final Logger ours = LoggerFactory.getLogger("io.asyncgateway.server");

    @TempDir
    Path directory;

    @Test
    void linesLookLikeUvicorns() {
        try (LogSetup log = LogSetup.install(LogOptions.DEFAULTS.withLevel(LogLevel.TRACE), err, false)) {
            assertThat(log).isNotNull();
            ours.error("one {}", 1);
            ours.warn("two");
            ours.info("three");
            ours.debug("four");
            ours.trace("five");
        }

        assertThat(written())
                .isEqualTo("ERROR:    one 1" + EOL + "WARNING:  two" + EOL + "INFO:     three" + EOL + "DEBUG:    four"
                        + EOL + "TRACE:    five" + EOL);
    }

    @Test
    void linesOfOthersNameTheirLogger() {
        try (LogSetup log = LogSetup.install(LogOptions.DEFAULTS, err, false)) {
            assertThat(log).isNotNull();
            LoggerFactory.getLogger("com.example.Shop").info("open");
        }

        assertThat(written()).isEqualTo("INFO:     com.example.Shop: open" + EOL);
    }

    @Test
    void aFailureIsFollowedByItsStackTrace() {
        try (LogSetup log = LogSetup.install(LogOptions.DEFAULTS, err, false)) {
            assertThat(log).isNotNull();
            ours.error("failed", new IllegalStateException("why"));
        }

        assertThat(written())
                .startsWith("ERROR:    failed" + EOL + "java.lang.IllegalStateException: why" + EOL + "\tat ");
    }

    @ParameterizedTest
    @CsvSource({"trace, 5", "debug, 4", "info, 3", "warning, 2", "warn, 2", "error, 1", "critical, 0", "INFO, 3"})
    void aLevelLeavesOutWhatIsBelowIt(String level, int lines) {
        try (LogSetup log = LogSetup.install(LogOptions.DEFAULTS.withLevel(LogLevel.parse(level)), err, false)) {
            assertThat(log).isNotNull();
            ours.error("1");
            ours.warn("2");
            ours.info("3");
            ours.debug("4");
            ours.trace("5");
        }

        assertThat(written().lines()).hasSize(lines);
    }

    @Test
    void debugIsAboutTheServerAndNotItsLibraries() {
        try (LogSetup log = LogSetup.install(LogOptions.DEFAULTS.withLevel(LogLevel.DEBUG), err, false)) {
            assertThat(log).isNotNull();
            LoggerFactory.getLogger("io.netty.x").debug("no");
            LoggerFactory.getLogger("reactor.netty.x").debug("no");
            LoggerFactory.getLogger("com.example").debug("yes");
        }

        assertThat(written()).isEqualTo("DEBUG:    com.example: yes" + EOL);
    }

    @Test
    void levelsAreColouredOnATerminalOrWhereAskedFor() {
        assertThat(coloured(LogOptions.DEFAULTS, true)).isEqualTo("\u001b[32mINFO\u001b[0m:     x" + EOL);
        assertThat(coloured(LogOptions.DEFAULTS, false)).isEqualTo("INFO:     x" + EOL);
        assertThat(coloured(LogOptions.DEFAULTS.withColors(true), false)).startsWith("\u001b[");
        assertThat(coloured(LogOptions.DEFAULTS.withColors(false), true)).startsWith("INFO");
    }

    @Test
    void aConfigurationOfLogbackTakesOver() throws Exception {
        Path target = directory.resolve("app.log");
        Path config = Files.writeString(directory.resolve("logback.xml"), """
                <configuration>
                  <appender name="file" class="ch.qos.logback.core.FileAppender">
                    <file>%s</file>
                    <encoder><pattern>%%level %%msg%%n</pattern></encoder>
                  </appender>
                  <root level="warn"><appender-ref ref="file"/></root>
                </configuration>
                """.formatted(target));
        LogOptions options = LogOptions.DEFAULTS.withConfigFile(config);

        try (LogSetup log = LogSetup.install(options, err, false)) {
            assertThat(log).isNotNull();
            ours.info("left out");
            ours.warn("kept");
        }
        try (LogSetup log = LogSetup.install(options.withLevel(LogLevel.INFO), err, false)) {
            assertThat(log).isNotNull();
            ours.info("asked for");
        }

        assertThat(target).hasContent("WARN kept" + EOL + "INFO asked for" + EOL);
        assertThat(written()).isEmpty();
    }

    @Test
    void aBrokenConfigurationIsToldInALine() throws Exception {
        Path notXml = Files.writeString(directory.resolve("a.xml"), "<configuration>");
        Path unknownClass = Files.writeString(
                directory.resolve("b.xml"),
                "<configuration><appender name='x' class='com.example.No'/><root><appender-ref ref='x'/></root></configuration>");

        assertThatThrownBy(() -> LogSetup.install(LogOptions.DEFAULTS.withConfigFile(notXml), err, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("log-config: " + notXml + ": ");
        assertThatThrownBy(() -> LogSetup.install(LogOptions.DEFAULTS.withConfigFile(unknownClass), err, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("com.example.No");
    }

    private String coloured(LogOptions options, boolean terminal) {
        bytes.reset();
        try (LogSetup log = LogSetup.install(options, err, terminal)) {
            assertThat(log).isNotNull();
            ours.info("x");
        }
        return written();
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

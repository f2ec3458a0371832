package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({
        "--prot, --port",
        "--hots, --host",
        "--prt, --port",
        "--Port, --port",
        "--no-acces-log, --no-access-log",
        "--access-logfile, --access-log-file",
        "--ping-interval, --ws-ping-interval",
        "--keep-alive, --h2-keep-alive or --timeout-keep-alive",
        "--ws-maxsize, --ws-max-size"
    })
    void aMistypedOptionHasAHint(String word, String meant) {
        assertThat(Nearest.hint(word, CommandLineSpec.names())).isEqualTo(" (did you mean " + meant + "?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--daemon", "--something-else", "-z", "--"})
    void aWordThatIsFarFromAllHasNone(String word) {
        assertThat(Nearest.hint(word, CommandLineSpec.names())).isEmpty();
    }
}

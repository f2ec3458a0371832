package io.asyncgateway.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareTest {
    @Test
    void measuresEverythingByDefault() {
        Options options = Options.of();
        assertThat(options.gateway()).isTrue();
        assertThat(options.scenarios()).containsExactly(Scenario.values());
        assertThat(options.rounds()).isEqualTo(9);
    }

    @Test
    void takesOptionsInAnyOrder() {
        Options options =
                Options.of("--rounds", "3", "--raw-only", "--scenarios", "echo,plaintext", "--jvm-option", "-Xlog:gc");
        assertThat(options.gateway()).isFalse();
        assertThat(options.scenarios()).containsExactly(Scenario.ECHO, Scenario.PLAINTEXT);
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.jvmOptions()).contains("-Xmx512m", "-Xlog:gc");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rounds 0       | --rounds: 0 (expected: 1-100)",
                "--seconds many   | --seconds: many (expected: 1-60)",
                "--rounds         | --rounds: no value (expected: one)",
                "--scenarios tea  | scenario: tea (expected: plaintext,headers,pipelined,echo,stream,json,websocket)",
                "--speed 3        | option: --speed (expected: one of those below)",
            })
    void saysWhatWasWrongWithAnOption(String arguments, String message) {
        assertThatThrownBy(() -> Options.of(arguments.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void judgesByTheMedianOfTheRatiosOfNeighbouringRounds() {
        List<Cost> raw = List.of(new Cost(10, 1, 1), new Cost(20, 1, 1), new Cost(10, 1, 1));
        List<Cost> gateway = List.of(new Cost(11, 1, 1), new Cost(20, 1, 1), new Cost(30, 1, 1));
        assertThat(new Result(Scenario.ECHO, raw, gateway).toString())
                .contains("1.10  (1.00-3.00)")
                .endsWith("1.10 met");
        assertThat(new Result(Scenario.PLAINTEXT, raw, gateway).toString()).endsWith("1.05 MISSED");
    }

    @Test
    void readsTheProcessorTimeOfAProcess() throws IOException {
        CpuTime used = CpuTime.of(ProcessHandle.current().pid());
        // This JVM has started, which takes longer than a tick.
        assertThat(used.microseconds()).isPositive();
        assertThat(used.minus(used)).isEqualTo(new CpuTime(0, 0));
    }
}

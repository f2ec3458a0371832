package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void aMistakeIsToldWithTheVariable() {
        assertThatThrownBy(() -> resolve("ASYNC_GATEWAY_PORT", "tcp://10.0.0.1:8000"))
                .isInstanceOf(UsageException.class)
                .hasMessage("ASYNC_GATEWAY_PORT: tcp://10.0.0.1:8000 (expected: 0-65535)");
        assertThatThrownBy(() -> resolve("ASYNC_GATEWAY_ACCESS_LOG", "x"))
                .hasMessage("ASYNC_GATEWAY_ACCESS_LOG: x (expected: true or false)");
        assertThatThrownBy(() -> resolve("ASYNC_GATEWAY_SET", "x"))
                .hasMessage("ASYNC_GATEWAY_SET: x (expected: KEY=VALUE)");
    }

    @Test
    void anEmptyVariableCountsAsNone() {
        assertThat(resolve("ASYNC_GATEWAY_PORT", "")).isEqualTo(Launch.defaults());
    }

    @Test
    void variablesOfOthersAreLeftAlone() {
        Environment environment = Environment.of(Map.of("PORT", "1", "UVICORN_PORT", "1", "ASYNC_GATEWAYS", "1"));

        assertThat(environment.given()).isEmpty();
        assertThat(environment.warnings()).isEmpty();
    }

    @Test
    void anUnknownVariableIsWarnedOf() {
        assertThat(Environment.of(Map.of("ASYNC_GATEWAY_PROT", "1")).warnings())
                .containsExactly("ASYNC_GATEWAY_PROT in the environment is no option, ignored "
                        + "(did you mean ASYNC_GATEWAY_PORT?)");
        assertThat(Environment.of(Map.of("ASYNC_GATEWAY_HELP", "1")).warnings()).hasSize(1);
    }

    @Test
    void theFileCanBeNamedThere() {
        assertThat(Environment.of(Map.of("ASYNC_GATEWAY_CONFIG", "a.yaml")).config())
                .isEqualTo("a.yaml");
        assertThat(Environment.of(Map.of()).config()).isNull();
    }

    private static Launch resolve(String name, String value) {
        return Precedence.resolve(List.of(Environment.of(Map.of(name, value)).given()));
    }
}

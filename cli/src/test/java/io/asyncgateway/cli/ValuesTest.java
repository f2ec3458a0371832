package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "65536, 65536",
        "100b, 100",
        "64k, 65536",
        "64K, 65536",
        "64KiB, 65536",
        "64 KiB, 65536",
        "16MiB, 16777216",
        "16m, 16777216",
        "1g, 1073741824",
        "9223372036854775807, 9223372036854775807"
    })
    void aSizeIsInBytesOrInPowersOf1024(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "1.5", "64kB", "16MB", "1t", "k", "0x10", "9223372036854775808", "8589934592g", "٣"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "1000, 1000",
        "1024, 1KiB",
        "1536, 1536",
        "8192, 8KiB",
        "16777216, 16MiB",
        "3221225472, 3GiB"
    })
    void aSizeIsWrittenInTheLargestUnitThatKeepsIt(long bytes, String text) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5000",
        "0.5, 500",
        "5s, 5000",
        "500ms, 500",
        "1.5ms, 1.5",
        "2m, 120000",
        "1.5h, 5400000",
        "1d, 86400000",
        "0, 0",
        "-1, -1000",
        "0.000000001, 0.000001"
    })
    void aTimeIsInSecondsOrHasAUnit(String text, double millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofNanos(Math.round(millis * 1_000_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "5 seconds", "5S", ".5", "5.", "1e3", "PT5S", "1234567890123"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT5S, 5s", "PT0.5S, 500ms", "PT2M, 120s", "PT24H, 1d", "PT25H, 90000s"})
    void aTimeIsWrittenInSecondsOrWholeDays(Duration duration, String text) {
        assertThat(Durations.format(duration)).isEqualTo(text);
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "on, true", "YES, true", "1, true", "false, false", "off, false", "no, false", "0, false"
    })
    void aBooleanHasTheUsualNames(String text, boolean value) {
        assertThat(Values.BOOLEAN.read(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8000, 127.0.0.1:8000",
        "localhost:0, localhost:0",
        "[::1]:8000, [::1]:8000",
        ":8000, 0.0.0.0:8000",
        "unix:/run/app.sock, unix:/run/app.sock"
    })
    void anAddressIsAHostAndAPortOrASocket(String text, String written) {
        assertThat(Addresses.format(Addresses.parse(text))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8000",
                "::1:8000",
                "localhost",
                "localhost:",
                "localhost:70000",
                "localhost:-1",
                "a b:1",
                "unix:"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Addresses.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}

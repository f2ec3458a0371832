package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What is said where Netty's QUIC is missing; and that nobody else misses it. */
class QuicLibraryTest {
    private static final String CLASSIFIER =
            PlatformDependent.normalizedOs() + "-" + PlatformDependent.normalizedArch();

    /** The lines that a process prints whose class path is that of the tests without some of its jars. */
    private static List<String> startWithout(Predicate<String> jar) throws IOException {
        TlsCertificate certificate = TestCertificates.localhost();
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar.negate())
                .collect(joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        StartWithoutQuic.class.getName(),
                        certificate.certificate().toString(),
                        certificate.key().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.inputReader(UTF_8)) {
            return out.lines().filter(line -> !line.contains(" DEBUG ")).toList();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void withoutTheClassesTheArtifactIsNamed() throws IOException {
        assertThat(startWithout(jar -> jar.contains("-quic-")))
                .containsSubsequence(
                        "SERVING",
                        "http3: no class io.netty.handler.codec.quic.Quic on the class path (expected:"
                                + " io.netty:netty-codec-native-quic with the classifier " + CLASSIFIER + ")");
    }

    @Test
    void withoutTheLibraryOfThePlatformTheClassifierIsNamed() throws IOException {
        List<String> lines = startWithout(jar -> jar.contains("netty-codec-native-quic") && jar.contains(CLASSIFIER));
        assertThat(lines).contains("SERVING");
        assertThat(lines.get(lines.size() - 1))
                .matches("http3: no META-INF/native/\\S*quiche\\S* on the class path \\(expected: "
                        + "io\\.netty:netty-codec-native-quic with the classifier " + CLASSIFIER + "\\)");
    }

    @Test
    void onAPlatformWithoutALibraryThePlatformsAreNamed() {
        assertThat(QuicLibrary.expected("linux-riscv64"))
                .isEqualTo("one of the platforms linux-x86_64, linux-aarch_64, osx-x86_64, osx-aarch_64,"
                        + " windows-x86_64; this is linux-riscv64");
    }
}

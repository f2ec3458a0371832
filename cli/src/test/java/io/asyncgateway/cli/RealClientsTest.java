package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command as the command-line clients of the protocols see it: curl, h2load and openssl. */
class RealClientsTest {
    @TempDir
    static Path folder;

    private static Path certificate;
    private static ServerProcess encrypted;
    private static ServerProcess plain;
    private static ServerProcess proxied;

    @BeforeAll
    static void start() throws Exception {
        certificate = folder.resolve("server.crt");
        Path key = folder.resolve("server.key");
        run(
                "openssl",
                ("req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=probe -addext subjectAltName=IP:127.0.0.1 -out "
                                + certificate + " -keyout " + key)
                        .split(" "));
        encrypted = ServerProcess.serving("--ssl-certfile", certificate.toString(), "--ssl-keyfile", key.toString());
        plain = ServerProcess.serving();
        proxied = ServerProcess.serving("--proxy-protocol", "on", "--proxy-allow-from", "127.0.0.1");
    }

    @AfterAll
    static void stop() throws Exception {
        for (ServerProcess server : new ServerProcess[] {encrypted, plain, proxied}) {
            if (server != null) {
                server.close();
            }
        }
    }

    private static String run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Program.path(program)));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    private static String curl(ServerProcess server, String scheme, String... options)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-s", "--max-time", "30", "-w", " over %{http_version}"));
        arguments.addAll(List.of("--cacert", certificate.toString()));
        arguments.addAll(List.of(options));
        arguments.add(scheme + "://127.0.0.1:" + server.port() + "/probe");
        return run("curl", arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "https, --http1.1, 1.1",
        "https, --http2, 2",
        "http, --http1.1, 1.1",
        "http, --http2, 2",
        "http, --http2-prior-knowledge, 2",
        "http, --http1.0, 1.1"
    })
    void curlSpeaksEveryVersionOfHttp(String scheme, String option, String version) throws Exception {
        ServerProcess server = scheme.equals("https") ? encrypted : plain;
        assertThat(curl(server, scheme, option)).isEqualTo("hello from /probe over " + version);
    }

    @ParameterizedTest
    @CsvSource({"--http1.1, 1.1", "--http2-prior-knowledge, 2"})
    void curlSpeaksTheProxyProtocol(String option, String version) throws Exception {
        assertThat(curl(proxied, "http", option, "--haproxy-protocol")).isEqualTo("hello from /probe over " + version);
    }

    @ParameterizedTest
    @CsvSource({"https, true", "http, false"})
    void h2loadLosesNoRequest(String scheme, boolean tls) throws Exception {
        String said = run(
                "h2load",
                "-n",
                "2000",
                "-c",
                "4",
                "-m",
                "32",
                scheme + "://127.0.0.1:" + (tls ? encrypted : plain).port() + "/probe");
        assertThat(said).contains("2000 succeeded, 0 failed, 0 errored, 0 timeout", "2000 2xx");
    }

    @ParameterizedTest
    @CsvSource({"-tls1_2, TLSv1.2, h2", "-tls1_3, TLSv1.3, h2", "-tls1_3, TLSv1.3, http/1.1"})
    void opensslAgreesOnVersionAndProtocol(String option, String version, String protocol) throws Exception {
        assertThat(client(option, "-alpn", protocol))
                .contains("Verify return code: 0 (ok)", version + ", Cipher is ", "ALPN protocol: " + protocol);
    }

    @ParameterizedTest
    @CsvSource({"-tls1", "-tls1_1"})
    void opensslIsRefusedWithAnOldVersion(String option) throws Exception {
        // At level 0 openssl itself would speak it.
        assertThat(client(option, "-cipher", "ALL:@SECLEVEL=0"))
                .contains("alert protocol version")
                .contains("Cipher is (NONE)");
    }

    @Test
    void opensslCantRenegotiateOrResumeEarlyData() throws Exception {
        assertThat(client("-tls1_2")).contains("Secure Renegotiation IS supported", "Compression: NONE");
        assertThat(client("-tls1_3")).doesNotContain("Max Early Data: 1");
    }

    private static String client(String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("s_client", "-connect", "127.0.0.1:" + encrypted.port()));
        arguments.addAll(List.of("-CAfile", certificate.toString()));
        arguments.addAll(List.of(options));
        return run("openssl", arguments.toArray(String[]::new));
    }
}

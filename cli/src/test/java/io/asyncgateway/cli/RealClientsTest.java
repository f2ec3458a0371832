package io.asyncgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        Program.certify(certificate, key);
        encrypted = encrypted();
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

    private static String curl(ServerProcess server, String scheme, String... options)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-s", "--max-time", "30", "-w", " over %{http_version}"));
        arguments.addAll(List.of("--cacert", certificate.toString()));
        arguments.addAll(List.of(options));
        arguments.add(scheme + "://127.0.0.1:" + server.port() + "/probe");
        return Program.run("curl", arguments.toArray(String[]::new));
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
        String said = Program.run(
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
    void opensslFindsNoCompressionAndNoInsecureRenegotiation() throws Exception {
        assertThat(client("-tls1_2")).contains("Secure Renegotiation IS supported", "Compression: NONE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void opensslCantRenegotiate(String provider) throws Exception {
        try (ServerProcess server = encrypted("--ssl-provider", provider)) {
            Process client = start(server, "-tls1_2");
            OutputStream in = client.getOutputStream();
            StringBuffer said = new StringBuffer();
            InputStream out = client.getInputStream();
            awaitText(out, said, "Verify return code");
            say(in, "R\n");
            awaitText(out, said, "RENEGOTIATING");
            say(in, "GET /probe HTTP/1.0\r\n\r\n");
            said.append(new String(out.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(said.toString()).contains(" alert ").doesNotContain("hello from");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "jdk"})
    void opensslCantSendEarlyData(String provider) throws Exception {
        Path session = folder.resolve(provider + ".session");
        Path request = Files.writeString(folder.resolve(provider + ".request"), "GET /probe HTTP/1.0\r\n\r\n");
        try (ServerProcess server = encrypted("--ssl-provider", provider)) {
            Process first = start(server, "-tls1_3", "-sess_out", session.toString());
            say(first.getOutputStream(), Files.readString(request));
            assertThat(new String(first.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("hello from", "Max Early Data: 0");
            Process again = start(server, "-tls1_3", "-sess_in", session.toString(), "-early_data", request.toString());
            say(again.getOutputStream(), Files.readString(request));
            assertThat(new String(again.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("Reused, TLSv1.3", "Early data was not sent")
                    .containsOnlyOnce("hello from");
        }
    }

    private static ServerProcess encrypted(String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of("--ssl-certfile", certificate.toString()));
        options.addAll(List.of("--ssl-keyfile", folder.resolve("server.key").toString()));
        options.addAll(List.of(more));
        return ServerProcess.serving(options.toArray(String[]::new));
    }

    /** Starts openssl's client, which goes on until the server closes. */
    private static Process start(ServerProcess server, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(Program.path("openssl"), "s_client"));
        command.addAll(List.of("-connect", "127.0.0.1:" + server.port(), "-CAfile", certificate.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void say(OutputStream in, String text) {
        try {
            in.write(text.getBytes(StandardCharsets.US_ASCII));
            in.flush();
        } catch (IOException ended) {
            // what it has said is still to be read
        }
    }

    private static void awaitText(InputStream out, StringBuffer said, String text) throws IOException {
        while (said.indexOf(text) < 0) {
            int octet = out.read();
            if (octet < 0) {
                throw new AssertionError("ended without \"" + text + "\": " + said);
            }
            said.append((char) octet);
        }
    }

    private static String client(String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("s_client", "-connect", "127.0.0.1:" + encrypted.port()));
        arguments.addAll(List.of("-CAfile", certificate.toString()));
        arguments.addAll(List.of(options));
        return Program.run("openssl", arguments.toArray(String[]::new));
    }
}

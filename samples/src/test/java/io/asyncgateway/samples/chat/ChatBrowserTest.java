package io.asyncgateway.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.samples.RunningSample;
import io.asyncgateway.server.ServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chat in headless Chromium, driven by the scripts in {@code src/test/browser}: here are the servers that they talk to. Where a tool is missing the
 * tests are skipped, except on a continuous integration server ({@code CI=true}), which must have them all.
 */
@Timeout(300)
class ChatBrowserTest {
    private static final Path SCRIPTS = Path.of("src", "test", "browser");
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final Pattern PORT = Pattern.compile("running on \\S*:(\\d+)");

    @Test
    void peopleChatInTheBrowser() throws IOException, InterruptedException {
        requireTools();
        try (RunningSample chat = new RunningSample(new Chat())) {
            run("chat.test.mjs", Map.of("CHAT_URL", chat.uri("http", "").toString()));
        }
    }

    @Test
    void thePageIsAccessible() throws IOException, InterruptedException {
        requireTools();
        try (RunningSample chat = new RunningSample(new Chat())) {
            run(
                    "accessibility.test.mjs",
                    Map.of("CHAT_URL", chat.uri("http", "").toString()));
        }
    }

    /** One is told of its Redis on the command line, the other in its environment. */
    @Test
    void twoProcessesAreOneChatOverRedis(@TempDir Path folder) throws IOException, InterruptedException {
        requireTools("redis-server");
        try (RedisProcess redis = new RedisProcess(folder);
                ChildProcess one =
                        ChildProcess.gateway("--port", "0", "--set", "redis=" + redis.uri(), Chat.class.getName());
                ChildProcess other = ChildProcess.gateway(
                        Map.of("ASYNC_GATEWAY_SET_REDIS", redis.uri()), "--port", "0", Chat.class.getName())) {
            run(
                    "nodes.test.mjs",
                    Map.of(
                            "CHAT_URL", url(one),
                            "CHAT_OTHER_URL", url(other),
                            "CHAT_PID", String.valueOf(one.pid())));
        }
    }

    @Test
    void peopleWaitForARedisThatIsAway(@TempDir Path folder) throws IOException, InterruptedException {
        requireTools("redis-server");
        try (RedisProcess redis = new RedisProcess(folder);
                RunningSample chat =
                        new RunningSample(new Chat(), ServerConfig.defaults().withSettings(redis.settings()))) {
            run(
                    "outage.test.mjs",
                    Map.of(
                            "CHAT_URL", chat.uri("http", "").toString(),
                            "REDIS_PID", String.valueOf(redis.pid()),
                            "REDIS_PORT", String.valueOf(redis.port()),
                            "REDIS_FOLDER", folder.toString()));
        }
    }

    @Test
    void theBrowserChoosesItsProtocol(@TempDir Path folder) throws Exception {
        requireTools("openssl");
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        certify(certificate, key);
        int port = RedisProcess.freePort();
        try (ChildProcess gateway = ChildProcess.gateway(
                "--port",
                String.valueOf(port),
                "--ssl-certfile",
                certificate.toString(),
                "--ssl-keyfile",
                key.toString(),
                "--http3",
                Chat.class.getName())) {
            gateway.awaitOutput(PORT);
            run(
                    "protocols.test.mjs",
                    Map.of("CHAT_URL", "https://127.0.0.1:" + port, "CHAT_KEY_HASH", keyHash(certificate)));
        }
    }

    private static void certify(Path certificate, Path key) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days", "1"));
        command.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"));
        command.addAll(List.of("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"));
        command.addAll(List.of("-out", certificate.toString(), "-keyout", key.toString()));
        try (ChildProcess openssl = ChildProcess.start(Path.of("."), Map.of(), command)) {
            assertThat(openssl.awaitExit(PATIENCE)).as(openssl.output()).isZero();
        }
    }

    /** By which Chromium knows a key that it shall trust. */
    private static String keyHash(Path certificate) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(certificate)) {
            byte[] key = CertificateFactory.getInstance("X.509")
                    .generateCertificate(pem)
                    .getPublicKey()
                    .getEncoded();
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        }
    }

    private static String url(ChildProcess node) {
        return "http://127.0.0.1:" + node.awaitOutput(PORT);
    }

    private static void run(String script, Map<String, String> environment) throws IOException, InterruptedException {
        List<String> command = List.of("node", "--test", "--test-reporter=spec", script);
        try (ChildProcess node = ChildProcess.start(SCRIPTS, environment, command)) {
            int exitCode = node.awaitExit(PATIENCE);
            System.out.println(node.output());
            assertThat(exitCode)
                    .as("exit code of %s; its output:%n%s", script, node.output())
                    .isZero();
        }
    }

    private static void requireTools(String... more) {
        List<String> missing = Files.isDirectory(SCRIPTS.resolve("node_modules"))
                ? List.of()
                : List.of("node_modules ('npm ci' in samples/" + SCRIPTS + ")");
        List<String> tools = new ArrayList<>(List.of("node", "chromium"));
        tools.addAll(List.of(more));
        Tools.require(missing, tools.toArray(String[]::new));
    }
}

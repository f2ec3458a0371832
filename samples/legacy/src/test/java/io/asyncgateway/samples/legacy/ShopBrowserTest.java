package io.asyncgateway.samples.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The site in headless Chromium, driven by a script beside those of the chat, whose driver it shares. */
@Timeout(300)
class ShopBrowserTest {
    private static final Path SCRIPTS = Path.of("..", "src", "test", "browser");

    @Test
    void theShopWorksInTheBrowser() throws IOException, InterruptedException {
        MissingTools.skipUnless(isInstalled("node"), "node");
        MissingTools.skipUnless(isInstalled("chromium"), "chromium");
        MissingTools.skipUnless(
                Files.isDirectory(SCRIPTS.resolve("node_modules")),
                "node_modules ('npm ci' in samples/src/test/browser)");
        Map<String, String> database = Map.of("shop.database.url", "jdbc:h2:mem:browser");
        try (RunningShop shop = new RunningShop(database)) {
            run(Map.of(
                    "SHOP_URL", shop.uri("http", "").toString(),
                    "SHOP_STAFF", RunningShop.STAFF,
                    "SHOP_STAFF_PASSWORD", RunningShop.STAFF_PASSWORD));
        }
    }

    private static void run(Map<String, String> environment) throws IOException, InterruptedException {
        Path output = Files.createTempFile("shop-browser-", ".out");
        ProcessBuilder builder = new ProcessBuilder(List.of("node", "--test", "--test-reporter=spec", "shop.test.mjs"))
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process node = builder.start();
        try {
            boolean ended = node.waitFor(240, TimeUnit.SECONDS);
            String said = Files.readString(output);
            System.out.println(said);
            assertThat(ended).as("ended in time; its output:%n%s", said).isTrue();
            assertThat(node.exitValue()).as("exit code; its output:%n%s", said).isZero();
        } finally {
            node.descendants().forEach(ProcessHandle::destroyForcibly);
            node.destroyForcibly();
            Files.delete(output);
        }
    }

    private static boolean isInstalled(String tool) {
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }
}

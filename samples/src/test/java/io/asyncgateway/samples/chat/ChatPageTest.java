package io.asyncgateway.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.testing.HttpDriver;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatPageTest {
    /** What a file needs of others. */
    private static final Pattern REFERENCE =
            Pattern.compile("(?:src|href|from|url)[= (]+['\"](?:\\./)?([a-z-]+\\.[a-z]+)['\"]");

    private final ChatService chat = new ChatService();

    @AfterEach
    void stop() {
        chat.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/base.css, text/css; charset=utf-8",
        "/main.js, text/javascript; charset=utf-8",
        "/icon.svg, image/svg+xml",
    })
    void filesHaveTheirTypesAndMayLoadNothingFromElsewhere(String target, String type) {
        HttpDriver.Response response = chat.get(target);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().first("content-type")).isEqualTo(type);
        assertThat(response.headers().first("x-content-type-options")).isEqualTo("nosniff");
        assertThat(response.headers().first("content-security-policy"))
                .startsWith("default-src 'none'; script-src 'self';")
                .doesNotContain("unsafe");
    }

    @Test
    void everyFileThatThePageNeedsIsThere() {
        TreeSet<String> open = new TreeSet<>(List.of(""));
        TreeSet<String> seen = new TreeSet<>();
        while (!open.isEmpty()) {
            String name = open.pollFirst();
            HttpDriver.Response response = chat.get("/" + name);
            assertThat(response.status()).as(name).isEqualTo(200);
            seen.add(name);
            REFERENCE
                    .matcher(response.text())
                    .results()
                    .map(match -> match.group(1))
                    .filter(other -> !seen.contains(other))
                    .forEach(open::add);
        }
        assertThat(seen).contains("base.css", "icon.svg", "main.js", "connection.js", "dom.js");
    }

    @Test
    void aFileThatTheBrowserHasIsNotSentAgain() {
        String tag = chat.get("/main.js").headers().first("etag");
        for (String condition : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            try (HttpDriver driver =
                    chat.request(HttpScope.builder().target("/main.js").header("if-none-match", condition))) {
                HttpDriver.Response response = driver.expectResponse();
                assertThat(response.status()).as(condition).isEqualTo(304);
                assertThat(response.headers().first("etag")).isEqualTo(tag);
            }
        }
        try (HttpDriver driver =
                chat.request(HttpScope.builder().target("/main.js").header("if-none-match", "\"other\""))) {
            assertThat(driver.expectResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String target : List.of("/nowhere", "/chat.html", "/../chat/main.js", "/Chat.class")) {
            assertThat(chat.get(target).status()).as(target).isEqualTo(404);
        }
    }

    @Test
    void otherMethodsAreToldWhichThereAre() {
        try (HttpDriver driver = chat.request(HttpScope.builder().target("/").method("POST"))) {
            HttpDriver.Response response = driver.expectResponse();
            assertThat(response.status()).isEqualTo(405);
            assertThat(response.headers().first("allow")).isEqualTo("GET, HEAD");
        }
    }
}

package io.asyncgateway.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.asyncgateway.samples.RunningSample;
import io.asyncgateway.server.ServerConfig;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chat on a real server whose real Redis goes and comes back. */
class ChatOutageTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @BeforeAll
    static void requireRedis() {
        Tools.require("redis-server");
    }

    private static String ready(RunningSample chat) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = chat.get("/ready");
        return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8).strip();
    }

    private static void awaitReady(RunningSample chat, String answer) {
        await().atMost(SOON).until(() -> ready(chat), answer::equals);
    }

    private static RunningSample over(RedisProcess redis) {
        return new RunningSample(new Chat(), ServerConfig.defaults().withSettings(redis.settings()));
    }

    @Test
    void itIsReadyWheneverRedisIsThere() throws IOException, InterruptedException {
        try (RedisProcess redis = new RedisProcess(folder);
                RunningSample chat = over(redis)) {
            assertThat(ready(chat)).isEqualTo("200 ready");
            for (int i = 0; i < 2; i++) {
                redis.kill();
                awaitReady(chat, "503 the channel layer is down");
                redis.restart();
                awaitReady(chat, "200 ready");
            }
        }
    }

    @Test
    void peopleStayWhileRedisIsAwayAndTheirMessagesWait() throws IOException {
        try (RedisProcess redis = new RedisProcess(folder);
                RunningSample chat = over(redis);
                RealClient ada = RealClient.join(chat, "Ada", "lobby");
                RealClient grace = RealClient.join(chat, "Grace", "lobby")) {
            ada.say("lobby", "before", "a1");
            assertThat(grace.await("message").path("text").asText()).isEqualTo("before");
            ada.await("ack");

            redis.kill();
            awaitReady(chat, "503 the channel layer is down");
            ada.say("lobby", "meanwhile", "a2");
            JsonNode refused = ada.await("error");
            assertThat(refused.path("kind").asText()).isEqualTo("unavailable");
            assertThat(refused.path("clientId").asText()).isEqualTo("a2");
            assertThat(refused.path("text").asText()).isEqualTo("The chat is out of order for a moment.");
            ada.send("{'type':'ping'}");
            ada.await("pong");

            redis.restart();
            awaitReady(chat, "200 ready");
            ada.say("lobby", "meanwhile", "a2");
            assertThat(ada.await("ack").path("clientId").asText()).isEqualTo("a2");
            assertThat(grace.await("message").path("text").asText()).isEqualTo("meanwhile");
        }
    }

    @Test
    void whoComesWhileRedisIsAwayGetsInWhenItIsBack() throws IOException {
        try (RedisProcess redis = new RedisProcess(folder);
                RunningSample chat = over(redis);
                RealClient ada = RealClient.join(chat, "Ada", "lobby")) {
            ada.say("lobby", "before", "a1");
            ada.await("ack");
            redis.kill();
            awaitReady(chat, "503 the channel layer is down");
            try (RealClient grace = RealClient.hello(chat, "Grace")) {
                grace.send("{'type':'join','room':'lobby'}");
                JsonNode refused = grace.await("error");
                assertThat(refused.path("kind").asText()).isEqualTo("unavailable");
                assertThat(refused.path("room").asText()).isEqualTo("lobby");

                redis.restart();
                awaitReady(chat, "200 ready");
                grace.send("{'type':'join','room':'lobby'}");
                assertThat(grace.await("message").path("text").asText()).isEqualTo("before");
                assertThat(grace.await("members").path("members").findValuesAsText("name"))
                        .containsExactlyInAnyOrder("Ada", "Grace");
            }
        }
    }

    @Test
    void aRedisThatIsNotThereStopsTheStartAndIsNamed() throws IOException, InterruptedException {
        String uri = "redis://127.0.0.1:" + RedisProcess.freePort();
        try (ChildProcess chat = ChildProcess.gateway("--port", "0", "--set", "redis=" + uri, Chat.class.getName())) {
            assertThat(chat.awaitExit(PATIENCE)).isNotZero();
            assertThat(chat.output()).contains(uri.substring("redis://".length()));
        }
    }
}

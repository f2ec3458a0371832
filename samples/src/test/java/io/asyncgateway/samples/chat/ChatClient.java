package io.asyncgateway.samples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.testing.WebSocketDriver;
import java.time.Duration;
import java.util.List;

/** One connection to the chat in memory, in virtual time, that speaks its protocol by hand. */
final class ChatClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final WebSocketDriver driver;

    ChatClient(WebSocketDriver driver) {
        this.driver = driver;
        driver.expect(WebSocketEvent.Accept.class);
    }

    /** Sends a message, written with single quotes. */
    void send(String message) {
        driver.text(message.replace('\'', '"'));
        driver.advanceTime(MOMENT);
    }

    /** Says hello under this name, with a key made of it. */
    JsonNode hello(String name) {
        send("{'type':'hello','name':'" + name + "','key':'key-of-" + name + "-0123456789012345'}");
        return expect("welcome");
    }

    void join(String room) {
        send("{'type':'join','room':'" + room + "'}");
    }

    /** Joins a room in which nothing was said. */
    ChatClient in(String room) {
        join(room);
        expect("joined");
        expect("members");
        return this;
    }

    void say(String room, String text, String clientId) {
        send("{'type':'say','room':'" + room + "','text':'" + text + "','clientId':'" + clientId + "'}");
    }

    /** The next message, which must be of this type. */
    JsonNode expect(String type) {
        JsonNode message = next();
        if (!message.path("type").asText().equals(type)) {
            throw new AssertionError("expected: " + type + ", but the chat sent " + message);
        }
        return message;
    }

    /** The next message of this type, whatever comes before it. */
    JsonNode await(String type) {
        return awaitAny(type);
    }

    /** The same for several types. */
    JsonNode awaitAny(String... types) {
        for (; ; ) {
            JsonNode message = next();
            if (List.of(types).contains(message.path("type").asText())) {
                return message;
            }
        }
    }

    private JsonNode next() {
        try {
            return JSON.readTree(UTF_8.decode(
                            driver.expect(WebSocketEvent.Send.class).message().payload())
                    .toString());
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON", e);
        }
    }

    void expectNothing() {
        driver.advanceTime(MOMENT);
        driver.expectNothing();
    }

    void pass(Duration time) {
        driver.advanceTime(time);
    }

    /** The connection breaks without a word. */
    void lose() {
        driver.disconnect(1006, "");
        driver.advanceTime(MOMENT);
    }

    WebSocketEvent.Close expectClose() {
        return driver.expect(WebSocketEvent.Close.class);
    }

    @Override
    public void close() {
        driver.close();
    }
}
